// chat_server [PORT]: the chat on the operating system. Talk to it with `nc 127.0.0.1 7777`, from two terminals.
#include <array>
#include <charconv>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string_view>

#include "backends/native_poller.h"
#include "backends/posix_clock.h"
#include "backends/posix_network.h"
#include "examples/chat/chat_server.h"

namespace {

int Fail(const reprise::Status& status) {
  std::fprintf(stderr, "chat_server: %s\n", status.ToString().c_str());
  return 1;
}

int Run(uint16_t port) {
  reprise::PosixClock clock;
  reprise::SocketErrors socket_errors;
  reprise::PosixNetwork network(&socket_errors);
  reprise::Result<std::unique_ptr<reprise::NativePoller>> created =
      reprise::NativePoller::Create(clock, &socket_errors);
  if (!created.ok()) return Fail(created.status());
  reprise::NativePoller& poller = *created.value();
  constexpr std::array<int, 2> kSignals = {SIGTERM, SIGINT};
  if (reprise::Status status = poller.StopOnSignals(kSignals); !status.ok()) return Fail(status);

  reprise::EventLoop loop(poller, clock);
  chat::ChatServer server(loop, network);
  if (reprise::Status status = server.Listen({reprise::Address::Family::kIpv4, "127.0.0.1", port}); !status.ok()) {
    return Fail(status);
  }
  std::printf("Chatting on %s\n", server.address().ToString().c_str());
  std::fflush(stdout);
  loop.Run();  // until SIGTERM or SIGINT
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view text = argc > 1 ? argv[1] : "7777";
  uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (argc > 2 || error != std::errc() || end != text.data() + text.size()) {
    std::fprintf(stderr, "usage: chat_server [PORT]\n");
    return 2;
  }
  return Run(port);
}
