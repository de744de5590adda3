// FunctionSource: answers given by a function, such as a property's generator or a test.
#ifndef REPRISE_SIM_FUNCTION_SOURCE_H_
#define REPRISE_SIM_FUNCTION_SOURCE_H_

#include <functional>
#include <utility>

#include "sim/choice_source.h"

namespace reprise {

class FunctionSource : public ChoiceSource {
 public:
  using Function = std::function<uint64_t(const ChoiceRequest&)>;

  explicit FunctionSource(Function function) : function_(std::move(function)) {}

  uint64_t Answer(const ChoiceRequest& request) override { return function_(request); }

 private:
  Function function_;
};

}  // namespace reprise

#endif  // REPRISE_SIM_FUNCTION_SOURCE_H_
