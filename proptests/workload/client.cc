#include "proptests/workload/client.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <span>
#include <utility>

#include "proptests/model/model.h"
#include "proptests/workload/batch.h"
#include "sim/mix.h"

namespace reprise {
namespace {

constexpr int64_t kReconnectNs = 5'000'000;
constexpr int64_t kFirstPauseMaxNs = 100'000'000;
}  // namespace

SimClient::SimClient(SimWorld& world, const ScriptClient& script, const Settings& settings, ClientObserver& observer)
    : world_(world),
      script_(script),
      settings_(settings),
      observer_(observer),
      peer_(world.NewPeer(script.id, *this)),
      fence_(script, settings.password) {
  history_.client = script.id;
  history_.keys = script.keys;
  const auto audit = std::find_if(script.operations.begin(), script.operations.end(),
                                  [](const Operation& operation) { return operation.audit; });
  first_audit_ = static_cast<size_t>(audit - script.operations.begin());
}

void SimClient::Start() { Schedule(Timer::kConnect, script_.start_ns); }

void SimClient::Heal() {
  healed_ = true;
  peer_.StartReading();
  if (phase_ == Phase::kRunning && waiting_.empty() && trickle_.empty()) {
    SendBatch();
  } else if (phase_ == Phase::kIdle && HasMore()) {
    Schedule(Timer::kConnect, 0);
  }
}

void SimClient::ServerDied() {
  fence_.OnServerDied();
  if (peer_.state() == SimPeer::State::kConnecting) {
    EndConnection(Ending::How::kCutByClient, ErrorCode::kOk);
    peer_.Abort();
    Schedule(Timer::kConnect, kReconnectNs);
  }
}

void SimClient::Finish() {
  CHECK(done());
  finished_ = true;
  if (peer_.state() != SimPeer::State::kIdle) {
    EndConnection(Ending::How::kByClient, ErrorCode::kOk);
    peer_.Close();
  }
}

std::string SimClient::Describe() const {
  const char* const phases[] = {"not connected", "setting up", "running"};
  std::string text = fmt::format(
      "client {} ({}, {}): {}, operation {} of {}, {} answers awaited", script_.id, TemperName(script_.temper),
      KeysName(script_.keys), phases[static_cast<size_t>(phase_)], next_, script_.operations.size(), waiting_.size());
  if (!waiting_.empty()) {
    const Exchange& first = history_.exchanges[waiting_.front()];
    text += fmt::format(", first that of {} on connection {}", first.words.empty() ? "?" : Quoted(first.words[0], 20),
                        first.connection);
  }
  return text;
}

void SimClient::Schedule(Timer timer, int64_t delay_ns) {
  world_.Schedule(delay_ns, *this, uint64_t{timer_generation_} << 8 | static_cast<uint64_t>(timer));
}

void SimClient::OnTimer(uint64_t what) {
  if (what >> 8 != timer_generation_ || finished_) {
    return;
  }
  switch (static_cast<Timer>(what & 0xff)) {
    case Timer::kConnect:
      if (phase_ == Phase::kIdle && peer_.state() == SimPeer::State::kIdle && (HasMore() || fence_.wanted())) {
        Connect();
      }
      return;
    case Timer::kBatch:
      batch_due_ = false;
      SendBatch();
      return;
    case Timer::kByte:
      if (trickle_at_ < trickle_.size()) {
        peer_.Send(std::string_view(trickle_).substr(trickle_at_++, 1));
        last_progress_ns_ = world_.elapsed_ns();
      }
      if (trickle_at_ < trickle_.size()) {
        Schedule(Timer::kByte, script_.pause_ns);
      } else {
        trickle_.clear();
        trickle_at_ = 0;
      }
      return;
    case Timer::kBreakOff:
      BreakOff();
      return;
    case Timer::kPatience:
      patience_due_ = false;
      WatchPatience();
      return;
  }
}

void SimClient::Connect() {
  ++timer_generation_;
  began_ns_ = world_.elapsed_ns();
  last_progress_ns_ = began_ns_;
  parser_.Reset();
  asked_bytes_ = 0;
  replied_bytes_ = 0;
  expects_end_ = false;
  patience_due_ = false;
  batch_due_ = false;
  told_all_ = false;  // a fence has to be answered as well, before all is done
  phase_ = Phase::kSetup;
  peer_.StartReading();
  peer_.Connect(settings_.address);
  Ask(fence_.Open());
  WatchPatience();
}

void SimClient::Ask(const Fence::Requests& requests) {
  std::string bytes;
  for (const std::vector<std::string>& words : requests) {
    const size_t before = bytes.size();
    AppendRequest(words, bytes);
    AddExchange(Exchange::kSetup, Operation::Kind::kRequest, words, bytes.size() - before);
  }
  SendBytes(bytes);
}

void SimClient::AddExchange(uint32_t operation, Operation::Kind kind, std::vector<std::string> words, size_t bytes) {
  Exchange exchange;
  exchange.operation = operation;
  exchange.connection = peer_.connects() - 1;
  exchange.kind = kind;
  exchange.words = std::move(words);
  exchange.sent_ns = world_.elapsed_ns();
  exchange.request_begin = asked_bytes_;
  exchange.request_end = asked_bytes_ += bytes;
  waiting_.push_back(history_.exchanges.size());
  history_.exchanges.push_back(std::move(exchange));
}

void SimClient::SendBytes(std::string_view bytes) {
  if (script_.temper != Temper::kByteAtATime) {
    peer_.Send(bytes);
    return;
  }
  const bool idle = trickle_.empty();
  trickle_ += bytes;
  if (idle && !trickle_.empty()) {
    Schedule(Timer::kByte, script_.pause_ns);
  }
}

void SimClient::OnBytes(SimPeer&, std::string_view bytes) {
  last_progress_ns_ = world_.elapsed_ns();
  parser_.Feed(bytes);
  const uint32_t generation = timer_generation_;
  while (std::optional<ReplyValue> reply = parser_.Next()) {
    OnReply(*std::move(reply));
    if (generation != timer_generation_ || phase_ == Phase::kIdle) {
      return;  // it has ended the connection
    }
  }
  if (!parser_.error().empty() && history_.protocol_error.empty()) {
    history_.protocol_error = fmt::format("connection {}: {}", peer_.connects() - 1, parser_.error());
  }
}

void SimClient::OnReply(ReplyValue reply) {
  if (waiting_.empty()) {
    if (history_.protocol_error.empty()) {
      history_.protocol_error =
          fmt::format("connection {}: an answer that nobody asked for: {}", peer_.connects() - 1, reply.ToString());
    }
    return;
  }
  Exchange& exchange = history_.exchanges[waiting_.front()];
  waiting_.pop_front();
  exchange.fate = Exchange::Fate::kAnswered;
  exchange.done_ns = world_.elapsed_ns();
  exchange.reply = std::move(reply);
  exchange.reply_begin = replied_bytes_;
  exchange.reply_end = replied_bytes_ = parser_.taken();
  ++history_.answered;
  if (exchange.operation == Exchange::kSetup) {
    fence_.OnAnswer(exchange);
    if (waiting_.empty() && fence_.EmptiesNext()) {
      Ask(fence_.Empty());
    } else if (waiting_.empty()) {
      OnSetupDone();
    }
    return;
  }
  failures_ = 0;
  if (exchange.reply.parts.size() == 2 && IsWord(exchange.words[0], "scan")) {
    cursor_ = exchange.reply.parts[0].text;
  }
  if (waiting_.empty()) {
    AfterBatch();
  }
}

void SimClient::OnSetupDone() {
  const int64_t now_ns = world_.elapsed_ns();
  for (const size_t index : fence_.Stand()) {
    history_.exchanges[index].done_ns = now_ns;
  }
  cursor_.assign(1, '0');
  phase_ = Phase::kRunning;
  if (script_.temper == Temper::kNeverReading && !healed_) {
    peer_.StopReading();
  }
  AfterBatch();
}

// Everything that was sent is answered.
void SimClient::AfterBatch() {
  TellProgress();
  if (finished_ || expects_end_) {
    return;
  }
  const bool fresh = history_.exchanges.back().operation == Exchange::kSetup;
  if (script_.temper == Temper::kReconnecting && HasMore() && !fresh) {
    EndConnection(Ending::How::kByClient, ErrorCode::kOk);
    peer_.Close();
    Schedule(Timer::kConnect, script_.pause_ns);
    return;
  }
  if (!HasMore() || batch_due_) {
    return;
  }
  batch_due_ = true;
  // A pause so long that the server ends the connection may not come before each first request.
  const int64_t pause_ns = fresh ? std::min(script_.pause_ns, kFirstPauseMaxNs) : script_.pause_ns;
  Schedule(Timer::kBatch, script_.temper == Temper::kByteAtATime ? 0 : pause_ns);
}

void SimClient::SendBatch() {
  if (phase_ != Phase::kRunning || !HasMore() || expects_end_ || peer_.state() == SimPeer::State::kIdle) {
    return;
  }
  const uint32_t first = script_.operations[next_].number;
  const bool singly = script_.temper == Temper::kOneAtATime || script_.temper == Temper::kByteAtATime;
  const size_t end = healed_ ? script_.operations.size() : first_audit_;
  Batch batch = NextBatch(std::span(script_.operations).subspan(next_, end - next_), singly ? 1 : script_.window,
                          cursor_, fence_.AfterReset());
  next_ += batch.operations;
  expects_end_ = batch.ends;
  for (Batch::Asked& asked : batch.asked) {
    AddExchange(asked.operation->number, asked.operation->kind, std::move(asked.words), asked.size);
  }
  last_progress_ns_ = world_.elapsed_ns();
  SendBytes(batch.bytes);
  if (script_.temper == Temper::kHalfClosing) {
    expects_end_ = true;
    peer_.ShutdownWrite();
  }
  if (MayBreakOff()) {
    // In the midst of the batch, or (one time in two) never.
    const uint64_t bits = MixPair(script_.id, first);
    if ((bits & 1) == 0) {
      Schedule(Timer::kBreakOff, static_cast<int64_t>((bits >> 8) % 300'000));
    }
  }
  if (script_.temper == Temper::kNeverReading && !healed_ && HasMore() && !expects_end_) {
    batch_due_ = true;
    Schedule(Timer::kBatch, script_.pause_ns);
  }
  WatchPatience();
}

void SimClient::BreakOff() {
  if (phase_ != Phase::kRunning || healed_ || waiting_.empty()) {
    return;
  }
  const uint64_t bits = MixPair(script_.id, (uint64_t{1} << 32) + history_.exchanges[waiting_.front()].operation);
  EndConnection(Ending::How::kCutByClient, ErrorCode::kOk);
  switch (bits % 3) {
    case 0:
      peer_.Close();
      break;
    case 1:
      peer_.Abort();
      break;
    default:
      peer_.Vanish();
      break;
  }
  Schedule(Timer::kConnect, kReconnectNs);
}

void SimClient::OnEnd(SimPeer&) {
  const bool expected = expects_end_ && waiting_.empty() && !parser_.midway();
  EndConnection(expected ? Ending::How::kExpected : Ending::How::kUnexpected, ErrorCode::kEndOfStream);
  peer_.Close();
  Schedule(Timer::kConnect, kReconnectNs * std::min<uint32_t>(failures_, 20));
}

void SimClient::OnLost(SimPeer&, ErrorCode why) {
  // A server that closes with our bytes unread resets the connection.
  const bool expected = expects_end_ && waiting_.empty();
  EndConnection(expected ? Ending::How::kExpected : Ending::How::kUnexpected, why);
  Schedule(Timer::kConnect, kReconnectNs * std::min<uint32_t>(failures_, 20));
}

void SimClient::OnHalfClosed(SimPeer&) {
  trickle_.clear();
  trickle_at_ = 0;
  // What was sent is answered, then the server ends its direction. When that is done already, nothing will come.
  WatchPatience();
}

// Notes how the connection has ended, and what was lost with it. The peer is idle, or about to be.
void SimClient::EndConnection(Ending::How how, ErrorCode code) {
  if (phase_ == Phase::kIdle) {
    return;
  }
  const int64_t now_ns = world_.elapsed_ns();
  history_.endings.push_back({peer_.connects() - 1, now_ns, began_ns_, how, code});
  std::vector<size_t> lost;
  std::copy_if(waiting_.begin(), waiting_.end(), std::back_inserter(lost),
               [this](size_t index) { return history_.exchanges[index].operation != Exchange::kSetup; });
  fence_.OnEnd(lost, phase_ == Phase::kSetup);
  waiting_.clear();
  trickle_.clear();
  trickle_at_ = 0;
  ++failures_;
  ++timer_generation_;
  phase_ = Phase::kIdle;
  TellProgress();
}

// Gives a connection up on which nothing moves. A client that reads nothing has no reason to wait.
void SimClient::WatchPatience() {
  if (patience_due_ || phase_ == Phase::kIdle || (waiting_.empty() && !expects_end_)) {
    return;
  }
  const int64_t left_ns = last_progress_ns_ + settings_.patience_ns - world_.elapsed_ns();
  if (left_ns > 0 || !peer_.reading()) {
    patience_due_ = true;
    Schedule(Timer::kPatience, left_ns > 0 ? left_ns : settings_.patience_ns);
    return;
  }
  EndConnection(Ending::How::kTimeout, ErrorCode::kTimedOut);
  if (peer_.state() != SimPeer::State::kIdle) {
    peer_.Abort();
  }
  Schedule(Timer::kConnect, kReconnectNs);
}

void SimClient::TellProgress() {
  if (!told_main_ && main_done()) {
    told_main_ = true;
    observer_.OnClientProgress();
  }
  if (healed_ && !told_all_ && done()) {
    told_all_ = true;
    observer_.OnClientProgress();
  }
}

}  // namespace reprise
