// ChatServer: a room in which everybody hears what the others say.
//
// The protocol: lines that end in '\n'. A connection's first line is its name; each further line goes to everybody else
// who has a name, as "name: line\n". Who says a line that is too long is shown the door, and so is who does not read
// while the others talk: a room must not remember without end for one who has gone deaf.
//
// It is written on loop/ alone, so it runs on the operating system (main.cc) and in the simulated world
// (chat_scenario.cc) without knowing which. Destroy it outside of the loop's turn.
#ifndef REPRISE_EXAMPLES_CHAT_CHAT_SERVER_H_
#define REPRISE_EXAMPLES_CHAT_CHAT_SERVER_H_

#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

#include "loop/acceptor.h"
#include "loop/connection.h"
#include "loop/event_loop.h"
#include "loop/network.h"
#include "loop/status.h"

namespace chat {

class ChatServer {
 public:
  static constexpr size_t kLineBytesMax = 512;
  static constexpr size_t kUnsentBytesMax = 64 * 1024;  // for one who does not read

  // Both outlive the server.
  ChatServer(reprise::EventLoop& loop, reprise::Network& network);
  ~ChatServer();
  ChatServer(const ChatServer&) = delete;
  ChatServer& operator=(const ChatServer&) = delete;

  // Opens the room. Errors: as reprise::Acceptor::Open. REQUIRES: it is not open yet.
  reprise::Status Listen(const reprise::Address& address);
  // Where it listens. REQUIRES: Listen has succeeded.
  const reprise::Address& address() const { return acceptor_->address(); }
  size_t member_count() const { return members_.size(); }

 private:
  class Member;

  void Welcome(reprise::Handle handle);
  void Remove(const Member& member);
  void Tell(const Member& from, std::string_view line);

  reprise::EventLoop& loop_;
  reprise::Network& network_;
  reprise::ConnectionContext context_;
  std::vector<std::unique_ptr<Member>> members_;
  std::unique_ptr<reprise::Acceptor> acceptor_;
};

}  // namespace chat

#endif  // REPRISE_EXAMPLES_CHAT_CHAT_SERVER_H_
