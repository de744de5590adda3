#include "bench/load_clients.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <deque>
#include <memory>
#include <string>

#include "bench/reply_counter.h"

namespace reprise {
namespace {

constexpr int64_t kNanosPerSecond = 1'000'000'000;
constexpr double kSleeplessRate = 5'000;
// Below the number of ports that one source address has, which is about 28,000.
constexpr size_t kConnectionsPerAddress = 20'000;

[[noreturn]] void Die(const char* what) {
  std::perror(what);
  std::exit(1);
}

int64_t NowNs() {
  timespec now;
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * kNanosPerSecond + now.tv_nsec;
}

void RaiseDescriptorLimit() {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

// `source`: the last number of the 127.0.0.x that it comes from, 0 for any.
int Connect(uint16_t port, size_t source) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) Die("socket");
  const int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  if (source > 0) {
    ::setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK + static_cast<uint32_t>(source));
    if (::bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) Die("bind");
  }
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  if (::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) Die("connect");
  return fd;
}

bool InputEnded() {
  pollfd input{.fd = STDIN_FILENO, .events = POLLIN, .revents = 0};
  char byte;
  return ::poll(&input, 1, 0) > 0 && ::read(STDIN_FILENO, &byte, 1) <= 0;
}

class Client {
 public:
  explicit Client(uint16_t port) : fd_(Connect(port, 0)) {}
  ~Client() { ::close(fd_); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  int fd() const { return fd_; }
  size_t outstanding() const { return due_ns_.size(); }
  bool wants_to_write() const { return sent_ < output_.size(); }
  uint64_t errors() const { return counter_.errors(); }

  void Add(RequestMix& mix, int64_t due_ns) {
    mix.Append(&output_);
    due_ns_.push_back(due_ns);
  }

  void Write() {
    while (wants_to_write()) {
      const ssize_t sent = ::send(fd_, output_.data() + sent_, output_.size() - sent_, MSG_NOSIGNAL | MSG_DONTWAIT);
      if (sent < 0) {
        if (errno == EAGAIN) return;
        Die("send");
      }
      sent_ += static_cast<size_t>(sent);
    }
    output_.clear();
    sent_ = 0;
  }

  void Read(std::vector<char>& buffer, LatencyHistogram* latency) {
    const ssize_t got = ::recv(fd_, buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (got < 0 && errno == EAGAIN) return;
    if (got <= 0) Die("the server closed a connection");
    const size_t replies = counter_.Feed({buffer.data(), static_cast<size_t>(got)});
    const int64_t now_ns = NowNs();
    for (size_t i = 0; i < replies; ++i) {
      latency->Add(std::max<int64_t>(0, now_ns - due_ns_.front()));
      due_ns_.pop_front();
    }
  }

 private:
  int fd_;
  std::string output_;
  size_t sent_ = 0;
  std::deque<int64_t> due_ns_;  // of requests without a reply
  ReplyCounter counter_;
};

class Load {
 public:
  Load(const LoadOptions& options, RequestMix& mix) : options_(options), mix_(mix), buffer_(256 * 1024) {
    epoll_ = ::epoll_create1(EPOLL_CLOEXEC);
    for (size_t i = 0; i < options.connections; ++i) {
      clients_.push_back(std::make_unique<Client>(options.port));
      Watch(EPOLL_CTL_ADD, i, EPOLLIN);
    }
  }
  ~Load() { ::close(epoll_); }
  Load(const Load&) = delete;
  Load& operator=(const Load&) = delete;

  LoadResult Run() {
    const int64_t start_ns = NowNs();
    end_ns_ = start_ns + static_cast<int64_t>(options_.seconds * 1e9);
    next_due_ns_ = start_ns;
    for (size_t i = 0; i < clients_.size(); ++i) {
      Refill(i, start_ns);
    }
    while (!Done()) {
      SendDue();
      Wait();
    }
    result_.elapsed_ns = NowNs() - start_ns;
    for (std::unique_ptr<Client>& client : clients_) {
      result_.errors += client->errors();
    }
    return std::move(result_);
  }

 private:
  bool open_loop() const { return options_.rate > 0; }
  bool Done() const {
    return result_.latency.total() >= options_.requests || NowNs() >= end_ns_ ||
           (options_.until_input_ends && InputEnded());
  }

  void Watch(int operation, size_t index, uint32_t events) {
    epoll_event event{.events = events, .data = {.u64 = index}};
    if (::epoll_ctl(epoll_, operation, clients_[index]->fd(), &event) != 0) Die("epoll_ctl");
  }

  void Write(size_t index) {
    Client& client = *clients_[index];
    client.Write();
    if (client.wants_to_write()) Watch(EPOLL_CTL_MOD, index, EPOLLIN | EPOLLOUT);
  }

  // Of a closed loop: the next batch of a client that has all its answers.
  void Refill(size_t index, int64_t now_ns) {
    Client& client = *clients_[index];
    if (open_loop() || client.outstanding() > 0) return;
    for (size_t i = 0; i < options_.pipeline && created_ < options_.requests; ++i, ++created_) {
      client.Add(mix_, now_ns);
    }
    Write(index);
  }

  // Of an open loop: what has become due since, one client after the other.
  void SendDue() {
    if (!open_loop()) return;
    const auto period_ns = static_cast<int64_t>(1e9 / options_.rate);
    const int64_t now_ns = NowNs();
    for (; next_due_ns_ <= now_ns && created_ < options_.requests; next_due_ns_ += period_ns, ++created_) {
      const size_t index = created_ % clients_.size();
      clients_[index]->Add(mix_, next_due_ns_);
      Write(index);
    }
  }

  // Until when to wait. A fast open loop never sleeps: the wake-up would come too late for what is due next. A slow one
  // does, since it may share its processor with another load.
  timespec Patience() const {
    if (!open_loop()) return {0, kNanosPerSecond / 10};
    const int64_t left_ns = options_.rate > kSleeplessRate ? 0 : std::max<int64_t>(0, next_due_ns_ - NowNs());
    return {left_ns / kNanosPerSecond, left_ns % kNanosPerSecond};
  }

  void Wait() {
    epoll_event events[256];
    const timespec patience = Patience();
    const int count = ::epoll_pwait2(epoll_, events, 256, &patience, nullptr);
    for (int i = 0; i < count; ++i) {
      const size_t index = events[i].data.u64;
      if ((events[i].events & EPOLLOUT) != 0) {
        Watch(EPOLL_CTL_MOD, index, EPOLLIN);
        Write(index);
      }
      if ((events[i].events & EPOLLIN) != 0) {
        clients_[index]->Read(buffer_, &result_.latency);
        Refill(index, NowNs());
      }
    }
  }

  LoadOptions options_;
  RequestMix& mix_;
  int epoll_;
  std::vector<std::unique_ptr<Client>> clients_;
  std::vector<char> buffer_;
  LoadResult result_;
  uint64_t created_ = 0;
  int64_t next_due_ns_ = 0;
  int64_t end_ns_ = 0;
};

// Without waiting: on this machine the connection stands at once, unless the listener's queue is full.
int BeginToConnect(uint16_t port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) Die("socket");
  const linger reset{.l_onoff = 1, .l_linger = 0};  // or the ports would be used up by connections that linger
  ::setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  if (::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 && errno != EINPROGRESS) Die("connect");
  return fd;
}

bool IsConnected(int fd) {
  sockaddr_in peer;
  socklen_t size = sizeof peer;
  return ::getpeername(fd, reinterpret_cast<sockaddr*>(&peer), &size) == 0;
}

}  // namespace

