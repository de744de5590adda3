#include "proptests/reprise_sim/interrupt.h"

#include <signal.h>

namespace reprise {

struct Interrupt::Signals {
  sigset_t waited_for;
  sigset_t before;
};

Interrupt::Interrupt() : signals_(std::make_unique<Signals>()) {
  sigemptyset(&signals_->waited_for);
  sigaddset(&signals_->waited_for, SIGINT);
  sigaddset(&signals_->waited_for, SIGTERM);
  (void)sigprocmask(SIG_BLOCK, &signals_->waited_for, &signals_->before);
}

Interrupt::~Interrupt() { (void)sigprocmask(SIG_SETMASK, &signals_->before, nullptr); }

bool Interrupt::Take() {
  sigset_t pending;
  int signal = 0;
  if (sigpending(&pending) != 0 || (sigismember(&pending, SIGINT) != 1 && sigismember(&pending, SIGTERM) != 1) ||
      sigwait(&signals_->waited_for, &signal) != 0) {
    return false;
  }
  taken_ = true;
  return true;
}

}  // namespace reprise
