#include "server/resp/unfinished_request.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "loop/check.h"

namespace reprise {

namespace {

// An incomplete line is mostly a few digits short of its end: so much of the next input is joined to it first.
constexpr size_t kFirstJoinBytes = 32;
constexpr size_t kPayloadEndBytes = 2;

}  // namespace

ParseOutcome UnfinishedRequest::Feed(std::string_view input, const ParseLimits& limits, size_t* consumed) {
  size_t pos = 0;
  ParseOutcome outcome = ParseOutcome::kNeedMore;
  if (receiving_) {
    pos = ReceivePayload(input);
    outcome = FinishPayload();
  } else if (!line_.empty()) {
    outcome = ContinueLine(input, limits, &pos);
  }
  first_borrowed_ = args_.size();
  if (outcome == ParseOutcome::kNeedMore && !receiving_ && line_.empty()) {
    const size_t first_new = args_.size();
    outcome = ContinueRequest(input, &pos, limits, &progress_, &args_, &error_);
    ++steps_;
    steps_ += args_.size() - first_new;
    if (outcome == ParseOutcome::kNeedMore) {
      args_.OwnFrom(first_new);
      KeepRest(input, pos);
      steps_ += input.size();
      pos = input.size();
    }
  }
  *consumed = pos;
  return outcome;
}

ParseOutcome UnfinishedRequest::ContinueLine(std::string_view input, const ParseLimits& limits, size_t* pos) {
  const size_t old_size = line_.size();
  const size_t first_new = args_.size();
  size_t joined = 0;
  size_t join_bytes = kFirstJoinBytes;
  while (joined < input.size()) {
    const std::string_view piece = input.substr(joined, join_bytes);
    line_.append(piece);
    joined += piece.size();
    steps_ += piece.size() + 1;
    join_bytes *= 2;
    size_t line_pos = 0;
    const ParseOutcome outcome = ContinueRequest(line_, &line_pos, limits, &progress_, &args_, &error_);
    if (outcome == ParseOutcome::kNeedMore && line_pos == 0) {
      continue;  // the line's end is still missing
    }
    if (outcome == ParseOutcome::kNeedMore) {
      args_.OwnFrom(first_new);
      line_.clear();
    }
    // The line was incomplete in line_ alone, so what was consumed reaches into `input`.
    *pos = outcome == ParseOutcome::kError ? 0 : line_pos - old_size;
    return outcome;
  }
  *pos = joined;
  return ParseOutcome::kNeedMore;
}

void UnfinishedRequest::KeepRest(std::string_view input, size_t pos) {
  const std::string_view rest = input.substr(pos);
  if (progress_.bulk_bytes < 0) {
    line_ = rest;
    return;
  }
  receiving_ = true;
  ReceivePayload(rest);
}

size_t UnfinishedRequest::payload_missing() const {
  return static_cast<size_t>(progress_.bulk_bytes) + kPayloadEndBytes - payload_.size();
}

void UnfinishedRequest::ReservePayload(size_t size) {
  if (size <= payload_.capacity() && payload_.capacity() > 0) {
    return;
  }
  const size_t all = payload_.size() + payload_missing();
  const size_t at_once = kReserveAtOnceBytes + kPayloadEndBytes;
  payload_.Reserve(std::min(all, std::max({size, payload_.capacity() * 2, at_once})));
}

size_t UnfinishedRequest::ReceivePayload(std::string_view input) {
  const std::string_view part = input.substr(0, payload_missing());
  const size_t old_size = payload_.size();
  ReservePayload(old_size + part.size());
  payload_.ResizeUninitialized(old_size + part.size());
  if (!part.empty()) {
    std::memcpy(payload_.data() + old_size, part.data(), part.size());
  }
  steps_ += part.size();
  return part.size();
}

ParseOutcome UnfinishedRequest::FinishPayload() {
  if (payload_missing() > 0) {
    return ParseOutcome::kNeedMore;
  }
  payload_.ResizeUninitialized(static_cast<size_t>(progress_.bulk_bytes));
  args_.AddBlob(std::exchange(payload_, Blob()));
  receiving_ = false;
  progress_.bulk_bytes = -1;
  --progress_.arguments_left;
  return progress_.arguments_left == 0 ? ParseOutcome::kRequest : ParseOutcome::kNeedMore;
}

std::span<char> UnfinishedRequest::ReceiveTarget() {
  if (!receiving_ || payload_missing() < kDirectReceiveBytes) {
    return {};
  }
  // Room for a decent read, or a doubling: never a read of the few bytes that happen to be left of the last one.
  ReservePayload(payload_.size() + kDirectReceiveBytes);
  return {payload_.data() + payload_.size(), std::min(payload_.capacity() - payload_.size(), payload_missing())};
}

ParseOutcome UnfinishedRequest::Received(size_t bytes) {
  CHECK(receiving_ && bytes <= payload_missing() && payload_.size() + bytes <= payload_.capacity());
  payload_.ResizeUninitialized(payload_.size() + bytes);
  const ParseOutcome outcome = FinishPayload();
  first_borrowed_ = args_.size();
  return outcome;
}

void UnfinishedRequest::OwnArguments() {
  args_.OwnFrom(first_borrowed_);
  first_borrowed_ = args_.size();
}

size_t UnfinishedRequest::memory_bytes() const {
  return sizeof(*this) + args_.memory_bytes() + payload_.bytes_used() + line_.size();
}

}  // namespace reprise
