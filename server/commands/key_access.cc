#include "server/commands/key_access.h"

#include <string_view>
#include <utility>

#include "server/keyspace/blob.h"

namespace reprise {

void StoreArgument(CommandContext& ctx, Ref& ref, size_t key_index, uint64_t hash, size_t value_index,
                   int64_t expire_at_ms) {
  Database& db = ctx.db();
  const std::string_view key = ctx.args[key_index];
  const std::string_view value = ctx.args[value_index];
  Blob blob = value.size() > kInlineMaxBytes ? ctx.TakeArgument(value_index) : Blob();
  if (!blob.empty()) {
    if (ref) {
      db.Replace(ref, std::move(blob), expire_at_ms);
    } else {
      ref = db.Insert(key, hash, std::move(blob), expire_at_ms);
    }
  } else if (ref) {
    db.Replace(ref, value, expire_at_ms);
  } else {
    ref = db.Insert(key, hash, value, expire_at_ms);
  }
  NoteAccess(ref, ctx.now_ms);
  ctx.NoteChange();
}

}  // namespace reprise
