// A handler of lines and a Connection in a scripted world. For the tests of Connection and ConnectionContext.
#ifndef REPRISE_LOOP_CONNECTION_TESTING_H_
#define REPRISE_LOOP_CONNECTION_TESTING_H_

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "loop/connection.h"
#include "loop/scripted_testing.h"

namespace reprise {

// Answers each line with "<line>!"; leaves an unfinished line, and all lines but `lines_per_call`, for later.
class LineHandler final : public ConnectionHandler {
 public:
  InputResult OnInput(Connection& connection, std::string_view input) override {
    shown.emplace_back(input);
    if (looks != nullptr) looks->push_back("input " + shown.back());
    size_t done = 0;
    for (size_t lines = 0; true; ++lines) {
      const size_t end = input.find('\n', done);
      if (end == std::string_view::npos) return {.consumed = done};
      if (lines == lines_per_call) return {.consumed = done, .more_work = true};
      connection.reply_buffer().Append(input.substr(done, end - done));
      connection.reply_buffer().Append("!");
      done = end + 1;
      if (on_line) on_line(connection);
    }
  }
  uint64_t LookAhead(std::string_view input) override {
    if (looks != nullptr) looks->push_back("ahead " + std::string(input));
    return input.size();
  }
  void LookAgain(uint64_t looked) override {
    if (looks != nullptr) looks->push_back("again " + std::to_string(looked));
  }
  std::span<char> ReceiveTarget() override { return target; }
  InputResult OnReceived(Connection&, size_t bytes) override {
    received += bytes;
    target = target.subspan(bytes);
    return {};
  }
  void OnClosed(Connection&, ErrorCode reason) override {
    closed.push_back(reason);
    if (on_closed) on_closed();
  }

  size_t lines_per_call = 1000;
  std::span<char> target;
  size_t received = 0;
  std::vector<std::string> shown;
  std::vector<std::string>* looks = nullptr;
  std::vector<ErrorCode> closed;
  std::function<void(Connection&)> on_line;
  std::function<void()> on_closed;
};

// A Connection on handle 3 of a scripted world.
class ConnectionTest : public testing::Test {
 protected:
  ConnectionTest() { CHECK(connection->Start().ok()); }

  void Readable(ErrorCode code, std::string bytes) {
    stream().reads.emplace_back(code, std::move(bytes));
    Turn(true, false);
  }
  void Turn(bool readable, bool writable) {
    poller.batches.push_back({{.readable = readable, .writable = writable, .token = poller.tokens.at(3)}});
    loop.RunOnce();
  }
  ScriptedNetwork::Stream& stream() { return network.streams[3]; }

  ScriptedPoller poller;
  SetClock clock;
  ScriptedNetwork network;
  EventLoop loop{poller, clock};
  ConnectionContext context{loop, network};
  LineHandler handler;
  std::unique_ptr<Connection> connection = std::make_unique<Connection>(context, Handle{3}, handler);
};

}  // namespace reprise

#endif  // REPRISE_LOOP_CONNECTION_TESTING_H_
