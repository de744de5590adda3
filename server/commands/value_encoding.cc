#include "server/commands/value_encoding.h"

#include <limits>
#include <optional>

#include "server/resp/number.h"

namespace reprise {
namespace {

constexpr size_t kEmbeddedBytesMax = 44;
constexpr int64_t kSharedIntegers = 10000;

std::optional<int64_t> AsInteger(Ref ref) {
  const bool is_text = ref.mark() == StringMark::kEdited || ref.mark() == StringMark::kFormatted;
  return is_text ? std::nullopt : ParseInt64(ref.value());
}

template <typename Integer>
bool Fits(int64_t value) {
  return value >= std::numeric_limits<Integer>::min() && value <= std::numeric_limits<Integer>::max();
}

}  // namespace

std::string_view EncodingName(Ref ref) {
  if (AsInteger(ref)) {
    return "int";
  }
  return ref.mark() == StringMark::kEdited || ref.value().size() > kEmbeddedBytesMax ? "raw" : "embstr";
}

int64_t ReferenceCount(Ref ref) {
  const auto number = AsInteger(ref);
  const bool shared = number && *number >= 0 && *number < kSharedIntegers && ref.mark() != StringMark::kCopied;
  return shared ? std::numeric_limits<int32_t>::max() : 1;
}

// A number of up to 32 bits, however it is kept, has one byte that tells its size and then that size; other values have
// their length in 1, 2 or 5 bytes before them.
size_t SerializedLength(Ref ref) {
  const std::string_view value = ref.value();
  if (const auto number = ParseInt64(value); number && Fits<int32_t>(*number)) {
    return Fits<int8_t>(*number) ? 2 : Fits<int16_t>(*number) ? 3 : 5;
  }
  return value.size() + (value.size() < 64 ? 1 : value.size() < 16384 ? 2 : 5);
}

}  // namespace reprise
