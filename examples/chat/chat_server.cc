#include "examples/chat/chat_server.h"

#include <algorithm>
#include <string>
#include <utility>

namespace chat {

using reprise::Connection;
using reprise::ErrorCode;
using reprise::InputResult;

// One connection. Its name is empty until it has said one.
class ChatServer::Member final : public reprise::ConnectionHandler {
 public:
  Member(ChatServer& room, reprise::Handle handle) : room_(room), connection_(room.context_, handle, *this) {}

  reprise::Status Start() { return connection_.Start(); }
  const std::string& name() const { return name_; }

  void Hear(std::string_view text) {
    connection_.Send(text);
    if (connection_.unsent_bytes() > kUnsentBytesMax) connection_.Close();
  }

  // Consumes whole lines; the start of one stays with the connection until the rest of it has come.
  InputResult OnInput(Connection& connection, std::string_view input) override {
    size_t consumed = 0;
    while (consumed < input.size()) {
      const std::string_view rest = input.substr(consumed);
      const size_t length = FindLineEnd(rest);
      if (length == std::string_view::npos) break;
      if (length > kLineBytesMax) {
        connection.Close(ErrorCode::kInvalidArgument);
        break;
      }
      Say(rest.substr(0, length));
      consumed += std::min(length + 1, rest.size());
    }
    return {.consumed = consumed, .more_work = false};
  }

  void OnClosed(Connection&, ErrorCode) override { room_.Remove(*this); }

 private:
  // Where the first line ends; npos: not here yet, and it may still become a line; more than kLineBytesMax: too long.
  static size_t FindLineEnd(std::string_view input) {
    const size_t end = input.find('\n');
    if (end != std::string_view::npos) return end;
#ifdef CHAT_PLANTED_BUG
    return input.size();  // believes that whatever one read returns is a line
#else
    return input.size() > kLineBytesMax ? input.size() : end;
#endif
  }

  void Say(std::string_view line) {
    if (name_.empty()) {
      name_ = line;
    } else {
      room_.Tell(*this, line);
    }
  }

  ChatServer& room_;
  Connection connection_;
  std::string name_;
};

ChatServer::ChatServer(reprise::EventLoop& loop, reprise::Network& network)
    : loop_(loop), network_(network), context_(loop, network, {.read_bytes = 4096, .pause_output_bytes = 0}) {}

ChatServer::~ChatServer() = default;

reprise::Status ChatServer::Listen(const reprise::Address& address) {
  auto acceptor = reprise::Acceptor::Open(loop_, network_, address, {}, [this](auto handle) { Welcome(handle); });
  if (!acceptor.ok()) return acceptor.status();
  acceptor_ = std::move(acceptor).value();
  return reprise::Status::Ok();
}

void ChatServer::Welcome(reprise::Handle handle) {
  auto member = std::make_unique<Member>(*this, handle);
  if (member->Start().ok()) members_.push_back(std::move(member));
}

void ChatServer::Remove(const Member& member) {
  std::erase_if(members_, [&](const auto& each) { return each.get() == &member; });
}

void ChatServer::Tell(const Member& from, std::string_view line) {
  const std::string text = from.name() + ": " + std::string(line) + "\n";
  for (const auto& member : members_) {
    if (member.get() != &from && !member->name().empty()) member->Hear(text);
  }
}

}  // namespace chat
