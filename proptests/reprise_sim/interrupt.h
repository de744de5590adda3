// Interrupt: the user's wish to stop (SIGINT, SIGTERM), as something that a command looks for in its own time, so that
// it can end its children, say what it has found so far, and leave no file half-written.
//
// While one of these exists the signals wait to be looked for, in child processes as well, which are for their parent
// to end. A second one counts anew.
#ifndef REPRISE_PROPTESTS_REPRISE_SIM_INTERRUPT_H_
#define REPRISE_PROPTESTS_REPRISE_SIM_INTERRUPT_H_

#include <memory>

namespace reprise {

class Interrupt {
 public:
  Interrupt();
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  // Whether one has come since this was last asked.
  bool Take();
  // Whether one was ever taken.
  bool taken() const { return taken_; }

 private:
  struct Signals;
  std::unique_ptr<Signals> signals_;
  bool taken_ = false;
};

}  // namespace reprise

#endif  // REPRISE_PROPTESTS_REPRISE_SIM_INTERRUPT_H_
