// Isolation: a child process that plays what it is asked to, one after the other, so that a run which crashes or never
// ends costs that child and nothing else.
//
// Asking costs a few microseconds more than a call; only after a bad end is a new child made.
#ifndef REPRISE_PROPTESTS_REPRISE_SIM_ISOLATION_H_
#define REPRISE_PROPTESTS_REPRISE_SIM_ISOLATION_H_

#include <cstdint>
#include <cstdio>
#include <functional>
#include <string>
#include <string_view>

namespace reprise {

// What the child printed to standard error, in a file without a name.
class ErrorOutput {
 public:
  ErrorOutput();
  ~ErrorOutput();
  ErrorOutput(const ErrorOutput&) = delete;
  ErrorOutput& operator=(const ErrorOutput&) = delete;

  // In the child: standard error goes here from now on.
  void Redirect() const;
  // In the parent: what has come; and forgets it.
  std::string Take() const;

 private:
  std::FILE* file_;
};

// In a child of the process `parent`: it ends when its parent does, however that comes about, where the system can see
// to it (Linux); at once when the parent has gone already.
void EndWithParent(int64_t parent);

// The line of an error output that says what has happened: a failed CHECK, a sanitizer's summary; empty: none does.
std::string TellingLine(std::string_view errors);

class Isolation {
 public:
  struct Answer {
    enum class How : uint8_t { kReported, kCrashed, kTimedOut, kStopped } how = How::kReported;
    std::string report;   // what `play` answered
    std::string details;  // how the child came to its end, in words
    std::string errors;   // what it printed to standard error
    uint64_t mark = 0;    // the number that it has left behind last
  };
  // What `play` can do for the case that it does not return.
  class Child {
   public:
    Child(int descriptor, volatile uint64_t& mark) : descriptor_(descriptor), mark_(mark) {}
    // Leaves a number behind, which survives the child.
    void Mark(uint64_t number) const { mark_ = number; }
    // The run may take so much of the processor's time; then it counts as timed out. Unlike the time that whoever asks
    // is ready to wait, this does not depend on what else the machine does.
    void LimitCpu(int64_t milliseconds) const;
    // Answers from wherever it is, and ends the child. Whoever has asked calls Finish before asking again.
    [[noreturn]] void AnswerAndEnd(std::string_view report) const;

   private:
    int descriptor_;
    volatile uint64_t& mark_;
  };
  // Plays in the child.
  using Play = std::function<std::string(std::string_view request, const Child& child)>;

  // Called some ten times a second while the child plays, with the number that it has left behind last. False: it is to
  // be ended, and the answer is kStopped.
  using Watch = std::function<bool(uint64_t mark)>;

  explicit Isolation(Play play, Watch watch = {});
  ~Isolation();
  Isolation(const Isolation&) = delete;
  Isolation& operator=(const Isolation&) = delete;

  // REQUIRES: seconds_max > 0. When no process can be had the answer is kCrashed and says so.
  Answer Ask(std::string_view request, int64_t seconds_max);
  // Lets the child end in order, which is when a sanitizer looks for leaks. kReported: nothing was wrong.
  Answer Finish(int64_t seconds_max);

 private:
  bool Start();
  [[noreturn]] void Serve(int descriptor);
  // Waits for the child, which is about to end or is made to; fills in how it was.
  void Bury(bool made_to, int64_t seconds_max, Answer& answer);

  Play play_;
  Watch watch_;
  ErrorOutput errors_;
  volatile uint64_t* mark_;
  int64_t child_ = -1;  // process id
  int descriptor_ = -1;
};

}  // namespace reprise

#endif  // REPRISE_PROPTESTS_REPRISE_SIM_ISOLATION_H_
