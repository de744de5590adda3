// A Poller, a Clock and a Network that do just what a test prepared. For the loop's own unit tests.
#ifndef REPRISE_LOOP_SCRIPTED_TESTING_H_
#define REPRISE_LOOP_SCRIPTED_TESTING_H_

#include <algorithm>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "loop/check.h"
#include "loop/clock.h"
#include "loop/network.h"
#include "loop/poller.h"

namespace reprise {

// Gives out the batches of events that a test prepared.
class ScriptedPoller final : public Poller {
 public:
  Status Register(Handle handle, Interest interest, Token token) override {
    if (!register_status.ok()) return register_status;
    CHECK(watched.emplace(handle.id, interest).second);
    tokens[handle.id] = token;
    return Status::Ok();
  }
  Status Change(Handle handle, Interest interest, Token) override {
    ++changes;
    watched.at(handle.id) = interest;
    return Status::Ok();
  }
  void Forget(Handle handle) override { CHECK(watched.erase(handle.id) == 1); }
  size_t Wait(std::span<Event> events, int64_t deadline_ns) override {
    deadlines.push_back(deadline_ns);
    if (batches.empty()) return 0;
    const std::vector<Event> batch = batches.front();
    batches.pop_front();
    std::copy(batch.begin(), batch.end(), events.begin());
    return batch.size();
  }
  void Wake() override {}

  Event Readable(int id) const { return {.readable = true, .token = tokens.at(id)}; }

  Status register_status;
  int changes = 0;
  std::map<int, Interest> watched;
  std::map<int, Token> tokens;
  std::deque<std::vector<Event>> batches;
  std::vector<int64_t> deadlines;
};

class SetClock final : public Clock {
 public:
  int64_t MonotonicNanos() override { return now_ns; }
  int64_t WallMicros() override { return 1'000'000 + now_ns / 1000; }
  int64_t now_ns = 1000;
};

// Streams whose every answer a test prepared, per handle; would-block where nothing was.
class ScriptedNetwork final : public Network {
 public:
  struct Stream {
    std::deque<IoResult> write_results;  // empty: takes all
    std::deque<std::pair<ErrorCode, std::string>> reads;
    std::string written;
    size_t writes = 0;
    size_t pieces_last = 0;
    bool open = true;
  };

  Result<Handle> Listen(const Address& address, const ListenOptions&) override {
    listening = address;
    return Handle{2};
  }
  Result<Handle> Accept(Handle) override {
    if (accepts.empty()) return Status(ErrorCode::kWouldBlock);
    Result<Handle> next = accepts.front();
    accepts.pop_front();
    return next;
  }
  Result<Handle> Connect(const Address&) override { return Status(ErrorCode::kUnsupported); }
  Status ConnectResult(Handle) override { return Status::Ok(); }
  IoResult Read(Handle handle, std::span<char> into) override {
    CHECK(handle.valid());
    Stream& stream = streams[handle.id];
    CHECK(stream.open);
    if (stream.reads.empty()) return {0, ErrorCode::kWouldBlock};
    auto& [code, bytes] = stream.reads.front();
    const size_t count = std::min(bytes.size(), into.size());
    std::copy_n(bytes.begin(), count, into.begin());
    const IoResult result{count, code};
    bytes.erase(0, count);
    if (bytes.empty()) stream.reads.pop_front();
    return result;
  }
  IoResult Write(Handle handle, std::span<const std::string_view> pieces) override {
    Stream& stream = streams[handle.id];
    CHECK(stream.open && !pieces.empty() && pieces.size() <= kMaxGather);
    ++stream.writes;
    stream.pieces_last = pieces.size();
    std::string all;
    for (const std::string_view piece : pieces) {
      CHECK(!piece.empty());
      all += piece;
    }
    IoResult result{all.size(), ErrorCode::kOk};
    if (!stream.write_results.empty()) {
      result = stream.write_results.front();
      stream.write_results.pop_front();
    }
    stream.written += all.substr(0, result.bytes);
    return result;
  }
  Status ShutdownWrite(Handle) override { return Status::Ok(); }
  void Close(Handle handle) override {
    CHECK(streams[handle.id].open);
    streams[handle.id].open = false;
  }
  void Abort(Handle handle) override { Close(handle); }
  Result<Address> LocalAddress(Handle) override { return listening; }
  Result<Address> PeerAddress(Handle) override { return Status(ErrorCode::kNotConnected); }
  Status SetNoDelay(Handle, bool) override { return Status::Ok(); }
  Status SetKeepAlive(Handle, int) override { return Status::Ok(); }

  std::map<int, Stream> streams;
  std::deque<Result<Handle>> accepts;
  Address listening;
};

}  // namespace reprise

#endif  // REPRISE_LOOP_SCRIPTED_TESTING_H_
