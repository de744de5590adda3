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
  arrived_.reserve(kArrivedMax);
}

std::span<char> ConnectionContext::InputRoom(Connection& reader) {
  if (input_used_ > input_bytes_ / 2 || arrived_.size() == kArrivedMax) {
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
  arrived_.push_back({&connection, input, connection.handler_.LookAhead(input)});
  connection.arrived_ = true;
  input_used_ += bytes;
  loop_.RunAfterEvents(hand_out_);
}

void ConnectionContext::Forget(const Connection& connection) {
  const auto found = std::find_if(arrived_.begin(), arrived_.end(),
                                  [&](const Arrived& arrived) { return arrived.connection == &connection; });
  CHECK(found != arrived_.end());
  found->connection = nullptr;
}

void ConnectionContext::HandOutAll() {
  hand_out_.Unqueue();
  for (const Arrived& arrived : arrived_) {
    if (arrived.connection != nullptr && arrived.looked != 0) {
      arrived.connection->handler_.LookAgain(arrived.looked);
    }
  }
  for (size_t i = 0; i < arrived_.size(); ++i) {
    // Whoever came before may have closed this one.
    if (Connection* const connection = std::exchange(arrived_[i].connection, nullptr); connection != nullptr) {
      connection->arrived_ = false;
      if (connection->state_ == Connection::State::kOpen) {
        connection->HandOut(arrived_[i].input);
      }
    }
  }
  arrived_.clear();
  input_used_ = 0;
}

}  // namespace reprise
