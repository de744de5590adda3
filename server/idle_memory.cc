#include "server/idle_memory.h"

#include <algorithm>

namespace reprise {

bool IdleMemory::IsWorthReturning(uint64_t resident_bytes, uint64_t used_bytes, uint64_t requests, int64_t now_ns) {
  const uint64_t new_requests = requests >= requests_before_ ? requests - requests_before_ : requests;
  requests_before_ = requests;
  if (resident_bytes < kWorthBytes || resident_bytes / 2 <= used_bytes) {
    delay_ns_ = kDelayNs;
    next_ns_ = now_ns;
    return false;
  }
  if (new_requests > kQuietRequestsMax || now_ns < next_ns_) {
    return false;
  }
  next_ns_ = now_ns + delay_ns_;
  delay_ns_ = std::min(delay_ns_ * 2, kDelayMaxNs);
  return true;
}

}  // namespace reprise
