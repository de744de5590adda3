// Batch: the next operations of a script that a client sends in one piece, as bytes and as what is to be answered.
#ifndef REPRISE_PROPTESTS_WORKLOAD_BATCH_H_
#define REPRISE_PROPTESTS_WORKLOAD_BATCH_H_

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "proptests/workload/script.h"

namespace reprise {

struct Batch {
  struct Asked {
    const Operation* operation;
    std::vector<std::string> words;  // as they were sent
    size_t size = 0;                 // how many of the bytes are its own
  };
  std::string bytes;
  std::vector<Asked> asked;  // of which each gets an answer, in this order
  size_t operations = 0;     // how many were taken
  bool ends = false;         // the server has to end the connection after the last answer
};

// Takes up to `most` operations from the front of `operations`, but none behind one after which the connection ends.
// `cursor` is what stands for {cursor}; `after_reset` is asked behind each RESET, so that the connection is again what
// the operations rely on. The batch borrows the operations.
Batch NextBatch(std::span<const Operation> operations, size_t most, const std::string& cursor,
                std::span<const std::vector<std::string>> after_reset);

// What is sent in front of CLIENT REPLY ON, or of RESET, and not answered: these are. Nothing for all other requests.
std::span<const std::vector<std::string>> UnansweredBefore(const std::vector<std::string>& words);

}  // namespace reprise

#endif  // REPRISE_PROPTESTS_WORKLOAD_BATCH_H_
