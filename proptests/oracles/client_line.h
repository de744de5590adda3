// ClientLine: one line of CLIENT LIST or CLIENT INFO, taken apart.
#ifndef REPRISE_PROPTESTS_ORACLES_CLIENT_LINE_H_
#define REPRISE_PROPTESTS_ORACLES_CLIENT_LINE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace reprise {

class ClientLine {
 public:
  // The fields of redis-server 7.0.15, in its order.
  enum class Field : uint8_t {
    kId,
    kAddress,
    kLocalAddress,
    kHandle,
    kName,
    kAge,
    kIdle,
    kFlags,
    kDb,
    kSub,
    kPsub,
    kSsub,
    kMulti,
    kQueryBytes,
    kQueryFree,
    kArgvBytes,
    kMultiBytes,
    kReplyBuffer,
    kReplyPeak,
    kOutputBytes,
    kOutputPieces,
    kOutputMemory,
    kTotalMemory,
    kEvents,
    kCommand,
    kUser,
    kRedirect,
    kResp,
  };
  static constexpr size_t kFieldCount = 28;

  // Takes `line` apart, which has to live as long as this. Answers what is wrong with its form; empty: nothing.
  std::string Parse(std::string_view line);

  std::string_view Text(Field field) const { return values_[static_cast<size_t>(field)]; }
  // -1 for what is no number, beside those fields that are -1.
  int64_t Number(Field field) const;
  static std::string_view NameOf(Field field);

 private:
  std::array<std::string_view, kFieldCount> values_;
};

// The lines of a text, each without its end. A last line without one is left out, and `whole` becomes false.
std::vector<std::string_view> LinesOf(std::string_view text, bool* whole);

}  // namespace reprise

#endif  // REPRISE_PROPTESTS_ORACLES_CLIENT_LINE_H_
