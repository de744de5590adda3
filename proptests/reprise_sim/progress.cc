#include "proptests/reprise_sim/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

namespace reprise {

Progress::Progress(bool wanted)
    : wanted_(wanted), terminal_(isatty(STDERR_FILENO) == 1), pause_(terminal_ ? 400 : 10'000) {}

void Progress::Show(std::string_view line) {
  shown_ = std::chrono::steady_clock::now();
  fmt::print(stderr, "{}{}{}", terminal_ ? "\r" : "", line, terminal_ ? "\x1b[K" : "\n");
  on_screen_ = terminal_;
}

void Progress::Clear() {
  if (on_screen_) {
    fmt::print(stderr, "\n");
    on_screen_ = false;
  }
}

}  // namespace reprise
