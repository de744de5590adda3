// Reclaimer: frees what was given up, a bounded number of pieces at a time.
//
// FLUSHALL of millions of keys and UNLINK of a huge value hand their memory over in constant time; whoever owns the
// event loop calls Step each turn until empty() holds. Destroying a Reclaimer frees the rest at once.
#ifndef REPRISE_SERVER_KEYSPACE_RECLAIMER_H_
#define REPRISE_SERVER_KEYSPACE_RECLAIMER_H_

#include <cstddef>
#include <deque>

#include "server/keyspace/blob.h"
#include "server/keyspace/hash_table.h"

namespace reprise {

class Reclaimer {
 public:
  // Units of work that a Blob of `size` bytes costs: giving pages back takes time by the page.
  static constexpr size_t kBlobBytesPerUnit = 64 * 1024;

  Reclaimer() = default;
  ~Reclaimer() { Drain(); }
  Reclaimer(const Reclaimer&) = delete;
  Reclaimer& operator=(const Reclaimer&) = delete;

  // Takes over a table of entries (entry.h) together with the entries. `bytes` is what they used, for bytes_pending.
  void Add(HashTable table, size_t bytes);
  void Add(Blob blob);

  // True when nothing is waiting.
  bool empty() const { return tables_.empty() && blobs_.empty(); }

  // Frees entries and blobs until `budget` units are spent or nothing is left: an entry is one unit, a blob, and an
  // entry that owns one, one more for each kBlobBytesPerUnit. The last piece may exceed the budget, since malloc gives
  // no way to free half a block. Returns the units spent, 0 if there was nothing to do. REQUIRES: budget > 0.
  size_t Step(size_t budget);

  // Frees everything.
  void Drain();

  // Bytes that still wait, as their former owners counted them: a whole table counts until its last entry is freed.
  size_t bytes_pending() const { return bytes_pending_; }

 private:
  struct RetiredTable {
    HashTable table;
    size_t bytes;
  };

  size_t StepTable(size_t budget);
  size_t StepBlobs(size_t budget);

  std::deque<RetiredTable> tables_;
  std::deque<Blob> blobs_;
  size_t bytes_pending_ = 0;
};

}  // namespace reprise

#endif  // REPRISE_SERVER_KEYSPACE_RECLAIMER_H_
