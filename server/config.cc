#include "server/config.h"

#include <fmt/format.h>

#include <algorithm>

#include "loop/check.h"
#include "server/ascii.h"
#include "server/commands/glob.h"
#include "server/config_file.h"
#include "server/config_parameters.h"
#include "server/config_value.h"
#include "server/resp/inline_line.h"

namespace reprise {
namespace {

using Words = std::span<const std::string_view>;

// A file that includes itself ends in an error, and not in a crash.
constexpr int kIncludeDepthMax = 16;

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
    return Invalid("wrong number of arguments");
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
    if (Status status = SetAtStart(option.words[0], Views(option.words, 1)); !status.ok()) {
      return Invalid(fmt::format("'{}': {}", option.text, status.detail()));
    }
  }
  return Status::Ok();
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
    if (Status status = SetAtStart(line.words[0], Views(line.words, 1)); !status.ok()) {
      return Invalid(fmt::format("{}, {}", shown, ConfigLineError(line.number, line.text, status.detail())));
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
