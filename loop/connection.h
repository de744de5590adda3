// Connection: one byte stream on an EventLoop, with its unfinished input and its unsent output.
//
// Input is read into one buffer that all connections of a loop share, and handed to the ConnectionHandler in place,
// once all connections that were ready have been read from: meanwhile, memory that the handlers will need can come near
// (see ConnectionHandler::LookAhead). What the handler leaves (the start of an unfinished message) is kept for the
// connection until more arrives. Output that the handler produces while it is given input is collected in another
// shared buffer and written once, right after it returns; only what the kernel does not take is kept. So a connection
// owns buffers only while it has something unfinished or unsent.
//
// Work is bounded: each connection reads at most once a turn, and a handler that leaves whole messages for later (see
// InputResult) is called again in the next turn, before more is read.
//
// A Connection owns its handle. It is owned by its user, who destroys it at any time outside of its own callbacks, or
// in OnClosed. Not thread-safe.
#ifndef REPRISE_LOOP_CONNECTION_H_
#define REPRISE_LOOP_CONNECTION_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "loop/byte_buffer.h"
#include "loop/event_loop.h"
#include "loop/network.h"
#include "loop/output_queue.h"

namespace reprise {

class Connection;

// What a handler did with the input it was shown.
struct InputResult {
  size_t consumed = 0;     // bytes from the front that it is done with
  bool more_work = false;  // the rest holds work that needs no new bytes: show it again in the next turn
};

class ConnectionHandler {
 public:
  // `input` is all that has arrived and was not consumed yet. It is shown again, with more behind it, until it is
  // consumed. The view is valid until this returns.
  virtual InputResult OnInput(Connection& connection, std::string_view input) = 0;

  // Hints that OnInput will be called with this very `input` before the turn ends, unless the connection is closed. A
  // handler may prefetch and take notes for itself; nobody must be able to tell. When the input of all others has come,
  // LookAgain is called with what was answered, unless that is 0, for a second look at what the first has brought.
  virtual uint64_t LookAhead(std::string_view) { return 0; }
  virtual void LookAgain(uint64_t) {}

  // Where the next bytes should be read to, for a handler that waits for a large message and wants it in memory of its
  // own; empty: nowhere special. Asked only while all earlier input is consumed. What was read there is reported by
  // OnReceived, which may leave more work as OnInput does (then with `consumed` 0).
  virtual std::span<char> ReceiveTarget() { return {}; }
  virtual InputResult OnReceived(Connection&, size_t) { return {}; }

  // The end, after which no other callback comes: kEndOfStream when the peer finished in order, kOk when we closed it,
  // else what broke. Called from the loop at the end of a turn, never from within another callback. May destroy the
  // connection.
  virtual void OnClosed(Connection& connection, ErrorCode reason) = 0;

 protected:
  ~ConnectionHandler() = default;
};

struct ConnectionLimits {
  size_t read_bytes = 64 * 1024;  // at most this much is read at once, and at least a half of it is offered
  size_t pause_output_bytes = 0;  // with more unsent output than this the peer is not read from; 0: always read
};

// What the connections of one loop share: the loop, the network and the two buffers. Outlives them all.
class ConnectionContext {
 public:
  // More inputs than this never wait to be handed out.
  static constexpr size_t kArrivalsMax = 128;

  ConnectionContext(EventLoop& loop, Network& network, const ConnectionLimits& limits = {});
  ConnectionContext(const ConnectionContext&) = delete;
  ConnectionContext& operator=(const ConnectionContext&) = delete;

  EventLoop& loop() { return loop_; }
  Network& network() { return network_; }
  ConnectionLimits& limits() { return limits_; }

 private:
  friend class Connection;

  // Input that was read and waits for the others'.
  struct Arrival {
    Connection* connection;  // null: was closed meanwhile
    std::string_view input;
    uint64_t looked;  // what LookAhead has answered
  };
  class HandOutTask final : public Task {
   public:
    explicit HandOutTask(ConnectionContext& context) : context_(context) {}
    void Run() override { context_.HandOutAll(); }

   private:
    ConnectionContext& context_;
  };

  // The part of the shared buffer that is free, at least a half of it. Hands out what has arrived if that takes too
  // much room, in which `reader` may be closed or destroyed: then the answer is empty.
  std::span<char> InputRoom(Connection& reader);
  // The front of InputRoom() holds `bytes` of input for `connection`.
  void Arrive(Connection& connection, size_t bytes);
  void Forget(const Connection& connection);
  void HandOutAll();

