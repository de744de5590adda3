#include "server/keyspace/reclaimer.h"

#include <limits>
#include <utility>

#include "loop/check.h"
#include "server/keyspace/entry.h"

namespace reprise {

void Reclaimer::Add(HashTable table, size_t bytes) {
  if (table.size() == 0) {
    return;
  }
  bytes_pending_ += bytes;
  tables_.push_back({std::move(table), bytes});
}

void Reclaimer::Add(Blob blob) {
  if (blob.bytes_used() == 0) {
    return;
  }
  bytes_pending_ += blob.bytes_used();
  blobs_.push_back(std::move(blob));
}

size_t Reclaimer::Step(size_t budget) {
  CHECK(budget > 0);
  size_t spent = StepBlobs(budget);
  if (spent < budget) {
    spent += StepTable(budget - spent);
  }
  return spent;
}

size_t Reclaimer::StepBlobs(size_t budget) {
  size_t spent = 0;
  while (spent < budget && !blobs_.empty()) {
    const size_t bytes = blobs_.front().bytes_used();
    blobs_.pop_front();
    bytes_pending_ -= bytes;
    spent += 1 + bytes / kBlobBytesPerUnit;
  }
  return spent;
}

size_t Reclaimer::StepTable(size_t budget) {
  size_t spent = 0;
  while (spent < budget && !tables_.empty()) {
    RetiredTable& retired = tables_.front();
    // A bucket at a time, since only freeing an entry tells what it cost.
    retired.table.Dismantle(1, [&](TableWord word) {
      const size_t bytes = FreeEntryKeepBlob(word).bytes_used();
      spent += 1 + bytes / kBlobBytesPerUnit;
    });
    if (retired.table.size() == 0) {
      bytes_pending_ -= retired.bytes;
      tables_.pop_front();
    }
  }
  return spent;
}

void Reclaimer::Drain() {
  while (!empty()) {
    Step(std::numeric_limits<size_t>::max());
  }
}

}  // namespace reprise
