// thread_server: what the event loop is compared with in docs/event-loop.md: one thread for each connection.
//
// Does the same as bare_server: for every `request_bytes` bytes that came it writes one fixed reply, without looking at
// them. Each thread sleeps in recv until bytes arrive, and has a stack of its own, of `stack_kib` (0: what the C
// library gives, which is 8 MiB of addresses, of which only what is touched takes memory). Not a program to learn from:
// no errors are handled, nothing is bounded.
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "bench/bare_listener.h"

namespace {

struct Work {
  size_t request_bytes;
  std::string reply;
};

// What a thread is started with, and frees.
struct Task {
  int fd;
  const Work* work;
};

constexpr size_t kInputBytes = 4096;

void* Serve(void* argument) {
  auto* const task = static_cast<Task*>(argument);
  const int fd = task->fd;
  const Work& work = *task->work;
  delete task;
  char input[kInputBytes];
  size_t rest = 0;  // bytes of a request that is not complete yet
  while (true) {
    const ssize_t got = recv(fd, input, sizeof input, 0);
    if (got <= 0) break;
    const size_t bytes = rest + static_cast<size_t>(got);
    rest = bytes % work.request_bytes;
    std::string replies;
    for (size_t i = 0; i < bytes / work.request_bytes; ++i) replies += work.reply;
    if (!replies.empty()) send(fd, replies.data(), replies.size(), MSG_NOSIGNAL);
  }
  close(fd);
  return nullptr;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) {
    std::fprintf(stderr, "usage: thread_server PORT REQUEST_BYTES REPLY STACK_KIB   (\\r\\n is added to the reply)\n");
    return 2;
  }
  const int listener = reprise::BareListen(static_cast<uint16_t>(std::atoi(argv[1])));
  const Work work{static_cast<size_t>(std::atoi(argv[2])), std::string(argv[3]) + "\r\n"};
  const auto stack_bytes = static_cast<size_t>(std::atoi(argv[4])) * 1024;
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  if (stack_bytes > 0) pthread_attr_setstacksize(&attributes, stack_bytes);
  while (true) {
    const int fd = reprise::BareAccept(listener);
    if (fd < 0) continue;
    pthread_t thread;
    if (pthread_create(&thread, &attributes, Serve, new Task{fd, &work}) != 0) {
      std::perror("thread_server: no thread for a connection");
      close(fd);
    }
  }
}
