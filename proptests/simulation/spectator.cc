#include "proptests/simulation/spectator.h"

#include <fmt/format.h>

#include <utility>

#include "proptests/model/reply_value.h"
#include "proptests/workload/script.h"

namespace reprise {
namespace {

constexpr std::string_view kLineEnd = "\r\n";

}  // namespace

void Spectator::Start(std::string_view password) {
  std::string hello;
  if (!password.empty()) {
    AppendRequest({"AUTH", std::string(password)}, hello);
    ++greetings_;
  }
  AppendRequest({"MONITOR"}, hello);
  ++greetings_;
  peer_.Connect(Address{Address::Family::kIpv4, "127.0.0.1", 6379});
  peer_.Send(hello);
}

void Spectator::Conclude(std::function<void()> done) {
  done_ = std::move(done);
  view_.until_ns = world_.elapsed_ns();
  if (ended()) {
    TellDone();
    return;
  }
  std::string last;
  AppendRequest({"PING"}, last);
  peer_.Send(last);
}

// All answers to what it asks are single lines, as its lines are.
void Spectator::OnBytes(SimPeer&, std::string_view bytes) {
  unfinished_ += bytes;
  size_t at = 0;
  for (size_t end = 0; (end = unfinished_.find(kLineEnd, at)) != std::string::npos; at = end + kLineEnd.size()) {
    OnLine(std::string_view(unfinished_).substr(at, end - at));
  }
  unfinished_.erase(0, at);
}

void Spectator::OnLine(std::string_view line) {
  if (view_.whole) {
    return;  // its own last request
  }
  if (!line.starts_with('+') || (greetings_ > 0 && line != "+OK")) {
    view_.problem = view_.problem.empty() ? fmt::format("who monitors is told {}", Quoted(line)) : view_.problem;
  } else if (greetings_ > 0) {
    --greetings_;
    view_.on_ns = greetings_ == 0 ? world_.elapsed_ns() : view_.on_ns;
  } else if (line == "+PONG" && done_ != nullptr) {
    view_.whole = true;
    TellDone();
  } else {
    view_.lines.emplace_back(line.substr(1));
  }
}

void Spectator::TellDone() {
  const std::function<void()> done = std::exchange(done_, nullptr);
  if (done != nullptr) {
    done();
  }
}

void Spectator::OnEnd(SimPeer&) {
  peer_.Close();
  TellDone();
}

std::string Spectator::Describe() const {
  return fmt::format("the spectator (client {}): {} lines{}{}", peer_.client(), view_.lines.size(),
                     done_ != nullptr ? ", waits for the last" : "", ended() ? ", has ended" : "");
}

}  // namespace reprise
