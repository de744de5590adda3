#include "proptests/simulation/mortal_server.h"

#include "proptests/oracles/peace.h"
#include "sim/notices.h"

namespace reprise {
namespace {

// A world that is out of handles or memory may keep a server from starting; then somebody starts it again.
constexpr int kStartsMax = 20;

Config ServerConfig(const Plan& plan) {
  Config config;
  for (const auto& [name, value] : plan.config) {
    const Status status = ApplyServerConfig(name, value, config);
    CHECK(status.ok());
  }
  return config;
}

}  // namespace

MortalServer::MortalServer(const Plan& plan, SimWorld& world, Clock& clock)
    : plan_(plan), world_(world), clock_(clock) {}

bool MortalServer::Start() {
  if (!loop_) {
    loop_.emplace(world_.poller(), clock_);
  }
  for (int i = 0; i <= kStartsMax; ++i) {
    if (i == kStartsMax) {
      world_.Heal();
    }
    server_ = std::make_unique<Server>(World{*loop_, world_.network(), world_.entropy(), world_.process()},
                                       ServerConfig(plan_));
    server_->connections().limits().pause_output_bytes = plan_.pause_output_bytes;
    if (server_->Start().ok()) {
      return true;
    }
    server_.reset();
  }
  return false;
}

std::string MortalServer::Bury() {
  server_.reset();
  std::string left = DescribeLeftOver(world_, *loop_);
  if (dead()) {
    former_ = counters();
    loop_.reset();
  }
  return left;
}

LoopCounters MortalServer::counters() const { return loop_ ? Sum(former_, loop_->counters()) : former_; }

}  // namespace reprise
