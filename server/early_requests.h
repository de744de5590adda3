// EarlyRequests: the first requests of inputs that wait to be handed out, as the look ahead has parsed them.
//
// Looking ahead brings a key's memory near while other connections are read from (ConnectionHandler::LookAhead). What
// it parsed need not be parsed again: Keep puts a request aside, and Restore brings it back when its session is given
// the same bytes. Only what no other session can change the reading of meanwhile is kept: a short request, of a few
// arguments that are plain views of the input, is within every limit that can be configured or that holds before a
// login. All the rest is parsed again.
#ifndef REPRISE_SERVER_EARLY_REQUESTS_H_
#define REPRISE_SERVER_EARLY_REQUESTS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>

#include "loop/connection.h"
#include "server/request_batch.h"
#include "server/resp/parser.h"

namespace reprise {

class EarlyRequests {
 public:
  // Names a request that was kept; 0 names none.
  using Ticket = uint8_t;

  static constexpr size_t kInputBytesMax = 512;
  static constexpr size_t kArgumentsMax = 5;

  // Keeps the one request of `batch`, which was parsed from the front of `input`; answers 0 if it is none to be kept.
  // A ticket holds until ConnectionContext::kArrivalsMax more requests were kept, so for as long as an input waits.
  // REQUIRES: batch.size() <= 1.
  Ticket Keep(const RequestBatch& batch, std::string_view input);

  // Makes `batch` what it was when Keep answered `ticket`. REQUIRES: `ticket` holds, is not 0, and was answered for
  // this very `input`.
  void Restore(Ticket ticket, std::string_view input, RequestBatch* batch);

 private:
  static_assert(kInputBytesMax <= ParseLimits::kMaxBulkBytesUnauthenticated);
  static_assert(kArgumentsMax <= ParseLimits::kMaxArgumentsUnauthenticated);

  struct Kept {
    RequestBatch::Request request;
    std::array<std::string_view, kArgumentsMax> arguments;
    const char* input;
  };
  static constexpr size_t kKeptMax = ConnectionContext::kArrivalsMax;
  static_assert(kKeptMax <= std::numeric_limits<Ticket>::max());

  std::array<Kept, kKeptMax> kept_;
  size_t next_ = 0;  // where the next one is put
};

}  // namespace reprise

#endif  // REPRISE_SERVER_EARLY_REQUESTS_H_
