// UniqueFd: owns a file descriptor and closes it.
#ifndef REPRISE_BACKENDS_UNIQUE_FD_H_
#define REPRISE_BACKENDS_UNIQUE_FD_H_

#include <unistd.h>

#include <utility>

namespace reprise {

class UniqueFd {
 public:
  UniqueFd() = default;
  explicit UniqueFd(int fd) : fd_(fd) {}
  UniqueFd(UniqueFd&& other) noexcept : fd_(other.Release()) {}
  UniqueFd& operator=(UniqueFd&& other) noexcept {
    Reset(other.Release());
    return *this;
  }
  ~UniqueFd() { Reset(-1); }

  int get() const { return fd_; }
  bool valid() const { return fd_ >= 0; }
  // Gives the descriptor away; the caller closes it.
  int Release() { return std::exchange(fd_, -1); }

 private:
  // No retry on EINTR: the descriptor is gone either way on the systems we run on, and its number may already belong
  // to another thread.
  void Reset(int fd) {
    if (fd_ >= 0) ::close(fd_);
    fd_ = fd;
  }

  int fd_ = -1;
};

}  // namespace reprise

#endif  // REPRISE_BACKENDS_UNIQUE_FD_H_
