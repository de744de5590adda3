// thread_server: what the event loop is compared with in docs/event-loop.md: one thread for each connection.
//
// Does the same as bare_server: for every `request_bytes` bytes that came it writes one fixed reply, without looking at
// them. Each thread sleeps in recv until bytes arrive, and has a stack of its own, of `stack_kib` (0: what the C
// library gives, which is 8 MiB of addresses, of which only what is touched takes memory). Not a program to learn from:
// no errors are handled, nothing is bounded.
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

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

int Listen(uint16_t port) {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  const int on = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 || listen(fd, 511) != 0) {
    std::perror("thread_server");
    std::exit(1);
  }
  return fd;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) {
    std::fprintf(stderr, "usage: thread_server PORT REQUEST_BYTES REPLY STACK_KIB   (\\r\\n is added to the reply)\n");
    return 2;
  }
  const int listener = Listen(static_cast<uint16_t>(std::atoi(argv[1])));
  const Work work{static_cast<size_t>(std::atoi(argv[2])), std::string(argv[3]) + "\r\n"};
  const auto stack_bytes = static_cast<size_t>(std::atoi(argv[4])) * 1024;
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  if (stack_bytes > 0) pthread_attr_setstacksize(&attributes, stack_bytes);
  while (true) {
    const int fd = accept(listener, nullptr, nullptr);
    if (fd < 0) continue;
    const int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    pthread_t thread;
    if (pthread_create(&thread, &attributes, Serve, new Task{fd, &work}) != 0) {
      std::perror("thread_server: no thread for a connection");
      close(fd);
    }
  }
}
