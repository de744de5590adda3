#include "server/session.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "server/ascii.h"
#include "server/client_info.h"
#include "server/commands/command_context.h"
#include "server/commands/unknown_command.h"
#include "server/request_batch.h"
#include "server/server.h"

namespace reprise {
namespace {

// Requests of one connection that are executed in one turn; the rest waits for the others' turn.
constexpr size_t kRequestsPerTurn = 1024;

// The same for what they are answered: a thousand requests can ask for gigabytes. The request that goes beyond is the
// last one of its turn.
constexpr size_t kReplyBytesPerTurn = 1 << 20;

// A request of more is timed each time: what its command does may take long.
constexpr size_t kSmallArguments = 16;

void RunTimed(CommandContext& context, const Command& command, CallTimes& times) {
  EventLoop& loop = context.server.loop();
  const int64_t begin_ns = loop.MeasuredNanos();
  command.function(context);
  times.Add(loop.MeasuredNanos() - begin_ns);
}

bool ChangesParsing(const RequestBatch::Request& request) {
  return request.entry != nullptr && (request.entry->command->flags & kChangesParsing) != 0;
}

// The first words of an HTTP request: someone has a browser send commands to this machine's servers. Nothing is
// executed or answered then, as in Redis.
bool IsHttp(std::string_view name) { return EqualsFolded(name, "post") || EqualsFolded(name, "host:"); }

}  // namespace

Session::Session(Server& server, Handle handle, uint64_t id)
    : server_(server),
      connection_(server.connections(), handle, *this),
      id_(id),
      created_ms_(server.loop().wall_ms()),
      last_request_ms_(created_ms_),
      authenticated_(server.values().requirepass.empty()) {}

Session::~Session() { set_monitoring(false); }

void Session::set_monitoring(bool on) {
  if (on != monitoring_) {
    on ? server_.monitors().Add(*this) : server_.monitors().Remove(*this);
    monitoring_ = on;
  }
}

void Session::CloseAfterReply() {
  ending_ = true;
  connection_.CloseAfterFlush();
}

size_t Session::memory_bytes() const {
  return sizeof(Session) + connection_.input_capacity() + connection_.output_capacity() +
         (unfinished_ == nullptr ? 0 : unfinished_->memory_bytes()) + (name_ == nullptr ? 0 : name_->size());
}

size_t Session::query_bytes() const {
  return connection_.input_bytes() + (unfinished_ == nullptr ? 0 : unfinished_->memory_bytes());
}

ParseLimits Session::Limits() const {
  ParseLimits limits;
  limits.max_bulk_bytes = server_.values().proto_max_bulk_len;
  limits.authenticated = authenticated_ || server_.values().requirepass.empty();
  return limits;
}

InputResult Session::OnInput(Connection&, std::string_view input) {
  last_request_ms_ = server_.loop().wall_ms();
  if (waiting_) {
    return {};
  }
  size_t pos = unfinished_ == nullptr ? 0 : FinishRequest(input);
  RequestBatch& batch = server_.batch();
  bool restored = RestoreEarly(input);
  size_t budget = kRequestsPerTurn;
  while (!ending_ && !waiting_ && pos < input.size()) {
    if (budget == 0 || RepliedEnough()) {
      return {.consumed = pos, .more_work = true};
    }
    if (!std::exchange(restored, false)) {
      batch.Parse(input, pos, std::min(budget, RequestBatch::kRequestsMax), Limits(), server_.commands(),
                  server_.database(db_index_));
    }
    const size_t executed = ExecuteBatch(batch);
    budget -= executed;
    if (executed > 0) {
      pos = batch[executed - 1].end;
    }
    if (executed > 0 && ChangesParsing(batch[executed - 1])) {
      continue;  // what was parsed ahead, and how that ended, may not hold any more
    }
    if (ending_ || waiting_) {
      break;
    }
    if (executed < batch.size()) {
      continue;  // the rest waits for its turn
    }
    if (batch.outcome() == ParseOutcome::kError) {
      RefuseProtocol(batch.error());
    } else if (batch.outcome() == ParseOutcome::kNeedMore) {
      KeepUnfinished(input.substr(pos));
      pos = input.size();
    }
  }
  server_.AfterRequests();
  return {.consumed = waiting_ ? pos : input.size()};
}

bool Session::RepliedEnough() { return connection_.reply_buffer().size() > kReplyBytesPerTurn; }

// The first request's key is on its way to the cache while the other connections are read from. Not for larger input:
// that is a pipeline, which fetches its keys together, or a large value, whose copying takes longer than a miss.
uint64_t Session::LookAhead(std::string_view input) {
  if (waiting_ || unfinished_ != nullptr || input.size() > EarlyRequests::kInputBytesMax) {
    return 0;
  }
  RequestBatch& batch = server_.batch();
  const Database& database = server_.database(db_index_);
  batch.Parse(input, 0, 1, Limits(), server_.commands(), database);
  early_ = server_.early_requests().Keep(batch, input);
  const uint64_t key_hash = batch.size() == 0 ? 0 : batch[0].key_hash;
  if (key_hash != 0) {
    database.PrefetchBucket(key_hash);
  }
  return key_hash;
}

void Session::LookAgain(uint64_t key_hash) { server_.database(db_index_).PrefetchEntry(key_hash); }

// Makes the server's batch the first request of `input`, if the look ahead has kept it.
bool Session::RestoreEarly(std::string_view input) {
  const EarlyRequests::Ticket ticket = std::exchange(early_, EarlyRequests::Ticket{0});
  if (ticket == 0) {
    return false;
  }
  server_.early_requests().Restore(ticket, input, &server_.batch());
  return true;
}

// Executes the requests of `batch` until one ends the session, makes the rest of the batch worthless or brings the
// replies beyond a turn's share; answers how many.
size_t Session::ExecuteBatch(RequestBatch& batch) {
  for (size_t i = 0; i < batch.size(); ++i) {
    const RequestBatch::Request& request = batch[i];
    if (server_.pause().active()) [[unlikely]] {
      if (MustWait(request.entry, batch.arguments().subspan(request.first_argument, request.argument_count))) {
        Wait();
        return i;
      }
    }
    Execute(request.entry, request.key_hash, batch.arguments(), request.first_argument, request.argument_count);
    if (ending_ || ChangesParsing(request) || RepliedEnough()) {
      return i + 1;
    }
  }
  return batch.size();
}

// What is refused for its form is refused at once, and who monitors never waits, as in Redis.
bool Session::MustWait(const CommandEntry* entry, std::span<const std::string_view> args) const {
  if (monitoring_) {
    return false;
  }
  const CommandEntry* const resolved = entry == nullptr ? nullptr : CommandTable::Resolve(*entry, args);
  return resolved != nullptr && resolved->AritySuits(args.size()) && server_.pause().Holds(resolved->flags) &&
         MayDo(*resolved->command);
}

// Nothing is read meanwhile: what the peer goes on to send waits in the kernel.
void Session::Wait() {
  waiting_ = true;
  connection_.PauseReading();
}

void Session::Resume() {
  if (waiting_ && !connection_.closed()) {
    waiting_ = false;
    connection_.ResumeReading();
    connection_.ContinueSoon();
  }
}

// Gives `input` to the request that is unfinished; answers how many bytes of it were taken.
size_t Session::FinishRequest(std::string_view input) {
  size_t consumed = 0;
  const ParseOutcome outcome =
      unfinished_is_whole_ ? ParseOutcome::kRequest : unfinished_->Feed(input, Limits(), &consumed);
  ExecuteUnfinished(outcome);
  return outcome == ParseOutcome::kRequest || outcome == ParseOutcome::kEmpty ? consumed : input.size();
}

void Session::ExecuteUnfinished(ParseOutcome outcome) {
  if (outcome == ParseOutcome::kNeedMore) {
    CheckQueryLimit();
    return;
  }
  if (outcome == ParseOutcome::kRequest && server_.pause().active()) [[unlikely]] {
    const ArgumentList& args = unfinished_->arguments();
    unfinished_is_whole_ = args.size() > 0 && MustWait(server_.commands().Find(args[0]), args.all());
    if (unfinished_is_whole_) {
      unfinished_->OwnArguments();  // the bytes of this read will be gone
      Wait();
      return;
    }
  }
  unfinished_is_whole_ = false;
  const std::unique_ptr<UnfinishedRequest> done = std::move(unfinished_);
  if (outcome == ParseOutcome::kError) {
    RefuseProtocol(done->error());
    return;
  }
  ArgumentList& args = done->arguments();
  const CommandEntry* entry = args.size() == 0 ? nullptr : server_.commands().Find(args[0]);
  Execute(entry, FirstKeyHash(entry, args.all(), server_.database(db_index_)), args, 0, args.size());
}

std::span<char> Session::ReceiveTarget() {
  return unfinished_ == nullptr || waiting_ ? std::span<char>() : unfinished_->ReceiveTarget();
}

InputResult Session::OnReceived(Connection&, size_t bytes) {
  last_request_ms_ = server_.loop().wall_ms();
  ExecuteUnfinished(unfinished_->Received(bytes));
  server_.AfterRequests();
  return {};
}

void Session::KeepUnfinished(std::string_view rest) {
  if (rest.empty()) {
    return;
  }
  ++server_.loop().counters().requests_unfinished;
  unfinished_ = std::make_unique<UnfinishedRequest>();
  size_t consumed = 0;
  const ParseOutcome outcome = unfinished_->Feed(rest, Limits(), &consumed);
  CHECK(outcome == ParseOutcome::kNeedMore);
  CheckQueryLimit();
}

void Session::CheckQueryLimit() {
  if (unfinished_->memory_bytes() <= server_.values().client_query_buffer_limit) {
    return;
  }
  ++server_.stats().query_limit_disconnections;
  server_.Log(LogLevel::kWarning, fmt::format("Closing client {} that reached max query buffer length", id_));
  Kill();
}

void Session::RefuseProtocol(const ProtocolError& error) {
  ++server_.stats().protocol_errors;
  const std::string text = error.Text();
  server_.stats().CountError(text);
  if (!IsMuted()) {
    ReplyWriter(&connection_.reply_buffer(), resp_version_).Error(text);
  }
  CloseAfterReply();
}

void Session::Execute(const CommandEntry* entry, uint64_t key_hash, ArgumentList& args, size_t first, size_t count) {
  ByteBuffer& replies = connection_.reply_buffer();
  const size_t replies_before = replies.size();
  if (count > 0) {
    const std::span<const std::string_view> words = args.subspan(first, count);
    CommandContext context(server_, *this, words, ReplyWriter(&replies, resp_version_), server_.loop().wall_ms(),
                           key_hash, &args, first);
    Call(context, entry);
  }
  if (IsMuted()) {
    replies.Truncate(replies_before);
  }
  if (reply_mode_ != ReplyMode::kOn && reply_mode_ != ReplyMode::kOff) {
    reply_mode_ = reply_mode_ == ReplyMode::kSkipNext ? ReplyMode::kSkipThis : ReplyMode::kOn;
  }
  if (connection_.unsent_bytes() > kOutputCheckedBytes) {
    CheckOutputLimit();
  }
}

// Whether the client has given the password, where one is asked for.
bool Session::MayDo(const Command& command) const {
  return authenticated_ || (command.flags & kNoAuth) != 0 || server_.values().requirepass.empty();
}

// Does what stands between a request and its command: the checks that hold for all, and the counting.
void Session::Call(CommandContext& context, const CommandEntry* entry) {
  last_command_ = nullptr;
  if (entry == nullptr) {
    if (IsHttp(context.args[0])) {
      server_.Log(LogLevel::kWarning, fmt::format("Client {} sent an HTTP request and is closed", id_));
      Kill();
      return;
    }
    context.Error(UnknownCommandText(context.args));
    return;
  }
  const CommandEntry* const resolved = entry->subcommands.empty() ? entry : CommandTable::Resolve(*entry, context.args);
  last_command_ = resolved;
  if (resolved == nullptr) {
    context.Error(UnknownSubcommandText(*entry->command, context.args[1]));
    return;
  }
  const Command& command = *resolved->command;
  CommandStats& stats = server_.stats().commands[resolved->index];
  if (!resolved->AritySuits(context.args.size())) {
    ++stats.rejected_calls;
    context.Error(fmt::format("ERR wrong number of arguments for '{}' command", resolved->FullName()));
    return;
  }
  if (!authenticated_ && !MayDo(command)) {
    ++stats.rejected_calls;
    context.Error("NOAUTH Authentication required.");
    return;
  }
  const bool watched = !server_.monitors().empty();
  if (watched && monitoring_ && (command.flags & (kWrite | kReadonly | kMayReplicate)) != 0) [[unlikely]] {
    ++stats.rejected_calls;
    context.Error("ERR Replica can't interact with the keyspace");
    return;
  }
  CHECK(command.function != nullptr);
  if (resolved != entry) {
    context.first_key_hash = FirstKeyHash(resolved, context.args, server_.database(db_index_));
  }
  context.entry = resolved;
  ++server_.stats().total_commands_processed;
  ++stats.calls;
  const uint64_t errors_before = server_.stats().error_replies;
  if (context.args.size() <= kSmallArguments && stats.times.Skip()) [[likely]] {
    command.function(context);
  } else {
    RunTimed(context, command, stats.times);
  }
  if (server_.stats().error_replies > errors_before) {  // CONFIG RESETSTAT lessens it
    ++stats.failed_calls;
  }
  if (watched) [[unlikely]] {
    TellMonitors(*resolved, context.args);
  }
}

void Session::TellMonitors(const CommandEntry& entry, std::span<const std::string_view> args) {
  if (!IsMonitored(entry)) {
    return;
  }
  std::string address = ClientAddress(server_, *this);
  if (const std::string& path = server_.values().unixsocket; !path.empty() && address == path + ":0") {
    address = "unix:" + path;
  }
  server_.monitors().Send(MonitorLine(server_.loop().wall_us(), db_index_, address, entry, args));
}

void Session::CheckOutputLimit() {
  if (ending_) {
    return;
  }
  const OutputLimit& limit = server_.values().output_limits[static_cast<size_t>(ClientClass::kNormal)];
  const uint64_t unsent = connection_.unsent_bytes();
  const int64_t now_ms = server_.loop().wall_ms();
  if (limit.soft_bytes == 0 || unsent <= limit.soft_bytes) {
    over_soft_limit_since_ms_ = 0;
  } else if (over_soft_limit_since_ms_ == 0) {
    over_soft_limit_since_ms_ = now_ms;
  }
  const bool over_hard = limit.hard_bytes > 0 && unsent > limit.hard_bytes;
  const bool over_soft =
      over_soft_limit_since_ms_ != 0 && now_ms - over_soft_limit_since_ms_ > limit.soft_seconds * 1000;
  if (over_hard || over_soft) {
    ++server_.stats().output_limit_disconnections;
    server_.Log(LogLevel::kWarning,
                fmt::format("Client {} closed for overcoming of output buffer limits ({} bytes unsent).", id_, unsent));
    Kill();
  }
}

void Session::OnClosed(Connection&, ErrorCode reason) {
  if (reason != ErrorCode::kOk && reason != ErrorCode::kEndOfStream) {
    server_.Log(LogLevel::kVerbose, fmt::format("Client {} lost: {}", id_, ErrorCodeName(reason)));
  }
  server_.sessions().Remove(*this);
}

}  // namespace reprise