  EventLoop& loop_;
  Network& network_;
  ConnectionLimits limits_;
  std::unique_ptr<char[]> input_;  // limits.read_bytes, as they were at the start
  size_t input_bytes_;
  size_t input_used_ = 0;
  std::vector<Arrival> arrivals_;
  const Connection* reader_ = nullptr;  // who asks for room, until it is destroyed
  HandOutTask hand_out_{*this};
  ByteBuffer output_;  // of the connection whose handler is being called; empty otherwise
};

class Connection final : private Watcher {
 public:
  // Takes `handle` over, an accepted or connected stream.
  Connection(ConnectionContext& context, Handle handle, ConnectionHandler& handler);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Starts to watch the stream. Errors: as EventLoop::Watch; then only destroying it is left.
  Status Start(Priority priority = Priority::kNormal);

  Handle handle() const { return handle_; }
  bool closed() const { return state_ == State::kClosed; }

  // Queues `bytes` for the peer; they are written before this turn ends. From any callback, of any connection.
  // Nothing happens once the connection is closing.
  void Send(std::string_view bytes);

  // The buffer to format replies into, in the midst of OnInput or OnReceived only: what is appended is sent after the
  // callback returns. Truncating it to an earlier size takes back what was appended since.
  ByteBuffer& reply_buffer() {
    CHECK(active_);
    return context_.output_;
  }
  // Whether OnInput or OnReceived is being called.
  bool active() const { return active_; }

  // Sends what is queued, then closes. No more input is handed out.
  void CloseAfterFlush();
  // Ends the stream at once and drops what is queued; `reason` comes back in OnClosed.
  void Close(ErrorCode reason = ErrorCode::kOk);

  // Stops (starts) reading. Input that waits in the kernel slows the peer down.
  void PauseReading();
  void ResumeReading();

  // Calls OnInput in the next turn with what is kept, as if more_work had been answered.
  void ContinueSoon();

  // Bytes accepted for sending and not yet taken by the network.
  size_t unsent_bytes() const;
  // Memory held for unsent output and for unfinished input.
  size_t output_capacity() const { return unsent_ == nullptr ? 0 : unsent_->capacity(); }
  size_t input_capacity() const { return kept_ == nullptr ? 0 : kept_->capacity(); }
  size_t input_bytes() const { return kept_ == nullptr ? 0 : kept_->size(); }

 private:
  enum class State : uint8_t {
    kOpen,
    kEnding,  // no more input; closes once all is sent
    kClosed,  // the handle is gone; OnClosed was called or is about to be
  };
  // More input is due although the handle may not become readable.
  class ContinueTask final : public Task {
   public:
    explicit ContinueTask(Connection& connection) : connection_(connection) {}
    void Run() override { connection_.ContinueInput(); }

   private:
    Connection& connection_;
  };
  // Output was queued from outside, or OnClosed is due.
  class FinishTask final : public Task {
   public:
    explicit FinishTask(Connection& connection) : connection_(connection) {}
    void Run() override { connection_.FinishTurn(); }

   private:
    Connection& connection_;
  };

  friend class ConnectionContext;

  void OnReady(bool readable, bool writable) override;
  void ReadInput();
  void ReadIntoTarget(std::span<char> target);
  bool NoteRead(const IoResult& result);
  void ContinueInput();
  void HandOut(std::string_view input);
  void AfterHandler(const InputResult& result);
  void KeepInput(std::string_view rest);
  void OnInputEnded();
  void Flush();
  void WriteOnce();
  IoResult Offer(size_t* offered);
  void DropWritten(size_t bytes);
  void KeepOutput();
  void AfterFlush();
  void FinishTurn();
  void UpdateInterest();

  ConnectionContext& context_;
  ConnectionHandler& handler_;
  std::unique_ptr<ByteBuffer> kept_;     // input that was not consumed
  std::unique_ptr<OutputQueue> unsent_;  // output that the network did not take
  ContinueTask continue_{*this};
  FinishTask finish_{*this};
  Token token_;
  Handle handle_;
  State state_ = State::kOpen;
  Interest interest_ = Interest::kRead;  // what the loop watches for
  ErrorCode close_reason_ = ErrorCode::kOk;
  bool active_ = false;
  bool input_waits_ = false;    // was read, and is among the context's arrivals
  bool paused_ = false;         // by the user
  bool output_paused_ = false;  // by the limit on unsent output
  bool input_ended_ = false;    // the peer has finished
  bool blocked_ = false;        // the network takes no more; waits to become writable
};

}  // namespace reprise

#endif  // REPRISE_LOOP_CONNECTION_H_
