// CommandContext: what a command's function is handed.
#ifndef REPRISE_SERVER_COMMANDS_COMMAND_CONTEXT_H_
#define REPRISE_SERVER_COMMANDS_COMMAND_CONTEXT_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "server/commands/command_table.h"
#include "server/keyspace/database.h"
#include "server/resp/arguments.h"
#include "server/resp/reply.h"
#include "server/server.h"
#include "server/session.h"

namespace reprise {

// One request in execution. A function answers exactly once, through reply; an error changes nothing.
class CommandContext {
 public:
  CommandContext(Server& its_server, Session& its_session, std::span<const std::string_view> words, ReplyWriter writer,
                 int64_t moment_ms, uint64_t key_hash, ArgumentList* words_owner, size_t first_word)
      : server(its_server),
        session(its_session),
        args(words),
        reply(writer),
        now_ms(moment_ms),
        first_key_hash(key_hash),
        owner(words_owner),
        first_index(first_word) {}

  Server& server;
  Session& session;
  const CommandEntry* entry = nullptr;     // of the subcommand, where it is one
  std::span<const std::string_view> args;  // with the command's name, and the subcommand's
  ReplyWriter reply;
  // The request's moment, Unix time in milliseconds: the same from its start to its end.
  int64_t now_ms;
  // The hash of the first key, worked out when it was prefetched; 0 where the command has no key.
  uint64_t first_key_hash;
  ArgumentList* owner;  // of args
  size_t first_index;   // of args[0] in `owner`

  Database& db() { return server.database(session.db_index()); }

  // The hash of args[index]; costs nothing for the command's first key.
  uint64_t HashOf(size_t index) {
    return static_cast<int>(index) == entry->first_key ? first_key_hash : db().Hash(args[index]);
  }

  // Finds a key to read it: counts a hit or a miss, and removes an expired one.
  Ref FindToRead(size_t index) {
    const Ref ref = db().FindLive(args[index], HashOf(index), now_ms);
    ++(ref ? server.stats().keyspace_hits : server.stats().keyspace_misses);
    return ref;
  }
  // Finds a key to change it.
  Ref FindToWrite(size_t index) { return db().FindLive(args[index], HashOf(index), now_ms); }

  // The bytes of args[index] to keep, if it came in a block of its own; else an empty Blob: copy args[index] then. Nor
  // are they given away while somebody monitors, who is shown them when the command is over: it may have freed them by
  // then.
  Blob TakeArgument(size_t index) { return server.monitors().empty() ? owner->TakeBlob(first_index + index) : Blob(); }

  // A key changed: for what will follow from that (replication, the log, keyspace events).
  void NoteChange(uint64_t changes = 1) { server.stats().changes += changes; }

  // Answers with an error; `text` begins with its code ("ERR ...").
  void Error(std::string_view text) {
    server.stats().CountError(text);
    reply.Error(text);
  }
  void SyntaxError() { Error("ERR syntax error"); }
  void NotAnInteger() { Error("ERR value is not an integer or out of range"); }
  // Checks that `ref`, where it is not null, holds a string; else answers WRONGTYPE.
  bool IsString(Ref ref) {
    if (!ref || ref.type() == ValueType::kString) {
      return true;
    }
    Error("WRONGTYPE Operation against a key holding the wrong kind of value");
    return false;
  }
};

}  // namespace reprise

#endif  // REPRISE_SERVER_COMMANDS_COMMAND_CONTEXT_H_