uint64_t FloodUntilInputEnds(uint16_t port, size_t at_a_time) {
  std::deque<int> open;
  uint64_t connected = 0;
  const auto close_oldest = [&] {
    connected += IsConnected(open.front()) ? 1U : 0U;
    ::close(open.front());
    open.pop_front();
  };
  while (!InputEnded()) {
    if (open.size() == at_a_time) close_oldest();
    open.push_back(BeginToConnect(port));
  }
  while (!open.empty()) close_oldest();
  return connected;
}

LoadResult RunLoad(const LoadOptions& options, RequestMix& mix) {
  RaiseDescriptorLimit();
  Load load(options, mix);
  if (options.ready) {
    std::printf("{\"connected\": %zu}\n", options.connections);
    std::fflush(stdout);
    for (int c = 0; c != '\n' && c != EOF;) c = std::getchar();
  }
  return load.Run();
}

IdleConnections::IdleConnections(uint16_t port, size_t count, size_t source) {
  RaiseDescriptorLimit();
  constexpr char kPing[] = "*1\r\n$4\r\nPING\r\n";
  char reply[64];
  for (size_t i = 0; i < count; ++i) {
    const int fd = Connect(port, source + i / kConnectionsPerAddress);
    if (::send(fd, kPing, sizeof kPing - 1, MSG_NOSIGNAL) < 0 || ::recv(fd, reply, sizeof reply, 0) <= 0) Die("PING");
    fds_.push_back(fd);
  }
}

IdleConnections::~IdleConnections() {
  for (const int fd : fds_) {
    ::close(fd);
  }
}

}  // namespace reprise
