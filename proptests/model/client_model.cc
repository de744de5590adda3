// Model, continued: HELLO, AUTH and CLIENT. What these tell of clients (lines of CLIENT LIST, ids) is not the model's
// to know; what they do to the asking connection, and what is wrong with a request, is.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "proptests/model/model.h"

namespace reprise {
namespace {

constexpr std::string_view kWrongPassword = "WRONGPASS invalid username-password pair or user is disabled.";

ReplyValue UnknownType(std::string_view type) {
  return ReplyValue::Error(fmt::format("ERR Unknown client type '{}'", type));
}

bool IsClientType(std::string_view word) {
  static constexpr std::array<std::string_view, 5> kTypes = {"master", "normal", "pubsub", "replica", "slave"};
  return std::find(kTypes.begin(), kTypes.end(), LowerCase(word)) != kTypes.end();
}

// No client of a run has such an id or comes from such an address.
bool IsNobodysId(std::string_view word) { return StrictInteger(word).value_or(0) >= kNobodysId; }

Expected AnyText() {
  return Expected([] { return "a text"; },
                  [](const ReplyValue& reply) {
                    return (reply.type == '$' || reply.type == '=') && !reply.null && !reply.text.empty();
                  });
}

// What is wrong with an option of CLIENT KILL and its value. `*nobody` becomes true if no client fits.
std::optional<ReplyValue> KillOption(std::string_view option, const std::string& value, bool* nobody) {
  const std::string name = LowerCase(option);
  if (name == "id") {
    *nobody = *nobody || IsNobodysId(value);
    return StrictInteger(value).value_or(0) < 1
               ? std::optional(ReplyValue::Error("ERR client-id should be greater than 0"))
               : std::nullopt;
  }
  if (name == "type") {
    *nobody = *nobody || LowerCase(value) != "normal";
    return IsClientType(value) ? std::nullopt : std::optional(UnknownType(value));
  }
  if (name == "addr" || name == "laddr") {
    *nobody = *nobody || value == kNobodysAddress;
    return std::nullopt;
  }
  if (name == "user") {
    return value == "default" ? std::nullopt
                              : std::optional(ReplyValue::Error(fmt::format("ERR No such user '{}'", value)));
  }
  const std::string yes_or_no = LowerCase(value);
  const bool right = name == "skipme" && (yes_or_no == "yes" || yes_or_no == "no");
  return right ? std::nullopt : std::optional(ReplyValue::Error(kSyntaxError));
}

Expected TooManyArguments(std::string_view subcommand) {
  return ReplyValue::Error(
      fmt::format("ERR unknown subcommand or wrong number of arguments for '{}'. Try CLIENT HELP.", subcommand));
}

Expected Pause(Model::Words words) {
  if (words.size() > 4) {
    return TooManyArguments(words[1]);
  }
  if (words.size() == 4 && LowerCase(words[3]) != "all" && LowerCase(words[3]) != "write") {
    return ReplyValue::Error("ERR CLIENT PAUSE mode must be WRITE or ALL");
  }
  const std::optional<int64_t> duration = StrictInteger(words[2]);
  if (!duration) {
    return ReplyValue::Error("ERR timeout is not an integer or out of range");
  }
  return *duration < 0 ? ReplyValue::Error("ERR timeout is negative") : ReplyValue::Ok();
}

Expected Unblock(Model::Words words) {
  if (words.size() > 4) {
    return TooManyArguments(words[1]);
  }
  if (words.size() == 4 && LowerCase(words[3]) != "timeout" && LowerCase(words[3]) != "error") {
    return ReplyValue::Error("ERR CLIENT UNBLOCK reason should be TIMEOUT or ERROR");
  }
  return StrictInteger(words[2]) ? ReplyValue::Integer(0) : ReplyValue::Error(kNotAnInteger);
}

Expected Kill(Model::Words words) {
  if (words.size() == 3) {
    return ReplyValue::Error("ERR No such client");
  }
  bool nobody = false;
  for (size_t i = 2; i < words.size(); i += 2) {
    if (i + 1 == words.size()) {
      return ReplyValue::Error(kSyntaxError);
    }
    if (std::optional<ReplyValue> error = KillOption(words[i], words[i + 1], &nobody)) {
      return *std::move(error);
    }
  }
  return nobody ? ReplyValue::Integer(0)
                : Expected([] { return "how many"; }, [](const ReplyValue& reply) { return reply.type == ':'; });
}

// The word behind "client" and the number of words, negative: at least so many.
struct Subcommand {
  std::string_view name;
  int arity;
};
constexpr std::array kSubcommands = std::to_array<Subcommand>({
    {"getname", 2},
    {"getredir", 2},
    {"help", 2},
    {"id", 2},
    {"info", 2},
    {"kill", -3},
    {"list", -2},
    {"no-evict", 3},
    {"pause", -3},
    {"reply", 3},
    {"setname", 3},
    {"trackinginfo", 2},
    {"unblock", -3},
    {"unpause", 2},
});

bool AritySuits(std::string_view name, size_t words) {
  const auto found = std::find_if(kSubcommands.begin(), kSubcommands.end(),
                                  [&](const Subcommand& subcommand) { return subcommand.name == name; });
  const auto count = static_cast<int>(words);
  return found == kSubcommands.end() || (found->arity >= 0 ? count == found->arity : count >= -found->arity);
}

}  // namespace

bool Model::KnowsClient(std::string_view subcommand) {
  return std::any_of(kSubcommands.begin(), kSubcommands.end(),
                     [&](const Subcommand& known) { return known.name == subcommand; });
}

std::optional<ReplyValue> Model::SetName(std::string_view name) {
  if (!std::all_of(name.begin(), name.end(), [](char c) { return c >= '!' && c <= '~'; })) {
    return ReplyValue::Error("ERR Client names cannot contain spaces, newlines or special characters.");
  }
  name_ = name;
  return std::nullopt;
}

bool Model::IsRight(std::string_view user, std::string_view password) const {
  return user == "default" && (server_password_.empty() || password == server_password_);
}

Expected Model::Auth(Words words) {
  if (words.size() > 3) {
    return ReplyValue::Error(kSyntaxError);
  }
  if (words.size() == 2 && server_password_.empty()) {
    return ReplyValue::Error(
        "ERR AUTH <password> called without any password configured for the default user. Are you sure your "
        "configuration is correct?");
  }
  const bool right = IsRight(words.size() == 3 ? words[1] : "default", words.back());
  authenticated_ = authenticated_ || right;
  return right ? ReplyValue::Ok() : ReplyValue::Error(kWrongPassword);
}

// What is wrong with HELLO's options, of which those before are done.
std::optional<ReplyValue> Model::HelloOptions(Words words) {
  for (size_t i = 2; i < words.size(); ++i) {
    const std::string option = LowerCase(words[i]);
    const size_t more = words.size() - 1 - i;
    if (option == "auth" && more >= 2) {
      if (!IsRight(words[i + 1], words[i + 2])) {
        return ReplyValue::Error(kWrongPassword);
      }
      authenticated_ = true;
      i += 2;
    } else if (option == "setname" && more >= 1) {
      if (std::optional<ReplyValue> error = SetName(words[i + 1])) {
        return error;
      }
      i += 1;
    } else {
      return ReplyValue::Error(fmt::format("ERR Syntax error in HELLO option '{}'", words[i]));
    }
  }
  return std::nullopt;
}

Expected Model::Hello(Words words) {
  std::optional<int64_t> version;
  if (words.size() > 1) {
    version = StrictInteger(words[1]);
    if (!version) {
      return ReplyValue::Error("ERR Protocol version is not an integer or out of range");
    }
    if (*version != 2 && *version != 3) {
      return ReplyValue::Error("NOPROTO unsupported protocol version");
    }
    if (std::optional<ReplyValue> error = HelloOptions(words)) {
      return *std::move(error);
    }
  }
  if (!authenticated_) {
    return ReplyValue::Error(
        "NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO AUTH <user> <pass> "
        "option can be used to authenticate the client and select the RESP protocol version at the same time");
  }
  resp3_ = version ? *version == 3 : resp3_;
  ReplyValue facts;
  facts.type = resp3_ ? '%' : '*';
  facts.parts = {ReplyValue::Bulk("server"),     ReplyValue::Bulk("redis"), ReplyValue::Bulk("version"),
                 ReplyValue::Bulk("7.0.15"),     ReplyValue::Bulk("proto"), ReplyValue::Integer(resp3_ ? 3 : 2),
                 ReplyValue::Bulk("id"),         ReplyValue::Integer(1),    ReplyValue::Bulk("mode"),
                 ReplyValue::Bulk("standalone"), ReplyValue::Bulk("role"),  ReplyValue::Bulk("master"),
                 ReplyValue::Bulk("modules"),    ReplyValue::Array({})};
  return Expected([facts] { return facts.ToString() + " with any id"; },
                  [facts](ReplyValue reply) {
                    if (reply.parts.size() == facts.parts.size() && reply.parts[7].integer > 0) {
                      reply.parts[7].integer = 1;
                    }
                    return reply == facts;
                  });
}

ReplyValue Model::NoText() const {
  ReplyValue reply = ReplyValue::Bulk(resp3_ ? "txt:" : "");
  reply.type = resp3_ ? '=' : '$';
  return reply;
}

Expected Model::ClientList(Words words) const {
  if (words.size() == 4 && LowerCase(words[2]) == "type") {
    if (!IsClientType(words[3])) {
      return UnknownType(words[3]);
    }
    return LowerCase(words[3]) == "normal" ? AnyText() : NoText();
  }
  if (words.size() > 3 && LowerCase(words[2]) == "id") {
    const Words ids = words.subspan(3);
    if (!std::all_of(ids.begin(), ids.end(), [](const std::string& id) { return StrictInteger(id).has_value(); })) {
      return ReplyValue::Error("ERR Invalid client ID");
    }
    if (std::all_of(ids.begin(), ids.end(), IsNobodysId)) {
      return NoText();
    }
    const char type = NoText().type;
    return Expected([] { return "a text"; },
                    [type](const ReplyValue& reply) { return reply.type == type && !reply.null; });
  }
  return words.size() == 2 ? AnyText() : ReplyValue::Error(kSyntaxError);
}

ReplyValue Model::TrackingInfo() const {
  ReplyValue flags = ReplyValue::Array({ReplyValue::Bulk("off")});
  flags.type = resp3_ ? '~' : '*';
  ReplyValue info = ReplyValue::Array({ReplyValue::Bulk("flags"), std::move(flags), ReplyValue::Bulk("redirect"),
                                       ReplyValue::Integer(-1), ReplyValue::Bulk("prefixes"), ReplyValue::Array({})});
  info.type = resp3_ ? '%' : '*';
  return info;
}

Expected Model::Client(Words words) {
  const std::string subcommand = LowerCase(words[1]);
  if (!AritySuits(subcommand, words.size())) {
    return ReplyValue::Error(fmt::format("ERR wrong number of arguments for 'client|{}' command", subcommand));
  }
  if (subcommand.starts_with(kUnknownPrefix)) {
    return ReplyValue::Error(fmt::format("ERR unknown subcommand '{}'. Try CLIENT HELP.", words[1]));
  }
  if (!authenticated_) {
    return ReplyValue::Error(kNotLoggedIn);
  }
  if (subcommand == "setname") {
    return SetName(words[2]).value_or(ReplyValue::Ok());
  }
  if (subcommand == "getname") {
    return name_.empty() ? Null() : ReplyValue::Bulk(name_);
  }
  if (subcommand == "getredir") {
    return ReplyValue::Integer(-1);
  }
  if (subcommand == "id") {
    return Expected([] { return "an id"; },
                    [](const ReplyValue& reply) { return reply.type == ':' && reply.integer > 0; });
  }
  if (subcommand == "info") {
    return AnyText();
  }
  if (subcommand == "kill" || subcommand == "pause" || subcommand == "unblock") {
    return subcommand == "kill" ? Kill(words) : subcommand == "pause" ? Pause(words) : Unblock(words);
  }
  if (subcommand == "list") {
    return ClientList(words);
  }
  if (subcommand == "no-evict") {
    const std::string mode = LowerCase(words[2]);
    return mode == "on" || mode == "off" ? ReplyValue::Ok() : ReplyValue::Error(kSyntaxError);
  }
  if (subcommand == "reply" && LowerCase(words[2]) == "on") {
    return ReplyValue::Ok();
  }
  if (subcommand == "trackinginfo") {
    return TrackingInfo();
  }
  return subcommand == "unpause" ? Expected(ReplyValue::Ok()) : AnyReply(words);
}

}  // namespace reprise
