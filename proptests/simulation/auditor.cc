#include "proptests/simulation/auditor.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "proptests/workload/script.h"

namespace reprise {
namespace {

constexpr size_t kIdsMax = 3;
constexpr std::string_view kProbe = "probe";

// What must have grown by how much between the INFO before the probes and that after them.
constexpr std::pair<std::string_view, int64_t> kGrowth[] = {{"keyspace_hits", 2},
                                                            {"keyspace_misses", 3},
                                                            {"expired_keys", 1},
                                                            {"total_error_replies", 1},
                                                            {"total_commands_processed", 8}};

// Whether one of them has connected since then.
bool AskSince(std::span<const ClientHistory* const> others, int64_t time_ns) {
  return std::any_of(others.begin(), others.end(), [time_ns](const ClientHistory* history) {
    return !history->links.empty() && history->links.back().began_ns > time_ns;
  });
}

}  // namespace

std::vector<Auditor::Other> Auditor::OthersOf(std::span<const ClientHistory* const> histories) {
  std::vector<Other> others;
  for (size_t i = 0; i < histories.size(); ++i) {
    const ClientHistory& history = *histories[i];
    const size_t latest = history.links.size() - 1;
    if (history.links.empty() || (!history.endings.empty() && history.endings.back().connection == latest)) {
      continue;
    }
    for (const Exchange& exchange : history.exchanges) {
      const bool tells = exchange.connection == latest && exchange.fate == Exchange::Fate::kAnswered &&
                         exchange.reply.type == ':' && exchange.operation == Exchange::kSetup;
      if (tells && exchange.words == std::vector<std::string>{"CLIENT", "ID"}) {
        others.push_back({i, exchange.reply.integer, history.links[latest].port});
        break;
      }
    }
  }
  return others;
}

Auditor::Auditor(SimWorld& world, Server& server, Settings settings, std::function<void(size_t)> kill,
                 std::function<void()> done)
    : world_(world),
      server_(server),
      settings_(std::move(settings)),
      kill_(std::move(kill)),
      done_(std::move(done)),
      peer_(world.NewPeer(settings_.client, *this)) {
  history_.client = settings_.client;
  history_.keys = Keys::kBlind;
}

void Auditor::Plan(const std::vector<Other>& others) {
  if (!settings_.password.empty()) {
    Expect({"AUTH", settings_.password}, ReplyValue::Ok());
  }
  Ask({"CLIENT", "ID"});
  Expect({"CLIENT", "SETNAME", "auditor"}, ReplyValue::Ok());
  Ask({"CLIENT", "LIST"});
  Ask({"CLIENT", "LIST", "TYPE", "pubsub"});
  Ask({"CLIENT", "INFO"});
  std::vector<std::string> by_id = {"CLIENT", "LIST", "ID"};
  for (size_t i = std::min(others.size(), kIdsMax); i > 0; --i) {
    by_id.push_back(std::to_string(others[i - 1].id));
  }
  by_id.emplace_back("9999999");
  Ask(std::move(by_id));
  Ask({"INFO", "clients", "memory", "stats", "commandstats", "errorstats", "keyspace"});
  // It ends two of the others, and sees that they are no longer there.
  if (!others.empty()) {
    const Other& first = others.front();
    steps_.push_back({{"CLIENT", "KILL", "ID", std::to_string(first.id)}, {}, first.client});
    if (others.size() > 1) {
      const Other& last = others.back();
      steps_.push_back({{"CLIENT", "KILL", fmt::format("127.0.0.1:{}", last.port)}, {}, last.client});
    }
    Expect({"CLIENT", "KILL", "ID", std::to_string(first.id)}, ReplyValue::Integer(0));
    Ask({"CLIENT", "LIST", "TYPE", "normal"});
  }
  // From here on there is nothing that it does not know.
  Expect({"FLUSHALL"}, ReplyValue::Ok());
  Ask({"INFO", "stats", "keyspace", "clients"});
  const int64_t life_ms = 10 + 12 * settings_.latency_ns / kNanosPerMilli;
  const std::string probe(kProbe);
  Expect({"SET", probe, "v", "PX", std::to_string(life_ms)}, ReplyValue::Ok());
  Expect({"GET", probe}, ReplyValue::Bulk("v"));
  Expect({"EXISTS", probe, "none", "none"}, ReplyValue::Integer(1));
  Expect({"INCR", probe}, ReplyValue::Error("ERR value is not an integer or out of range"));
  steps_.push_back({{}, {}, {}, 2 * life_ms * kNanosPerMilli});
  Ask({"GET", probe});
  Expect({"DBSIZE"}, ReplyValue::Integer(0));
  Expect({"FLUSHALL"}, ReplyValue::Ok());
  Ask({"INFO", "stats", "keyspace", "clients"});
}

void Auditor::Start(const std::vector<Other>& others) {
  Plan(others);
  peer_.Connect(Address{Address::Family::kIpv4, "127.0.0.1", 6379});
  history_.links.push_back({world_.elapsed_ns(), peer_.port()});
  Next();
}

void Auditor::Finish() {
  if (!ended_ && !history_.links.empty()) {
    End(Ending::How::kByClient, ErrorCode::kOk);
    peer_.Close();
  }
}

void Auditor::End(Ending::How how, ErrorCode code) {
  ended_ = true;
  history_.endings.push_back({0, world_.elapsed_ns(), history_.links[0].began_ns, how, code});
}

// Goes on to the next step, or is done.
void Auditor::Next() {
  if (ended_) {
    return;
  }
  if (next_ == steps_.size()) {
    complete_ = true;
    done_();
    return;
  }
  const Step& step = steps_[next_];
  if (step.words.empty()) {
    ++next_;
    world_.Schedule(step.wait_ns, *this, 0);
    return;
  }
  if (step.kills) {
    kill_(*step.kills);
  }
  Send(step.words);
}

void Auditor::Send(const std::vector<std::string>& words) {
  std::string bytes;
  AppendRequest(words, bytes);
  if (words[0] == "INFO") {
    looks_.push_back({history_.exchanges.size(), FactsOf(server_, world_.network()), {}, bytes.size(), 0});
  }
  Exchange exchange;
  exchange.operation = static_cast<uint32_t>(next_);
  exchange.words = words;
  exchange.sent_ns = world_.elapsed_ns();
  history_.exchanges.push_back(std::move(exchange));
  reply_bytes_ = 0;
  peer_.Send(bytes);
}

void Auditor::OnBytes(SimPeer&, std::string_view bytes) {
  reply_bytes_ += bytes.size();
  parser_.Feed(bytes);
  while (std::optional<ReplyValue> reply = parser_.Next()) {
    OnReply(*std::move(reply));
  }
  if (!parser_.error().empty() && history_.protocol_error.empty()) {
    history_.protocol_error = parser_.error();
  }
}

void Auditor::OnReply(ReplyValue reply) {
  Exchange& exchange = history_.exchanges.back();
  if (exchange.fate == Exchange::Fate::kAnswered) {
    history_.protocol_error = fmt::format("an answer that nobody asked for: {}", reply.ToString());
    return;
  }
  exchange.fate = Exchange::Fate::kAnswered;
  exchange.done_ns = world_.elapsed_ns();
  exchange.reply = std::move(reply);
  ++history_.answered;
  const Step& step = steps_[next_++];
  if (step.expected && *step.expected != exchange.reply && problem_.empty()) {
    problem_ = fmt::format("{} was answered {}, but expected {}", exchange.words[0], exchange.reply.ToString(),
                           step.expected->ToString());
  }
  if (exchange.words[0] == "INFO") {
    looks_.back().after = FactsOf(server_, world_.network());
    looks_.back().reply_bytes = reply_bytes_;
  }
  Next();
}

void Auditor::OnEnd(SimPeer&) {
  End(Ending::How::kUnexpected, ErrorCode::kEndOfStream);
  peer_.Close();
  done_();
}

void Auditor::OnLost(SimPeer&, ErrorCode why) {
  End(Ending::How::kUnexpected, why);
  done_();
}

std::string Auditor::Describe() const {
  return fmt::format("the auditor (client {}): step {} of {}", settings_.client, next_, steps_.size());
}

// What the last two looks must differ in.
std::string Auditor::CheckProbes() const {
  const InfoFields before = FieldsOf(history_.exchanges[looks_[1].exchange].reply.text);
  const InfoFields after = FieldsOf(history_.exchanges[looks_[2].exchange].reply.text);
  for (const auto& [name, expected] : kGrowth) {
    if (const int64_t grown = Growth(before, after, name); grown != expected) {
      return fmt::format("INFO's {} has grown by {} where it should by {}", name, grown, expected);
    }
  }
  return {};
}

// Whether the server may do something for somebody else meanwhile: who asks what became of requests that were lost, or
// such a request itself, which nobody has made sure of.
bool Auditor::Disturbed(std::span<const ClientHistory* const> others) const {
  const int64_t began_ns = history_.links[0].began_ns;
  return AskSince(others, began_ns) ||
         std::any_of(others.begin(), others.end(), [began_ns](const ClientHistory* history) {
           return std::any_of(history->exchanges.begin(), history->exchanges.end(), [began_ns](const Exchange& each) {
             return each.fate == Exchange::Fate::kLost && (each.done_ns < 0 || each.done_ns > began_ns);
           });
         });
}

Finding Auditor::Check(std::span<const ClientHistory* const> others) const {
  Finding finding;
  const bool disturbed = Disturbed(others);
  finding.problem = disturbed ? std::string() : problem_;
  RequestCounts requests;  // until the first INFO, and with it
  for (const ClientHistory* history : others) {
    requests.Add(*history);
  }
  for (const Look& look : looks_) {
    const Exchange& exchange = history_.exchanges[look.exchange];
    if (exchange.fate != Exchange::Fate::kAnswered || !finding.ok()) {
      break;
    }
    const bool first = &look == &looks_.front();
    const bool known = first && !AskSince(others, history_.links[0].began_ns);
    requests.Add(history_, first ? look.exchange + 1 : 0);
    if (!first && disturbed) {
      break;
    }
    finding.problem = DescribeWrongCounts({exchange.reply.text, look.before, look.after, look.request_bytes,
                                           look.reply_bytes, known ? &requests : nullptr});
    ++finding.checked;
  }
  if (finding.ok() && complete_ && !disturbed) {
    finding.problem = CheckProbes();
  }
  finding.definite = finding.checked;
  return finding;
}

}  // namespace reprise
