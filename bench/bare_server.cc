// bare_server: the ceiling that benchmarks are held against.
//
// An epoll loop that does for each request only what the kernel asks of any server: it reads, and writes one fixed
// reply for every `request_bytes` bytes that came, without looking at them. What a real server spends beyond this is
// its own. With FRESH_BYTES it also writes that much memory for each request, which it never touched before: what a
// growing table asks of the kernel, without a table. Not a program to learn from: no errors are handled, nothing is
// bounded.
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "bench/bare_listener.h"

namespace {

// redis-benchmark begins by asking for two parameters, and waits for an answer of any kind.
constexpr char kTwoErrors[] = "-ERR\r\n-ERR\r\n";

bool IsConfigGet(const char* input, size_t size) {
  constexpr char kStart[] = "*3\r\n$6\r\nCONFIG";
  return size >= sizeof kStart - 1 && std::memcmp(input, kStart, sizeof kStart - 1) == 0;
}

// Addresses without memory behind them, to be written from the front on.
char* ReserveAddresses(size_t bytes) {
  void* const memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  return memory == MAP_FAILED ? nullptr : static_cast<char*>(memory);
}

constexpr size_t kFreshBytesMax = size_t{64} << 30;

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4 && argc != 5) {
    std::fprintf(stderr,
                 "usage: bare_server PORT REQUEST_BYTES REPLY [FRESH_BYTES]   (\\r\\n is added to the reply)\n");
    return 2;
  }
  const int listener = reprise::BareListen(static_cast<uint16_t>(std::atoi(argv[1])));
  const auto request_bytes = static_cast<size_t>(std::atoi(argv[2]));
  const std::string reply = std::string(argv[3]) + "\r\n";
  const auto fresh_bytes = static_cast<size_t>(argc == 5 ? std::atoi(argv[4]) : 0);
  char* fresh = fresh_bytes == 0 ? nullptr : ReserveAddresses(kFreshBytesMax);
  std::string replies;
  while (replies.size() < 64 * 1024) {
    replies += reply;
  }
  const int epoll = epoll_create1(0);
  epoll_event interest = {EPOLLIN, {.fd = listener}};
  epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &interest);
  std::vector<size_t> rest(65536);  // by descriptor: bytes of a request that is not complete yet
  std::vector<epoll_event> events(1024);
  std::vector<char> input(64 * 1024);
  while (true) {
    const int count = epoll_wait(epoll, events.data(), static_cast<int>(events.size()), -1);
    for (int i = 0; i < count; ++i) {
      const int fd = events[static_cast<size_t>(i)].data.fd;
      if (fd == listener) {
        const int accepted = reprise::BareAccept(listener);
        interest = {EPOLLIN, {.fd = accepted}};
        epoll_ctl(epoll, EPOLL_CTL_ADD, accepted, &interest);
        rest[static_cast<size_t>(accepted)] = 0;
        continue;
      }
      const ssize_t got = recv(fd, input.data(), input.size(), 0);
      if (got <= 0) {
        close(fd);
        continue;
      }
      if (IsConfigGet(input.data(), static_cast<size_t>(got))) {
        send(fd, kTwoErrors, sizeof kTwoErrors - 1, MSG_NOSIGNAL);
        continue;
      }
      const size_t bytes = rest[static_cast<size_t>(fd)] + static_cast<size_t>(got);
      rest[static_cast<size_t>(fd)] = bytes % request_bytes;
      if (fresh != nullptr) {
        std::memset(fresh, 1, bytes / request_bytes * fresh_bytes);
        fresh += bytes / request_bytes * fresh_bytes;
      }
      size_t left = bytes / request_bytes * reply.size();
      while (left > 0) {
        const size_t piece = left < replies.size() ? left : replies.size() / reply.size() * reply.size();
        send(fd, replies.data(), piece, MSG_NOSIGNAL);
        left -= piece;
      }
    }
  }
}
