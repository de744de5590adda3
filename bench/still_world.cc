#include "bench/still_world.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "loop/check.h"

namespace reprise {

Result<Handle> StillNetwork::Accept(Handle) {
  if (waiting_ == 0) {
    return Status(ErrorCode::kWouldBlock);
  }
  --waiting_;
  streams_.emplace_back();
  return Handle{static_cast<int32_t>(streams_.size())};
}

IoResult StillNetwork::Read(Handle handle, std::span<char> into) {
  std::deque<std::string_view>& pieces = streams_[static_cast<size_t>(handle.id - 1)];
  if (pieces.empty()) {
    return {.bytes = 0, .code = ErrorCode::kWouldBlock};
  }
  const size_t bytes = std::min(into.size(), pieces.front().size());
  std::memcpy(into.data(), pieces.front().data(), bytes);
  pieces.front().remove_prefix(bytes);
  if (pieces.front().empty()) {
    pieces.pop_front();
  }
  return {.bytes = bytes};
}

IoResult StillNetwork::Write(Handle, std::span<const std::string_view> pieces) {
  size_t bytes = 0;
  for (const std::string_view piece : pieces) {
    bytes += piece.size();
  }
  bytes_written_ += bytes;
  return {.bytes = bytes};
}

Status StillPoller::Register(Handle handle, Interest interest, Token token) {
  const auto index = static_cast<size_t>(handle.id);
  watched_.resize(std::max(watched_.size(), index + 1));
  watched_[index] = {interest, token};
  return Status::Ok();
}

Status StillPoller::Change(Handle handle, Interest interest, Token token) { return Register(handle, interest, token); }

size_t StillPoller::Wait(std::span<Event> events, int64_t) {
  size_t count = 0;
  for (size_t i = 0; i < watched_.size() && count < events.size(); ++i) {
    if (WantsRead(watched_[i].interest) && network_.readable(static_cast<int32_t>(i))) {
      events[count] = Event();
      events[count].readable = true;
      events[count].token = watched_[i].token;
      ++count;
    }
  }
  return count;
}

StillWorld::StillWorld(size_t clients) {
  Config config;
  constexpr std::array<std::string_view, 1> kBind = {"127.0.0.1"};
  CHECK(config.SetAtStart("bind", kBind).ok());
  server_ = std::make_unique<Server>(World{loop_, network_, entropy_, process_}, std::move(config));
  CHECK(server_->Start().ok());
  for (size_t i = 0; i < clients; ++i) {
    network_.AddClient();
  }
  while (network_.client_count() < clients) {
    Turn();
  }
}

void StillWorld::Serve(std::string_view bytes) {
  network_.Send(0, bytes);
  // One turn more than there are bytes for: work may be left to do with what was read.
  do {
    Turn();
  } while (network_.readable(1));
  Turn();
}

}  // namespace reprise
