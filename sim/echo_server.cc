#include "sim/echo_server.h"

#include <array>
#include <string>
#include <utility>
#include <vector>

#include "loop/acceptor.h"
#include "loop/connection.h"
#include "loop/event_loop.h"

namespace reprise {
namespace {

constexpr int kOpenTriesMax = 100;  // watching may fail, and then a server tries again

class LoopEchoServer final : public EchoServer {
 public:
  LoopEchoServer(Poller& poller, Network& network, Clock& clock, const Address& address)
      : network_(network),
        address_(address),
        loop_(poller, clock),
        context_(loop_, network, {.read_bytes = 4096, .pause_output_bytes = 64}) {
    loop_.OnStopRequested([this] { loop_.Stop(); });
  }

  void Run() override {
    for (int tries = 0; tries < kOpenTriesMax && acceptor_ == nullptr; ++tries) {
      Result<std::unique_ptr<Acceptor>> acceptor =
          Acceptor::Open(loop_, network_, address_, {}, [this](Handle handle) { Add(handle); });
      if (acceptor.ok()) acceptor_ = std::move(acceptor).value();
    }
    CHECK(acceptor_ != nullptr);
    loop_.Run();
  }

  LoopCounters counters() const override { return loop_.counters(); }

 private:
  class Session final : public ConnectionHandler {
   public:
    Session(LoopEchoServer& server, Handle handle) : server_(server), connection_(server.context_, handle, *this) {}

    Status Start() { return connection_.Start(); }

    InputResult OnInput(Connection& connection, std::string_view input) override {
      connection.reply_buffer().Append(input);
      return {input.size(), false};
    }
    void OnClosed(Connection&, ErrorCode) override { server_.Remove(*this); }

    size_t place = 0;

   private:
    LoopEchoServer& server_;
    Connection connection_;
  };

  void Add(Handle handle) {
    auto session = std::make_unique<Session>(*this, handle);
    if (!session->Start().ok()) return;
    session->place = sessions_.size();
    sessions_.push_back(std::move(session));
  }
  void Remove(const Session& session) {
    const size_t place = session.place;
    std::swap(sessions_[place], sessions_.back());
    sessions_[place]->place = place;
    sessions_.pop_back();
  }

  Network& network_;
  const Address address_;
  EventLoop loop_;
  ConnectionContext context_;
  std::vector<std::unique_ptr<Session>> sessions_;
  std::unique_ptr<Acceptor> acceptor_;
};

class PlainEchoServer final : public EchoServer {
 public:
  PlainEchoServer(Poller& poller, Network& network, const Address& address)
      : poller_(poller), network_(network), address_(address) {}

  ~PlainEchoServer() override {
    for (size_t id = 0; id < sessions_.size(); ++id) {
      if (sessions_[id].open) Drop(id);
    }
    if (listener_.valid()) {
      poller_.Forget(listener_);
      network_.Close(listener_);
    }
  }

  void Run() override {
    Open();
    std::array<Event, 16> events;
    for (;;) {
      const size_t count = poller_.Wait(events, kNoDeadline);
      for (size_t i = 0; i < count; ++i) {
        if (events[i].kind == Event::Kind::kStop) return;
        if (events[i].kind == Event::Kind::kReady) OnReady(events[i]);
      }
    }
  }

  LoopCounters counters() const override { return {}; }

 private:
  static constexpr size_t kUnsentMax = 64;

  struct Session {
    bool open = false;
    uint32_t generation = 0;
    Interest interest = Interest::kRead;
    std::string unsent;
  };

  void Open() {
    const Handle handle = network_.Listen(address_, {}).value();
    for (int tries = 0; tries < kOpenTriesMax; ++tries) {
      if (!poller_.Register(handle, Interest::kRead, {static_cast<uint32_t>(handle.id), 1}).ok()) continue;
      listener_ = handle;
      return;
    }
    CHECK(false);
  }

  void OnReady(const Event& event) {
    if (event.token == Token{static_cast<uint32_t>(listener_.id), 1}) {
      AcceptAll();
      return;
    }
    const size_t id = event.token.slot;
    if (id >= sessions_.size() || !sessions_[id].open || sessions_[id].generation != event.token.generation) return;
    bool alive = true;
    if (event.writable && !sessions_[id].unsent.empty()) alive = Flush(id);
    if (event.readable && alive && sessions_[id].unsent.size() < kUnsentMax) Echo(id);
  }

  void AcceptAll() {
    for (;;) {
      const Result<Handle> accepted = network_.Accept(listener_);
      if (!accepted.ok()) {
        if (accepted.status().code() == ErrorCode::kConnectionAborted) continue;
        return;  // what could not be accepted is reported again
      }
      const auto id = static_cast<size_t>(accepted.value().id);
      if (id >= sessions_.size()) sessions_.resize(id + 1);
      sessions_[id] = {true, ++generation_, Interest::kRead, {}};
      const Token token{static_cast<uint32_t>(id), generation_};
      if (poller_.Register(accepted.value(), Interest::kRead, token).ok()) continue;
      sessions_[id].open = false;
      network_.Close(accepted.value());
    }
  }

  void Echo(size_t id) {
    std::array<char, 512> buffer;
    const IoResult result = network_.Read({static_cast<int32_t>(id)}, buffer);
    if (result.code == ErrorCode::kWouldBlock) return;
    if (!result.ok()) {
      Drop(id);
      return;
    }
    sessions_[id].unsent.append(buffer.data(), result.bytes);
    (void)Flush(id);
  }

  // False: the session is over.
  bool Flush(size_t id) {
    Session& session = sessions_[id];
    const Handle handle{static_cast<int32_t>(id)};
    const std::string_view piece = session.unsent;
    const IoResult result = network_.Write(handle, {&piece, 1});
    if (result.ok()) session.unsent.erase(0, result.bytes);
    bool broken = !result.ok() && result.code != ErrorCode::kWouldBlock;
    const Interest wanted = session.unsent.empty()               ? Interest::kRead
                            : session.unsent.size() < kUnsentMax ? Interest::kReadWrite
                                                                 : Interest::kWrite;
    if (!broken && wanted != session.interest) {
      broken = !poller_.Change(handle, wanted, {static_cast<uint32_t>(id), session.generation}).ok();
      session.interest = wanted;
    }
    if (broken) Drop(id);
    return !broken;
  }

  void Drop(size_t id) {
    const Handle handle{static_cast<int32_t>(id)};
    poller_.Forget(handle);
    network_.Close(handle);
    sessions_[id] = {};
  }

  Poller& poller_;
  Network& network_;
  const Address address_;
  Handle listener_;
  uint32_t generation_ = 1;
  std::vector<Session> sessions_;  // by handle
};

}  // namespace

std::unique_ptr<EchoServer> MakeLoopEchoServer(Poller& poller, Network& network, Clock& clock, const Address& address) {
  return std::make_unique<LoopEchoServer>(poller, network, clock, address);
}

std::unique_ptr<EchoServer> MakePlainEchoServer(Poller& poller, Network& network, const Address& address) {
  return std::make_unique<PlainEchoServer>(poller, network, address);
}

}  // namespace reprise
