// ShimQueue: one kqueue of the shim, made of epoll instances: one with the watches for reading and the signals, one
// with those for writing, and one around the two, whose descriptor is the queue's.
//
// Level-triggered watches of descriptors, and signals that the process ignores; no other filter and no flag beside
// EV_ADD, EV_DELETE and EV_RECEIPT. `data` of an event is rubbish, and `fflags` always 0, because Linux can't tell the
// error of a socket without taking it away.
//
// Signals are found by a signalfd, for which the thread that adds the watch blocks them until the watch is deleted.
#ifndef REPRISE_PROPTESTS_CONTRACT_KQUEUE_SHIM_SHIM_QUEUE_H_
#define REPRISE_PROPTESTS_CONTRACT_KQUEUE_SHIM_SHIM_QUEUE_H_

#include <sys/event.h>

#include <cstdint>
#include <map>
#include <memory>
#include <span>

#include "backends/unique_fd.h"

namespace reprise {

class ShimQueue {
 public:
  // Takes over nothing: `outer`, an epoll instance, belongs to who called kqueue. Null with errno set on failure.
  static std::unique_ptr<ShimQueue> Create(int outer);

  // Whether the descriptor still is the queue that this was made for.
  bool IsOpen() const;

  // 0, or an errno.
  int Apply(const struct kevent& change);

  // As many as there are and fit; below 0 with errno set on failure. Without a `timeout` it waits for ever.
  int Collect(std::span<struct kevent> events, const timespec* timeout);

 private:
  // One direction's watches.
  struct Watches {
    UniqueFd epoll;
    short filter = 0;
    std::map<int, void*> udata;  // by descriptor
  };
  struct SignalWatch {
    int number = 0;
    UniqueFd fd;
    bool was_blocked = false;
    void* udata = nullptr;
  };

  ShimQueue(int outer, UniqueFd readers, UniqueFd writers);

  int ApplyToSocket(Watches& watches, const struct kevent& change);
  int AddSignal(const struct kevent& change);
  int DeleteSignal(int number);
  size_t CollectNow(std::span<struct kevent> events);
  size_t CollectFrom(Watches& watches, std::span<struct kevent> events);
  bool TakeSignal(int fd, struct kevent& event);

  int outer_;
  Watches readers_;
  Watches writers_;
  std::map<int, SignalWatch> signals_;  // by the signalfd
  bool writers_first_ = false;
};

}  // namespace reprise

#endif  // REPRISE_PROPTESTS_CONTRACT_KQUEUE_SHIM_SHIM_QUEUE_H_
