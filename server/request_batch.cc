#include "server/request_batch.h"

#include "loop/check.h"

namespace reprise {

uint64_t FirstKeyHash(const CommandEntry* entry, std::span<const std::string_view> args, const Database& database) {
  if (entry == nullptr || entry->first_key == 0 || args.size() <= static_cast<size_t>(entry->first_key)) {
    return 0;
  }
  return database.Hash(args[static_cast<size_t>(entry->first_key)]);
}

void RequestBatch::Parse(std::string_view input, size_t pos, size_t max, const ParseLimits& limits,
                         const CommandTable& commands, const Database& database) {
  CHECK(max > 0 && max <= kRequestsMax);
  size_ = 0;
  arguments_.Clear();
  outcome_ = ParseOutcome::kRequest;
  while (size_ < max) {
    const size_t first = arguments_.size();
    const ParseOutcome outcome = ParseNext(input, &pos, limits, &arguments_, &error_);
    if (outcome == ParseOutcome::kNeedMore || outcome == ParseOutcome::kError) {
      outcome_ = outcome;
      break;
    }
    requests_[size_++] = Request{nullptr, first, arguments_.size() - first, 0, pos};
  }
  for (size_t i = 0; i < size_; ++i) {
    Request& request = requests_[i];
    if (request.argument_count == 0) {
      continue;
    }
    const std::span<const std::string_view> args = arguments_.subspan(request.first_argument, request.argument_count);
    request.entry = commands.Find(args[0]);
    request.key_hash = FirstKeyHash(request.entry, args, database);
  }
  if (size_ > 1) {
    Prefetch(database);
  }
}

void RequestBatch::Assign(const Request& request, std::span<const std::string_view> arguments) {
  arguments_.Clear();
  for (const std::string_view argument : arguments) {
    arguments_.Add(argument);
  }
  requests_[0] = request;
  size_ = 1;
  outcome_ = ParseOutcome::kRequest;
}

// Two rounds: the lines of the table must be there before it is known which entries they point to.
void RequestBatch::Prefetch(const Database& database) const {
  for (size_t i = 0; i < size_; ++i) {
    if (requests_[i].key_hash != 0) {
      database.PrefetchBucket(requests_[i].key_hash);
    }
  }
  for (size_t i = 0; i < size_; ++i) {
    if (requests_[i].key_hash != 0) {
      database.PrefetchEntry(requests_[i].key_hash);
    }
  }
}

}  // namespace reprise
