// The two calls of <sys/event.h>, and which queue is behind which descriptor.
#include <sys/epoll.h>
#include <sys/event.h>

#include <cerrno>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <utility>

#include "backends/unique_fd.h"
#include "loop/check.h"
#include "proptests/contract/kqueue_shim/refusal.h"
#include "proptests/contract/kqueue_shim/shim_queue.h"

namespace reprise {
namespace {

class Registry {
 public:
  // The calls have a C interface, so a descriptor's number is all that leads to a queue: there's no other place for it.
  static Registry& Get() {
    static Registry registry;
    return registry;
  }

  int Open() {
    const std::lock_guard<std::mutex> lock(mutex_);
    // A queue is closed by close, of which nobody tells us.
    std::erase_if(queues_, [](const auto& entry) { return !entry.second->IsOpen(); });
    UniqueFd outer(::epoll_create1(EPOLL_CLOEXEC));
    if (!outer.valid()) return -1;
    std::unique_ptr<ShimQueue> queue = ShimQueue::Create(outer.get());
    if (queue == nullptr) return -1;
    queues_[outer.get()] = std::move(queue);
    return outer.Release();
  }

  ShimQueue* Find(int fd) {
    const std::lock_guard<std::mutex> lock(mutex_);
    const auto found = queues_.find(fd);
    return found != queues_.end() && found->second->IsOpen() ? found->second.get() : nullptr;
  }

  void Refuse(int filter, int error, int but_first) {
    const std::lock_guard<std::mutex> lock(mutex_);
    refused_filter_ = filter;
    but_first_ = but_first;
    refused_with_ = error;
  }

  // 0 where nothing is refused.
  int RefusalOf(const struct kevent& change) {
    const std::lock_guard<std::mutex> lock(mutex_);
    if ((change.flags & EV_ADD) == 0 || change.filter != refused_filter_) return 0;
    if (but_first_ == 0) return refused_with_;
    --but_first_;
    return 0;
  }

 private:
  std::mutex mutex_;
  std::map<int, std::unique_ptr<ShimQueue>> queues_;  // by the queue's descriptor
  int refused_filter_ = 0;
  int refused_with_ = 0;
  int but_first_ = 0;  // so many more are not refused
};

int ApplyOne(ShimQueue& queue, const struct kevent& change) {
  const int refusal = Registry::Get().RefusalOf(change);
  return refusal != 0 ? refusal : queue.Apply(change);
}

// Below 0 with errno set, or the number of answers. As FreeBSD has it: an answer that was asked for and has no room
// ends the work without an error, and the changes after it are not made.
int ApplyAll(ShimQueue& queue, std::span<const struct kevent> changes, std::span<struct kevent> answers) {
  size_t answered = 0;
  for (const struct kevent& change : changes) {
    const int error = ApplyOne(queue, change);
    if (error == 0 && (change.flags & EV_RECEIPT) == 0) continue;
    if (answered == answers.size()) {
      errno = error;
      return error != 0 ? -1 : static_cast<int>(answered);
    }
    answers[answered] = change;
    answers[answered].flags = EV_ERROR;
    answers[answered].data = error;
    ++answered;
  }
  return static_cast<int>(answered);
}

}  // namespace

Refusal::Refusal(int filter, int error, int but_first) { Registry::Get().Refuse(filter, error, but_first); }
Refusal::~Refusal() { Registry::Get().Refuse(0, 0, 0); }

}  // namespace reprise

int kqueue() { return reprise::Registry::Get().Open(); }

int kevent(int queue_fd, const struct kevent* changes, int change_count, struct kevent* events, int event_count,
           const struct timespec* timeout) {
  reprise::ShimQueue* queue = reprise::Registry::Get().Find(queue_fd);
  if (queue == nullptr) {
    errno = EBADF;
    return -1;
  }
  constexpr time_t kLongestWaitSeconds = 100'000'000;  // as several systems have it
  if (timeout != nullptr && timeout->tv_sec > kLongestWaitSeconds) {
    errno = EINVAL;
    return -1;
  }
  const std::span<struct kevent> room(events, static_cast<size_t>(event_count));
  const int answered = reprise::ApplyAll(*queue, {changes, static_cast<size_t>(change_count)}, room);
  if (answered != 0 || event_count == 0) return answered;
  return queue->Collect(room, timeout);
}
