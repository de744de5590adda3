// ChoiceSource: who answers the choices of a simulated run.
//
// A source sees the name of a choice and what may be answered, and nothing else: not the order in which choices come,
// nor the state of the world. 0 is always allowed and always harmless. Five sources exist: seeded_source.h (a hash of
// seed and name), tape_source.h (a list of overrides), bytes_source.h (a fuzzer's input), function_source.h (a
// property's generator) and enumerator.h (all schedules within a bound).
#ifndef REPRISE_SIM_CHOICE_SOURCE_H_
#define REPRISE_SIM_CHOICE_SOURCE_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "loop/status.h"
#include "sim/actor.h"
#include "sim/fault_sites.h"

namespace reprise {

// Names one choice of a run. `key` is the how-manieth time (from 0) the actor asks at this site, or, where `keyed`, a
// number given by the asker, such as a stream offset. Taking one choice away does not rename the others.
struct ChoiceName {
  ActorName actor;
  Site site = Site::kScriptOther;
  bool keyed = false;
  uint64_t key = 0;

  uint64_t Hash() const { return HashOf(actor.Hash(), site, keyed, key); }
  static uint64_t HashOf(uint64_t actor_hash, Site site, bool keyed, uint64_t key);

  // "client.2/read.short/17", and with a key of the asker's "conn.2.3/segment.cut/@128"
  std::string ToString() const;
  // Errors: kInvalidArgument.
  static Result<ChoiceName> Parse(std::string_view text);

  friend auto operator<=>(const ChoiceName&, const ChoiceName&) = default;
};

// A choice and its answer.
struct ChoiceMade {
  ChoiceName name;
  uint64_t value = 0;

  friend auto operator<=>(const ChoiceMade&, const ChoiceMade&) = default;
};

struct ChoiceRequest {
  enum class Shape : uint8_t {
    kFault,     // 0, or with the chance `rate` out of kRateOne one of 1..bound-1
    kUniform,   // one of 0..bound-1
    kWeighted,  // an index into `weights`, each as likely as its weight
  };

  const ChoiceName& name;
  uint64_t name_hash = 0;
  Shape shape = Shape::kFault;
  uint32_t rate = 0;
  uint64_t bound = 1;  // the answer is below it; at least 2
  std::span<const uint32_t> weights;
};

class ChoiceSource {
 public:
  virtual ~ChoiceSource() = default;

  // The answer to one choice. An answer of `bound` or above counts as bound - 1, and a weight of 0 is never chosen:
  // Choices sees to both, so that a tape stays playable when the program has changed a little.
  virtual uint64_t Answer(const ChoiceRequest& request) = 0;
  // Whether a fault with the rate 0 is always answered 0, so that there is no need to ask.
  virtual bool KeepsToRates() const { return false; }
};

}  // namespace reprise

#endif  // REPRISE_SIM_CHOICE_SOURCE_H_
