// Stage: where a history is played: the kernel, or a simulated world.
#ifndef REPRISE_PROPTESTS_KERNEL_TRUTH_STAGE_H_
#define REPRISE_PROPTESTS_KERNEL_TRUTH_STAGE_H_

#include <cstdint>
#include <optional>

#include "loop/network.h"
#include "loop/poller.h"

namespace reprise::kernel_truth {

class Stage {
 public:
  virtual ~Stage() = default;

  virtual Network& network() = 0;
  virtual Poller& poller() = 0;
  // Where the listeners of this history are, with port 0 for the first of each.
  virtual Address ListenerAddress() = 0;

  // Called before the operation with this index. Time may pass.
  virtual void BeginOperation(uint64_t index) = 0;
  // An operation looks, once more, whether something has become ready: until when the poller's Wait is to last.
  // Nothing: it has waited for long enough. `round` counts from 0.
  virtual std::optional<int64_t> AwaitUntil(uint64_t round) = 0;
  // Whether an operation that fills the buffers, or empties them, is to try again after everything under way has
  // arrived. `round` counts the tries so far, from 1.
  virtual bool GoesOn(uint64_t round) = 0;
  // Bytes that no buffers here hold: who takes more is never full.
  virtual uint64_t NeverFullBytes() const = 0;
};

}  // namespace reprise::kernel_truth

#endif  // REPRISE_PROPTESTS_KERNEL_TRUTH_STAGE_H_
