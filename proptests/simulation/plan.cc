#include "proptests/simulation/plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "proptests/simulation/profile.h"
#include "proptests/workload/generator.h"
#include "proptests/workload/recipes.h"
#include "proptests/workload/stream.h"
#include "sim/mix.h"

namespace reprise {
namespace {

// What makes a difference to clients that don't read: a server that stops reading from them, and limits that count in
// seconds, for which the world has to stay bad for some.
void DrawUnread(Draw& draw, Plan& plan) {
  static constexpr std::array<uint64_t, 3> kPauses = {0, 10'000, 60'000};
  plan.pause_output_bytes = draw.OneOf(kPauses);
  if (plan.Config("client-output-buffer-limit").ends_with(" 2") && draw.Chance(1, 2)) {
    static constexpr std::array<std::string_view, 2> kSoft = {"normal 400000 50000 1", "normal 0 20000 1"};
    plan.SetConfig("client-output-buffer-limit", draw.OneOf(kSoft));
    plan.heal_after_ns = draw.Between(1, 40) * 200'000'000;
  }
}

// Some pauses are shorter than `timeout`, and some so long that a server has to have noticed.
void DrawIdle(Draw& draw, Plan& plan) {
  const int64_t timeout_s = draw.Between(1, 3);
  plan.SetConfig("timeout", std::to_string(timeout_s));
  for (ScriptClient& client : plan.script.clients) {
    const int64_t timeout_ms = timeout_s * 1000;
    if (client.temper != Temper::kByteAtATime && client.operations.size() <= 12) {
      client.pause_ns = (draw.Chance(1, 2) ? draw.Between(timeout_ms / 2, timeout_ms * 3 / 2)
                                           : draw.Between(timeout_ms, timeout_ms + 11'000)) *
                        1'000'000;
    }
  }
  plan.heal_after_ns = draw.Between(1, 40) * 500'000'000;
}

void DrawOptions(Draw& draw, Plan& plan) {
  static constexpr std::array<int64_t, 4> kLatencies = {50'000, 5'000, 400'000, 3'000'000};
  // A server that looks for expired keys 500 times a second does little else: it is worth few seeds.
  static constexpr std::array<std::string_view, 8> kHz = {"10", "10", "10", "10", "10", "100", "100", "500"};
  plan.world.latency_ns = draw.OneOf(kLatencies);
  plan.world.turn_ns = draw.Chance(1, 4) ? 50'000 : 1'000;
  plan.world.segment_bytes = draw.Chance(1, 4) ? 1'448 : 64 * 1024;
  if (draw.Chance(1, 4)) {
    plan.world.send_buffer_bytes = 4'096;
    plan.world.receive_buffer_bytes = 4'096;
  }
  plan.world.entropy_seed = 1 + draw.Below(1 << 20);
  plan.world.step_limit = 5'000'000;
  plan.SetConfig("hz", draw.OneOf(kHz));
  if (draw.Chance(1, 6)) {
    plan.SetConfig("requirepass", std::string(kServerPassword));
  }
  const bool unread = std::any_of(plan.script.clients.begin(), plan.script.clients.end(),
                                  [](const ScriptClient& client) { return client.temper == Temper::kNeverReading; });
  if (unread && (plan.profile == "unread" || draw.Chance(1, 3))) {
    static constexpr std::array<std::string_view, 3> kLimits = {"normal 200000 0 0", "normal 30000 0 0",
                                                                "normal 400000 100000 2"};
    plan.SetConfig("client-output-buffer-limit", draw.OneOf(kLimits));
    plan.world.send_buffer_bytes = draw.Chance(1, 2) ? 4'096 : plan.world.send_buffer_bytes;
    plan.world.receive_buffer_bytes = plan.world.send_buffer_bytes;
  }
  plan.heal_after_ns = draw.Between(1, 40) * (draw.Chance(1, 8) ? 100'000'000 : 3'000'000);
  if (unread) {
    DrawUnread(draw, plan);
  }
  if (plan.profile == "idle") {
    DrawIdle(draw, plan);
  }
  plan.audit = draw.Chance(1, 6);
  if (draw.Chance(1, 4)) {
    plan.SetConfig("loglevel", "verbose");
  }
  plan.monitor = !plan.audit && draw.Chance(1, 8);
}

bool ParseNumber(std::string_view text, uint64_t& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size();
}

// The options that are numbers, by the names that tapes have for them.
struct NumberOption {
  std::string_view name;
  uint64_t (*get)(const Plan&);
  void (*set)(Plan&, uint64_t);
  uint64_t least;
  uint64_t most;
};

constexpr uint64_t kHourNs = 3'600'000'000'000;
constexpr uint64_t kBufferBytesMax = uint64_t{1} << 30;

#define REPRISE_OPTION(name, member, least, most)                                                                \
  NumberOption {                                                                                                 \
    name, [](const Plan& plan) { return static_cast<uint64_t>(plan.member); },                                   \
        [](Plan& plan, uint64_t value) { plan.member = static_cast<decltype(plan.member)>(value); }, least, most \
  }
constexpr std::array kNumberOptions = {
    REPRISE_OPTION("latency_ns", world.latency_ns, 0, kHourNs),
    REPRISE_OPTION("turn_ns", world.turn_ns, 0, kHourNs),
    REPRISE_OPTION("segment_bytes", world.segment_bytes, 1, kBufferBytesMax),
    REPRISE_OPTION("send_buffer_bytes", world.send_buffer_bytes, 1, kBufferBytesMax),
    REPRISE_OPTION("receive_buffer_bytes", world.receive_buffer_bytes, 1, kBufferBytesMax),
    REPRISE_OPTION("entropy_seed", world.entropy_seed, 0, UINT64_MAX),
    REPRISE_OPTION("step_limit", world.step_limit, 1, UINT64_MAX),
    REPRISE_OPTION("heal_after_ns", heal_after_ns, 0, 24 * kHourNs),
    REPRISE_OPTION("pause_output_bytes", pause_output_bytes, 0, UINT64_MAX),
    REPRISE_OPTION("stream_may_break", stream_may_break, 0, 1),
    REPRISE_OPTION("audit", audit, 0, 1),
    REPRISE_OPTION("monitor", monitor, 0, 1),
};
#undef REPRISE_OPTION

Status ApplyOption(std::string_view name, std::string_view value, Plan& plan) {
  constexpr std::string_view kConfig = "config.";
  if (name == "seed" || name == "profile" || name == "script" || name.starts_with("client.")) {
    return Status::Ok();
  }
  if (name == "stream") {
    Result<std::string> stream = ParseStream(value);
    if (!stream.ok()) {
      return stream.status();
    }
    plan.stream = std::move(stream).value();
    return Status::Ok();
  }
  if (name.starts_with(kConfig)) {
    Config trial;
    const Status status = ApplyServerConfig(name.substr(kConfig.size()), value, trial);
    if (!status.ok()) {
      return Status(ErrorCode::kInvalidArgument, fmt::format("option {} = {}: {}", name, value, status.detail()));
    }
    plan.SetConfig(name.substr(kConfig.size()), value);
    return Status::Ok();
  }
  for (const NumberOption& option : kNumberOptions) {
    uint64_t number = 0;
    if (option.name != name) {
      continue;
    }
    if (!ParseNumber(value, number) || number < option.least || number > option.most) {
      return Status(ErrorCode::kInvalidArgument, fmt::format("option {} = {}: a number from {} to {} is wanted", name,
                                                             value, option.least, option.most));
    }
    option.set(plan, number);
    return Status::Ok();
  }
  return Status(ErrorCode::kInvalidArgument, fmt::format("option {} = {} means nothing", name, value));
}

}  // namespace

std::string_view Plan::Config(std::string_view name) const {
  for (const auto& [key, value] : config) {
    if (key == name) {
      return value;
    }
  }
  return {};
}

void Plan::SetConfig(std::string_view name, std::string_view value) {
  for (auto& [key, present] : config) {
    if (key == name) {
      present = value;
      return;
    }
  }
  config.emplace_back(name, value);
}

Plan DrawPlan(Draw& draw, std::string_view profile, const CommandTable& commands) {
  const Profile* const found = FindProfile(profile);
  CHECK(found != nullptr);
  Plan plan;
  plan.profile = profile;
  Generator generator(draw, commands, plan.world.start_wall_us / 1000);
  if (found->stream) {
    plan.stream = MakeStream(generator, found->shape.operations_max);
    return plan;
  }
  plan.script = generator.MakeScript(found->shape);
  DrawOptions(draw, plan);
  if (found->crowds && draw.Chance(1, 250)) {
    generator.AddCrowd(plan.script);
  }
  return plan;
}

Result<Plan> MakePlan(uint64_t seed, std::string_view profile, const CommandTable& commands) {
  const Profile* const found = FindProfile(profile);
  if (found == nullptr) {
    return Status(ErrorCode::kNotFound, fmt::format("there is no profile '{}'", profile));
  }
  SeedDraw draw(MixPair(seed, 0x7363'7269'7074'0001u));
  Plan plan = DrawPlan(draw, profile, commands);
  plan.seed = seed;
  plan.faults = found->FaultsOf(seed);
  return plan;
}

Tape TapeOf(const Plan& plan, bool with_script) {
  Tape tape;
  tape.SetOption("seed", std::to_string(plan.seed));
  tape.SetOption("profile", plan.profile);
  if (with_script) {
    tape.SetOption("script", "here");
    for (const NumberOption& option : kNumberOptions) {
      tape.SetOption(option.name, std::to_string(option.get(plan)));
    }
    for (const auto& [name, value] : plan.config) {
      tape.SetOption("config." + name, value);
    }
    plan.script.AddTo(tape);
    if (plan.stream) {
      tape.SetOption("stream", StreamText(*plan.stream));
    }
  }
  return tape;
}

Result<Plan> PlanOf(const Tape& tape, const CommandTable& commands) {
  uint64_t seed = 0;
  if (!ParseNumber(tape.Option("seed").value_or(""), seed)) {
    return Status(ErrorCode::kInvalidArgument, "the tape has no `option seed = NUMBER`");
  }
  Result<Plan> made = MakePlan(seed, tape.Option("profile").value_or("mixed"), commands);
  if (!made.ok()) {
    return Status(ErrorCode::kInvalidArgument, made.status().detail());
  }
  Plan plan = std::move(made).value();
  if (tape.Option("script") == "here") {
    Result<Script> script = Script::FromTape(tape);
    if (!script.ok() && script.status().code() != ErrorCode::kNotFound) {
      return script.status();
    }
    plan.script = script.ok() ? std::move(script).value() : Script();
    plan.config.clear();
    plan.stream.reset();
  }
  for (const auto& [name, value] : tape.options) {
    if (Status status = ApplyOption(name, value, plan); !status.ok()) {
      return status;
    }
  }
  plan.script.Omit(tape);
  return plan;
}

Status ApplyServerConfig(std::string_view name, std::string_view value, Config& config) {
  std::vector<std::string_view> words;
  for (std::string_view rest = value; !rest.empty();) {
    const size_t end = std::min(rest.find(' '), rest.size());
    words.push_back(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return config.SetAtStart(name, words);
}

std::string DescribeOptions(const Plan& plan) {
  std::string text = fmt::format("profile {}\n", plan.profile);
  for (const NumberOption& option : kNumberOptions) {
    text += fmt::format("{} {}\n", option.name, option.get(plan));
  }
  for (const auto& [name, value] : plan.config) {
    text += fmt::format("config.{} {}\n", name, name == "requirepass" ? "(a password)" : value);
  }
  for (size_t i = 0; i < kSiteCount; ++i) {
    const uint32_t rate = plan.faults.rate(SiteAt(i));
    if (rate > 0) {
      text += fmt::format("fault.{} {}/{}\n", SiteName(SiteAt(i)), rate, kRateOne);
    }
  }
  return text;
}

std::string DescribeClients(const Plan& plan) {
  std::string text;
  if (plan.stream) {
    text += fmt::format("a lone client that sends {} bytes\n", plan.stream->size());
  }
  for (const ScriptClient& client : plan.script.clients) {
    text += fmt::format("client {}: {}, keys {}, RESP{}, window {}, pause {} us, {} operations\n", client.id,
                        TemperName(client.temper), KeysName(client.keys), client.resp3 ? 3 : 2, client.window,
                        client.pause_ns / 1000, client.operations.size());
  }
  return text;
}

}  // namespace reprise
