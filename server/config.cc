#include "server/config.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <variant>

#include "loop/check.h"
#include "server/ascii.h"
#include "server/commands/glob.h"
#include "server/config_directives.h"
#include "server/config_file.h"
#include "server/config_parameters.h"
#include "server/config_value.h"
#include "server/resp/inline_line.h"

namespace reprise {
namespace {

using Words = std::span<const std::string_view>;

// A file that includes itself ends in an error, and not in a crash.
constexpr int kIncludeDepthMax = 16;

constexpr std::string_view kWrongNumber = "wrong number of arguments";
constexpr std::string_view kUnknownDirective = "Bad directive or wrong number of arguments";

Status Invalid(std::string text) { return Status(ErrorCode::kInvalidArgument, std::move(text)); }

Status SetFailed(std::string_view name, std::string_view reason) {
  return Invalid(fmt::format("CONFIG SET failed (possibly related to argument '{}') - {}", UpToNul(name), reason));
}

// One word given for a parameter that takes several holds all of them.
std::string SetOneWord(const ConfigParameter& parameter, std::string_view text, ConfigValues& values) {
  const std::vector<std::string_view> words =
      parameter.Has(ConfigParameter::kManyWords) ? SplitAtBlanks(text) : std::vector{text};
  return parameter.Set(words, values);
}

// An option of the command line: a name and the words up to the next name.
struct Option {
  std::string text;  // for error messages
  std::vector<std::string> words;
};

// What follows the configuration file. As in redis-server a name may bring its value along ("--port 7000" as one
// argument), and the argument behind a name alone is its value even if it begins with "--", but for "--save --x".
Result<std::vector<Option>> SplitOptions(Words args) {
  std::vector<Option> options;
  bool has_value = true;
  for (size_t i = 0; i < args.size(); ++i) {
    const std::string_view arg = args[i];
    if (!has_value || !arg.starts_with("--")) {
      if (options.empty()) {
        return Invalid(fmt::format("'{}': an option begins with --", arg));
      }
      options.back().text += fmt::format(" {}", arg);
      options.back().words.emplace_back(arg);
      has_value = true;
      continue;
    }
    ArgumentList words;
    if (!SplitInlineLine(arg.substr(2), &words) || words.size() == 0) {
      return Invalid(fmt::format("'{}': {}", arg, kUnknownDirective));
    }
    options.push_back({std::string(arg), {words.all().begin(), words.all().end()}});
    has_value = words.size() > 1;
    if (EqualsFolded(arg, "--save") && (i + 1 == args.size() || args[i + 1].starts_with("--"))) {
      options.back().words.emplace_back();
      has_value = true;
    }
  }
  return options;
}

std::vector<std::string_view> Views(const std::vector<std::string>& words, size_t from) {
  return {words.begin() + static_cast<std::ptrdiff_t>(from), words.end()};
}

// A name that can only be what it is: a parameter of ours, or another one of redis.conf.
struct FixedName {
  const FixedRule* rule = nullptr;  // null: another name
  bool many_words = false;
};

FixedName FindFixed(std::string_view name) {
  if (const ConfigParameter* parameter = FindConfigParameter(name)) {
    return {std::get_if<FixedRule>(&parameter->rule), parameter->Has(ConfigParameter::kManyWords)};
  }
  const ConfigDirective* directive = FindConfigDirective(name);
  return directive == nullptr ? FixedName() : FixedName{&directive->rule, directive->many_words};
}

using Pairs = std::span<const std::pair<std::string_view, std::string_view>>;

// The parameters that `pairs` name, in their order, if all of them may be set now.
Result<std::vector<const ConfigParameter*>> FindSettable(Pairs pairs) {
  std::vector<const ConfigParameter*> found;
  Status refusal;
  for (const auto& [name, value] : pairs) {
    const ConfigParameter* parameter = FindConfigParameter(name);
    if (parameter == nullptr) {
      // The first error counts, whichever it is.
      return refusal.ok()
                 ? Invalid(fmt::format("Unknown option or number of arguments for CONFIG SET - '{}'", UpToNul(name)))
                 : refusal;
    }
    if (!refusal.ok()) {
      continue;
    }
    if (parameter->Has(ConfigParameter::kAtStartOnly)) {
      refusal = SetFailed(name, "can't set immutable config");
    } else if (std::find(found.begin(), found.end(), parameter) != found.end()) {
      refusal = SetFailed(name, "duplicate parameter");
    }
    found.push_back(parameter);
  }
  if (!refusal.ok()) {
    return refusal;
  }
  return found;
}

}  // namespace

Status Config::SetAtStart(std::string_view name, Words words) {
  const ConfigParameter* parameter = FindConfigParameter(name);
  if (parameter == nullptr) {
    return Invalid(std::string(kUnknownDirective));
  }
  const bool many = parameter->Has(ConfigParameter::kManyWords);
  if (!many && words.size() != 1) {
    return Invalid(std::string(kWrongNumber));
  }
  std::string refusal = words.size() == 1 ? SetOneWord(*parameter, words[0], values_) : parameter->Set(words, values_);
  return refusal.empty() ? Status::Ok() : Invalid(std::move(refusal));
}

Status Config::ParseCommandLine(Words args, const ReadFile& read_file) {
  if (!args.empty() && (args[0] == "-" || !args[0].starts_with('-'))) {
    if (Status status = Load(args[0], read_file, 0); !status.ok()) {
      return status;
    }
    file_path_ = args[0];
    args = args.subspan(1);
  }
  Result<std::vector<Option>> options = SplitOptions(args);
  if (!options.ok()) {
    return options.status();
  }
  for (const Option& option : options.value()) {
    const auto located = [&](std::string_view reason) { return fmt::format("'{}': {}", option.text, reason); };
    if (Status status = Take(option.words[0], Views(option.words, 1), located); !status.ok()) {
      return status;
    }
  }
  const auto refused = std::find_if(complaints_.begin(), complaints_.end(),
                                    [](const Complaint& complaint) { return complaint.refused; });
  return refused == complaints_.end() ? Status::Ok() : Invalid(refused->line);
}

Status Config::Take(std::string_view name, Words words, const Located& located) {
  const FixedName fixed = FindFixed(name);
  if (fixed.rule == nullptr) {
    const Status status = SetAtStart(name, words);
    return status.ok() ? status : Invalid(located(status.detail()));
  }
  if (!fixed.many_words && words.size() != 1) {
    return Invalid(located(kWrongNumber));
  }
  std::string refusal;
  const std::optional<std::string> value =
      NormalizedFixed(*fixed.rule, fmt::format("{}", fmt::join(words, " ")), &refusal);
  if (!value) {
    return Invalid(located(refusal));
  }
  Note(*fixed.rule, *value, located);
  return Status::Ok();
}

// A later line takes the place of an earlier one; but what was refused stays so until it is taken back, because `save`
// adds to what the lines before it say.
void Config::Note(const FixedRule& rule, std::string_view value, const Located& located) {
  const std::optional<FixedRule::Unmet> unmet = UnmetAtStart(rule, value);
  const auto earlier = std::find_if(complaints_.begin(), complaints_.end(),
                                    [&](const Complaint& complaint) { return complaint.about == &rule; });
  const bool refused = unmet == FixedRule::Unmet::kRefused;
  if (earlier != complaints_.end()) {
    if (unmet && earlier->refused && !refused) {
      return;
    }
    complaints_.erase(earlier);
  }
  if (unmet) {
    complaints_.push_back({&rule, refused,
                           located(fmt::format("{}this server supports no value but \"{}\"",
                                               refused ? "" : "has no effect, ", rule.value))});
  }
}

std::vector<std::string> Config::Warnings() const {
  std::vector<std::string> lines;
  for (const Complaint& complaint : complaints_) {
    lines.push_back(complaint.line);
  }
  return lines;
}

Status Config::Load(std::string_view path, const ReadFile& read_file, int depth) {
  const std::string_view shown = path == "-" ? "standard input" : path;
  if (depth > kIncludeDepthMax) {
    return Invalid(fmt::format("{}: too many files that include each other", shown));
  }
  Result<std::string> text = read_file(path);
  if (!text.ok()) {
    return text.status();
  }
  Result<std::vector<ConfigLine>> lines = ParseConfigText(text.value());
  if (!lines.ok()) {
    return Invalid(fmt::format("{}, {}", shown, lines.status().detail()));
  }
  for (const ConfigLine& line : lines.value()) {
    if (line.words.size() == 2 && EqualsFolded(line.words[0], "include")) {
      if (Status status = Load(line.words[1], read_file, depth + 1); !status.ok()) {
        return status;
      }
      continue;
    }
    const auto located = [&](std::string_view reason) {
      return fmt::format("{}, {}", shown, ConfigLineError(line.number, line.text, reason));
    };
    if (Status status = Take(line.words[0], Views(line.words, 1), located); !status.ok()) {
      return status;
    }
  }
  return Status::Ok();
}

Status Config::SetAtRunTime(Pairs pairs) {
  const Result<std::vector<const ConfigParameter*>> parameters = FindSettable(pairs);
  if (!parameters.ok()) {
    return parameters.status();
  }
  const ConfigValues former = values_;
  std::vector<std::string_view> changed;
  for (size_t i = 0; i < pairs.size(); ++i) {
    const ConfigParameter& parameter = *parameters.value()[i];
    if (std::string refusal = SetOneWord(parameter, pairs[i].second, values_); !refusal.empty()) {
      values_ = former;
      return SetFailed(parameter.name, refusal);
    }
    if (parameter.Get(values_) != parameter.Get(former)) {
      changed.push_back(parameter.name);
    }
  }
  return Announce(changed, former);
}

Status Config::Announce(const std::vector<std::string_view>& changed, const ConfigValues& former) {
  if (!observer_) {
    return Status::Ok();
  }
  for (size_t i = 0; i < changed.size(); ++i) {
    const Status status = observer_(changed[i]);
    if (status.ok()) {
      continue;
    }
    values_ = former;
    for (size_t taken_back = 0; taken_back <= i; ++taken_back) {
      // What held before is to be had again, or the observer can do no better.
      (void)observer_(changed[taken_back]);
    }
    return SetFailed(changed[i], status.detail());
  }
  return Status::Ok();
}

std::vector<std::pair<std::string, std::string>> Config::Get(Words patterns) const {
  std::vector<std::pair<std::string, std::string>> found;
  const auto add = [&](std::string_view name, const ConfigParameter& parameter) {
    const bool there = std::any_of(found.begin(), found.end(),
                                   [&](const auto& pair) { return EqualsFolded(pair.first, parameter.name); });
    if (!there) {
      found.emplace_back(name, parameter.Get(values_));
    }
  };
  for (const std::string_view pattern : patterns) {
    if (UpToNul(pattern).find_first_of("[*?") == std::string_view::npos) {
      if (const ConfigParameter* parameter = FindConfigParameter(pattern)) {
        add(pattern, *parameter);
      }
      continue;
    }
    for (const ConfigParameter& parameter : ConfigParameters()) {
      if (GlobMatches(UpToNul(pattern), parameter.name, GlobCase::kIgnore)) {
        add(parameter.name, parameter);
      }
    }
  }
  return found;
}

}  // namespace reprise
