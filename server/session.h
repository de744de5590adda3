// Session: one client, from its connection to its end.
//
// Turns the bytes that arrive into requests and has them executed. Requests of one read are parsed ahead in batches, so
// that the keys of a batch can be prefetched before any of it is executed; what was parsed ahead is thrown away when a
// request changes how the bytes behind it are to be read. Work per turn is bounded.
#ifndef REPRISE_SERVER_SESSION_H_
#define REPRISE_SERVER_SESSION_H_

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "loop/connection.h"
#include "server/commands/command_table.h"
#include "server/early_requests.h"
#include "server/resp/reply.h"
#include "server/resp/unfinished_request.h"

namespace reprise {

class CommandContext;
class RequestBatch;
class Server;

class Session final : private ConnectionHandler {
 public:
  // What CLIENT REPLY asked for.
  enum class ReplyMode : uint8_t { kOn, kOff, kSkipNext, kSkipThis };

  Session(Server& server, Handle handle, uint64_t id);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  Status Start() { return connection_.Start(); }

  uint64_t id() const { return id_; }
  Connection& connection() { return connection_; }
  const Connection& connection() const { return connection_; }

  size_t db_index() const { return db_index_; }
  void set_db_index(size_t index) { db_index_ = static_cast<uint16_t>(index); }
  RespVersion resp_version() const { return resp_version_; }
  void set_resp_version(RespVersion version) { resp_version_ = version; }
  bool authenticated() const { return authenticated_; }
  void set_authenticated(bool authenticated) { authenticated_ = authenticated; }
  std::string_view name() const { return name_ == nullptr ? std::string_view() : *name_; }
  void set_name(std::string_view name) { name_ = name.empty() ? nullptr : std::make_unique<std::string>(name); }
  ReplyMode reply_mode() const { return reply_mode_; }
  void set_reply_mode(ReplyMode mode) { reply_mode_ = mode; }
  // Whether CLIENT REPLY asked that nothing be sent now, be it a reply, an error of the protocol or a monitor's line.
  bool IsMuted() const { return reply_mode_ == ReplyMode::kOff || reply_mode_ == ReplyMode::kSkipThis; }
  bool no_evict() const { return no_evict_; }
  void set_no_evict(bool on) { no_evict_ = on; }

  // Moments of the loop's wall clock, Unix milliseconds.
  int64_t created_ms() const { return created_ms_; }
  int64_t last_request_ms() const { return last_request_ms_; }
  // The command of the latest request; null: it was none that exists, or there was no request yet.
  const CommandEntry* last_command() const { return last_command_; }

  bool ending() const { return ending_; }
  // Whether it sees every request that is executed. Then it can't use keys, waits for no pause, and may be silent for
  // as long as it likes, as in Redis.
  bool monitoring() const { return monitoring_; }
  void set_monitoring(bool on);
  // Whether a request waits for the end of a pause.
  bool waiting() const { return waiting_; }
  // Goes on with the requests that wait, in the next turn.
  void Resume();
  // Sends the replies up to here, executes nothing more, closes.
  void CloseAfterReply();
  // Ends the session at once, without the replies that wait.
  void Kill() {
    ending_ = true;
    connection_.Close();
  }

  // Ends the session if its unsent output is over the limit of its class. Called when it has grown, and now and then
  // for the limit that is counted in seconds.
  void CheckOutputLimit();

  // Bytes held for the session: itself, unfinished input, unsent output.
  size_t memory_bytes() const;
  // The unfinished request, as CLIENT LIST's qbuf.
  size_t query_bytes() const;

 private:
  // Less unsent output than this is never looked at.
  static constexpr size_t kOutputCheckedBytes = 16 * 1024;

  friend class SessionList;

  InputResult OnInput(Connection& connection, std::string_view input) override;
  uint64_t LookAhead(std::string_view input) override;
  void LookAgain(uint64_t key_hash) override;
  std::span<char> ReceiveTarget() override;
  InputResult OnReceived(Connection& connection, size_t bytes) override;
  void OnClosed(Connection& connection, ErrorCode reason) override;

  bool RestoreEarly(std::string_view input);
  size_t FinishRequest(std::string_view input);
  void ExecuteUnfinished(ParseOutcome outcome);
  size_t ExecuteBatch(RequestBatch& batch);
  bool MustWait(const CommandEntry* entry, std::span<const std::string_view> args) const;
  void Wait();
  // Whether this turn's replies are so many bytes that the next request waits for the next turn.
  bool RepliedEnough();
  void KeepUnfinished(std::string_view rest);
  void RefuseProtocol(const ProtocolError& error);
  void Execute(const CommandEntry* entry, uint64_t key_hash, ArgumentList& args, size_t first, size_t count);
  bool MayDo(const Command& command) const;
  void TellMonitors(const CommandEntry& entry, std::span<const std::string_view> args);
  void Call(CommandContext& context, const CommandEntry* entry);
  void CheckQueryLimit();
  ParseLimits Limits() const;

  Server& server_;
  Connection connection_;
  std::unique_ptr<UnfinishedRequest> unfinished_;
  std::unique_ptr<std::string> name_;
  const CommandEntry* last_command_ = nullptr;
  Session* previous_ = nullptr;  // in the SessionList
  Session* next_ = nullptr;
  uint64_t id_;
  int64_t created_ms_;
  int64_t last_request_ms_;
  int64_t over_soft_limit_since_ms_ = 0;  // 0: is not over it
  uint16_t db_index_ = 0;
  RespVersion resp_version_ = RespVersion::kResp2;
  ReplyMode reply_mode_ = ReplyMode::kOn;
  bool authenticated_;
  bool no_evict_ = false;
  bool ending_ = false;
  bool waiting_ = false;
  bool monitoring_ = false;
  bool unfinished_is_whole_ = false;  // it waits to be executed
  EarlyRequests::Ticket early_ = 0;   // the first request of input that waits
};

}  // namespace reprise

#endif  // REPRISE_SERVER_SESSION_H_
