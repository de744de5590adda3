#include "loop/connection.h"

#include <algorithm>
#include <array>
#include <utility>

namespace reprise {
namespace {

// A shared output buffer that once held a large reply is given back instead of kept.
constexpr size_t kSharedOutputKeptBytes = 1 << 20;

}  // namespace

Connection::Connection(ConnectionContext& context, Handle handle, ConnectionHandler& handler)
    : context_(context), handler_(handler), handle_(handle) {
  CHECK(handle.valid());
}

Connection::~Connection() {
  CHECK(!active_);
  if (input_waits_) {
    context_.Forget(*this);
  }
  if (context_.reader_ == this) {
    context_.reader_ = nullptr;
  }
  if (token_.valid()) {
    context_.loop_.Unwatch(token_);
  }
  if (handle_.valid()) {
    context_.network_.Close(handle_);
  }
}

Status Connection::Start(Priority priority) {
  Result<Token> token = context_.loop_.Watch(handle_, Interest::kRead, *this, priority);
  if (!token.ok()) {
    return token.status();
  }
  token_ = token.value();
  return Status::Ok();
}

size_t Connection::unsent_bytes() const {
  return (unsent_ == nullptr ? 0 : unsent_->size()) + (active_ ? context_.output_.size() : 0);
}

void Connection::Send(std::string_view bytes) {
  if (state_ != State::kOpen || bytes.empty()) {
    return;
  }
  if (active_) {
    context_.output_.Append(bytes);
    return;
  }
  if (unsent_ == nullptr) {
    unsent_ = std::make_unique<OutputQueue>();
  }
  unsent_->Append(bytes);
  if (!blocked_) {
    context_.loop_.RunAtEndOfTurn(finish_);
  }
}

void Connection::CloseAfterFlush() {
  if (state_ != State::kOpen) {
    return;
  }
  state_ = State::kEnding;
  if (!active_) {
    context_.loop_.RunAtEndOfTurn(finish_);
  }
}

void Connection::Close(ErrorCode reason) {
  if (state_ == State::kClosed) {
    return;
  }
  state_ = State::kClosed;
  close_reason_ = reason;
  if (token_.valid()) {
    context_.loop_.Unwatch(std::exchange(token_, Token{}));
  }
  context_.network_.Close(std::exchange(handle_, Handle{}));
  continue_.Unqueue();
  if (std::exchange(input_waits_, false)) {
    context_.Forget(*this);
  }
  if (!active_) {
    // While the handler is being called it may still look at its input.
    kept_.reset();
  }
  unsent_.reset();
  context_.loop_.RunAtEndOfTurn(finish_);
}

void Connection::PauseReading() {
  paused_ = true;
  UpdateInterest();
}

void Connection::ResumeReading() {
  paused_ = false;
  UpdateInterest();
}

void Connection::ContinueSoon() {
  if (state_ == State::kOpen) {
    context_.loop_.RunSoon(continue_);
  }
}

void Connection::OnReady(bool readable, bool writable) {
  if (writable && blocked_) {
    blocked_ = false;
    Flush();
  }
  // While work is left from an earlier read, reading waits for it: the turn's bound holds for both together.
  if (readable && state_ == State::kOpen && !continue_.queued() && !input_waits_) {
    ReadInput();
  }
}

void Connection::ReadInput() {
  if (kept_ == nullptr) {
    if (const std::span<char> target = handler_.ReceiveTarget(); !target.empty()) {
      ReadIntoTarget(target);
      return;
    }
    const std::span<char> room = context_.InputRoom(*this);
    if (room.empty()) {
      return;  // and touch nothing: we may be gone
    }
    const IoResult result = context_.network_.Read(handle_, room);
    if (NoteRead(result)) {
      context_.Arrive(*this, result.bytes);
    }
    return;
  }
  char* const room = kept_->Reserve(context_.input_bytes_);
  const IoResult result = context_.network_.Read(handle_, {room, context_.input_bytes_});
  if (NoteRead(result)) {
    kept_->Commit(result.bytes);
    HandOut(kept_->view());
  }
}

void Connection::ReadIntoTarget(std::span<char> target) {
  const IoResult result = context_.network_.Read(handle_, target);
  if (!NoteRead(result)) {
    return;
  }
  active_ = true;
  const InputResult done = handler_.OnReceived(*this, result.bytes);
  active_ = false;
  CHECK(done.consumed == 0);
  AfterHandler(done);
}

// Whether bytes came; otherwise sees to what happened instead.
bool Connection::NoteRead(const IoResult& result) {
  LoopCounters& counters = context_.loop_.counters();
  switch (result.code) {
    case ErrorCode::kOk:
      counters.bytes_read += result.bytes;
      return true;
    case ErrorCode::kWouldBlock:
      ++counters.reads_blocked;
      return false;
    case ErrorCode::kEndOfStream:
      ++counters.reads_ended;
      OnInputEnded();
      return false;
    default:
      ++counters.reads_failed;
      Close(result.code);
      return false;
  }
}

// The peer sends no more, but may still read: it gets the answers to what it sent before we close.
void Connection::OnInputEnded() {
  input_ended_ = true;
  close_reason_ = ErrorCode::kEndOfStream;
  if (unsent_ == nullptr) {
    Close(ErrorCode::kEndOfStream);
    return;
  }
  ++context_.loop_.counters().drained_after_end;
  state_ = State::kEnding;
  UpdateInterest();
}

void Connection::ContinueInput() {
  if (state_ == State::kOpen) {
    HandOut(kept_ == nullptr ? std::string_view() : kept_->view());
  }
}

void Connection::HandOut(std::string_view input) {
  active_ = true;
  const InputResult result = handler_.OnInput(*this, input);
  active_ = false;
  CHECK(result.consumed <= input.size());
  if (state_ != State::kOpen) {
    kept_.reset();
  } else if (kept_ != nullptr) {
    kept_->Consume(result.consumed);
    if (kept_->empty()) {
      kept_.reset();
    }
  } else {
    KeepInput(input.substr(result.consumed));
  }
  AfterHandler(result);
}

void Connection::AfterHandler(const InputResult& result) {
  if (result.more_work && state_ == State::kOpen) {
    ++context_.loop_.counters().inputs_continued;
    context_.loop_.RunSoon(continue_);
  }
  Flush();
}

void Connection::KeepInput(std::string_view rest) {
  if (rest.empty()) {
    return;
  }
  ++context_.loop_.counters().inputs_kept;
  kept_ = std::make_unique<ByteBuffer>();
  kept_->Append(rest);
}

// Writes what waits, that of earlier turns first: one write, unless there are more pieces than one write takes.
void Connection::Flush() {
  ByteBuffer& output = context_.output_;
  if (state_ == State::kClosed) {
    output.Clear();
    return;
  }
  while (!blocked_ && (unsent_ != nullptr || !output.empty())) {
    WriteOnce();
  }
  if (!output.empty()) {
    KeepOutput();
  }
  if (output.capacity() > kSharedOutputKeptBytes) {
    output.FreeMemory();
  }
  AfterFlush();
}

// Offers what waits to the network; `*offered` becomes its size, as far as one write goes.
IoResult Connection::Offer(size_t* offered) {
  const std::string_view output = context_.output_.view();
  if (unsent_ == nullptr) {
    // Nearly always. To make room for many pieces would cost more than all the rest of a small write.
    *offered = output.size();
    return context_.network_.Write(handle_, std::span(&output, 1));
  }
  std::array<std::string_view, Network::kMaxGather> pieces;
  size_t count = unsent_->Gather(std::span(pieces).first(pieces.size() - 1));
  *offered = 0;
  for (size_t i = 0; i < count; ++i) {
    *offered += pieces[i].size();
  }
  if (!output.empty() && *offered == unsent_->size()) {
    pieces[count++] = output;
    *offered += output.size();
  }
  return context_.network_.Write(handle_, std::span(pieces).first(count));
}

void Connection::WriteOnce() {
  ByteBuffer& output = context_.output_;
  size_t offered = 0;
  const IoResult result = Offer(&offered);
  LoopCounters& counters = context_.loop_.counters();
  if (!result.ok() && result.code != ErrorCode::kWouldBlock) {
    ++counters.writes_failed;
    output.Clear();
    Close(result.code);
    return;
  }
  const size_t taken = result.ok() ? result.bytes : 0;
  counters.bytes_written += taken;
  counters.writes_blocked += taken == 0 ? 1 : 0;
  counters.writes_short += taken > 0 && taken < offered ? 1 : 0;
  blocked_ = taken < offered;
  DropWritten(taken);
}

void Connection::DropWritten(size_t bytes) {
  if (unsent_ != nullptr) {
    const size_t of_queue = std::min(bytes, unsent_->size());
    unsent_->Consume(of_queue);
    bytes -= of_queue;
    if (unsent_->empty()) {
      unsent_.reset();
    }
  }
  context_.output_.Consume(bytes);
}

// Moves what the network did not take from the shared buffer to the connection.
void Connection::KeepOutput() {
  if (unsent_ == nullptr) {
    unsent_ = std::make_unique<OutputQueue>();
  }
  unsent_->Take(context_.output_);
}

void Connection::AfterFlush() {
  if (state_ == State::kClosed) {
    return;
  }
  if (state_ == State::kEnding && unsent_ == nullptr) {
    Close(input_ended_ ? ErrorCode::kEndOfStream : ErrorCode::kOk);
    return;
  }
  const size_t limit = context_.limits_.pause_output_bytes;
  const bool too_much = limit > 0 && unsent_ != nullptr && unsent_->size() > (output_paused_ ? limit / 2 : limit);
  if (too_much && !output_paused_) {
    ++context_.loop_.counters().reads_paused;
  }
  output_paused_ = too_much;
  UpdateInterest();
}

void Connection::UpdateInterest() {
  if (!token_.valid()) {
    return;
  }
  const bool read = state_ == State::kOpen && !paused_ && !output_paused_;
  const auto interest = static_cast<Interest>((read ? 1 : 0) | (blocked_ ? 2 : 0));
  if (interest == interest_) {
    return;  // as after nearly every write
  }
  if (Status status = context_.loop_.SetInterest(token_, interest); !status.ok()) {
    Close(status.code());
    return;
  }
  interest_ = interest;
}

void Connection::FinishTurn() {
  if (state_ == State::kClosed) {
    handler_.OnClosed(*this, close_reason_);
    return;
  }
  Flush();  // which may close, and so bring us here again
}

}  // namespace reprise
