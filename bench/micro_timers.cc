// Timers: arming again and firing, with many armed.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "bench/key_chooser.h"
#include "loop/timer_queue.h"

namespace reprise {
namespace {

constexpr uint64_t kSpanNs = 1'000'000'000;

class Armed {
 public:
  explicit Armed(size_t count) : chooser_(KeyOrder::kUniform, kSpanNs, 0.99, 1) {
    for (size_t i = 0; i < count; ++i) {
      timers_.push_back(std::make_unique<Timer>([this] { ++fired_; }));
      Arm(*timers_[i]);
    }
  }
  void Arm(Timer& timer) { queue_.Arm(timer, now_ns_ + static_cast<int64_t>(chooser_.Next())); }
  Timer& Any() { return *timers_[chooser_.Below(timers_.size())]; }
  // Fires the earliest and arms another one.
  void FireNext() {
    now_ns_ = queue_.NextDeadline();
    benchmark::DoNotOptimize(queue_.Fire(now_ns_));
    Arm(Any());
  }
  bool empty() const { return queue_.size() == 0; }

 private:
  KeyChooser chooser_;
  TimerQueue queue_;
  std::vector<std::unique_ptr<Timer>> timers_;
  int64_t now_ns_ = 0;
  uint64_t fired_ = 0;
};

void MoveTimer(benchmark::State& state) {
  Armed armed(static_cast<size_t>(state.range(0)));
  for (auto _ : state) {
    armed.Arm(armed.Any());
  }
}
BENCHMARK(MoveTimer)->Arg(10)->Arg(10'000);

void FireTimer(benchmark::State& state) {
  Armed armed(static_cast<size_t>(state.range(0)));
  for (auto _ : state) {
    if (armed.empty()) {
      armed.Arm(armed.Any());
    }
    armed.FireNext();
  }
}
BENCHMARK(FireTimer)->Arg(10)->Arg(10'000);

}  // namespace
}  // namespace reprise
