// ConnectionContext, declared in connection.h: the shared input buffer, and what waits in it until all were read from.
#include <algorithm>
#include <memory>
#include <span>
#include <string_view>
#include <utility>

#include "loop/check.h"
#include "loop/connection.h"

namespace reprise {

ConnectionContext::ConnectionContext(EventLoop& loop, Network& network, const ConnectionLimits& limits)
    : loop_(loop),
      network_(network),
      limits_(limits),
      input_(std::make_unique_for_overwrite<char[]>(limits.read_bytes)),
      input_bytes_(limits.read_bytes) {
  arrivals_.reserve(kArrivalsMax);
}

std::span<char> ConnectionContext::InputRoom(Connection& reader) {
  if (input_used_ > input_bytes_ / 2 || arrivals_.size() == kArrivalsMax) {
    reader_ = &reader;
    HandOutAll();
    if (std::exchange(reader_, nullptr) == nullptr || reader.state_ != Connection::State::kOpen) {
      return {};
    }
  }
  return {input_.get() + input_used_, input_bytes_ - input_used_};
}

void ConnectionContext::Arrive(Connection& connection, size_t bytes) {
  const std::string_view input(input_.get() + input_used_, bytes);
  arrivals_.push_back({&connection, input, connection.handler_.LookAhead(input)});
  connection.input_waits_ = true;
  input_used_ += bytes;
  loop_.RunAfterEvents(hand_out_);
}

void ConnectionContext::Forget(const Connection& connection) {
  const auto found = std::find_if(arrivals_.begin(), arrivals_.end(),
                                  [&](const Arrival& arrival) { return arrival.connection == &connection; });
  CHECK(found != arrivals_.end());
  found->connection = nullptr;
}

void ConnectionContext::HandOutAll() {
  hand_out_.Unqueue();
  for (const Arrival& arrival : arrivals_) {
    if (arrival.connection != nullptr && arrival.looked != 0) {
      arrival.connection->handler_.LookAgain(arrival.looked);
    }
  }
  for (size_t i = 0; i < arrivals_.size(); ++i) {
    // Whoever came before may have closed this one.
    if (Connection* const connection = std::exchange(arrivals_[i].connection, nullptr); connection != nullptr) {
      connection->input_waits_ = false;
      if (connection->state_ == Connection::State::kOpen) {
        connection->HandOut(arrivals_[i].input);
      }
    }
  }
  arrivals_.clear();
  input_used_ = 0;
}

}  // namespace reprise
