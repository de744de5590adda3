#include "server/early_requests.h"

#include <algorithm>
#include <span>

#include "loop/check.h"

namespace reprise {

EarlyRequests::Ticket EarlyRequests::Keep(const RequestBatch& batch, std::string_view input) {
  CHECK(batch.size() <= 1);
  if (batch.size() == 0 || input.size() > kInputBytesMax || batch.arguments().owns_bytes()) {
    return 0;
  }
  const std::span<const std::string_view> arguments = batch.arguments().all();
  if (arguments.empty() || arguments.size() > kArgumentsMax) {
    return 0;
  }
  Kept& kept = kept_[next_];
  kept.request = batch[0];
  std::copy(arguments.begin(), arguments.end(), kept.arguments.begin());
  kept.input = input.data();
  next_ = (next_ + 1) % kKeptMax;
  return static_cast<Ticket>(&kept - kept_.data() + 1);
}

void EarlyRequests::Restore(Ticket ticket, std::string_view input, RequestBatch* batch) {
  CHECK(ticket > 0 && ticket <= kKeptMax);
  const Kept& kept = kept_[ticket - 1];
  CHECK(kept.input == input.data());
  batch->Assign(kept.request, std::span(kept.arguments).first(kept.request.argument_count));
  if (ticket % kKeptMax == next_) {
    // It was the last that waited. The front of the array is still in the cache.
    next_ = 0;
  }
}

}  // namespace reprise
