// Progress: the line on standard error that says how far a command has come. On a terminal it is written over and over;
// in a log, where a line stays, a new one comes every ten seconds.
#ifndef REPRISE_PROPTESTS_REPRISE_SIM_PROGRESS_H_
#define REPRISE_PROPTESTS_REPRISE_SIM_PROGRESS_H_

#include <chrono>
#include <string_view>

namespace reprise {

class Progress {
 public:
  // Nothing is ever shown when it is not wanted.
  explicit Progress(bool wanted);

  // Whether it is time for a line.
  bool due() const { return wanted_ && std::chrono::steady_clock::now() - shown_ >= pause_; }
  void Show(std::string_view line);
  // Before something else is printed.
  void Clear();

 private:
  const bool wanted_;
  const bool terminal_;
  const std::chrono::milliseconds pause_;
  std::chrono::steady_clock::time_point shown_ = std::chrono::steady_clock::now();
  bool on_screen_ = false;
};

}  // namespace reprise

#endif  // REPRISE_PROPTESTS_REPRISE_SIM_PROGRESS_H_
