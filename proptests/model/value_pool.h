// ValuePool: gives equal values one piece of memory, so that copies of a model that were each told to keep the same
// large value can be compared without looking at its bytes, and hold it once.
#ifndef REPRISE_PROPTESTS_MODEL_VALUE_POOL_H_
#define REPRISE_PROPTESTS_MODEL_VALUE_POOL_H_

#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "proptests/model/shared.h"

namespace reprise {

// Copies are the same pool.
class ValuePool {
 public:
  // A value of these bytes: if it is large and one of the last few that were asked for, the very same.
  Shared<std::string> Keep(std::string_view bytes) {
    if (bytes.size() < kLargeBytes) {
      return std::string(bytes);
    }
    for (const Shared<std::string>& value : last_->values) {
      if (*value == bytes) {
        return value;
      }
    }
    return last_->values[last_->next++ % kKept] = std::string(bytes);
  }

  // Where values lie makes no difference to who holds them.
  friend bool operator==(const ValuePool&, const ValuePool&) { return true; }

 private:
  static constexpr size_t kLargeBytes = 256;
  static constexpr size_t kKept = 4;
  struct Last {
    std::array<Shared<std::string>, kKept> values;
    size_t next = 0;
  };

  std::shared_ptr<Last> last_ = std::make_shared<Last>();
};

}  // namespace reprise

#endif  // REPRISE_PROPTESTS_MODEL_VALUE_POOL_H_
