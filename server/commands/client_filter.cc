#include "server/commands/client_filter.h"

#include <fmt/format.h>

#include "server/ascii.h"
#include "server/client_info.h"
#include "server/resp/number.h"

namespace reprise {
namespace {

constexpr std::string_view kSyntaxError = "ERR syntax error";

// One option and its value.
std::string ParseOption(std::string_view name, std::string_view value, ClientFilter* filter, bool* skip_me) {
  if (IsOption(name, "id")) {
    const std::optional<int64_t> id = ParseInt64(value);
    if (!id || *id < 1) {
      return "ERR client-id should be greater than 0";
    }
    filter->id = static_cast<uint64_t>(*id);
  } else if (IsOption(name, "type")) {
    filter->type = ParseClientType(value);
    return filter->type ? std::string() : UnknownClientType(value);
  } else if (IsOption(name, "addr")) {
    filter->address = UpToNul(value);
  } else if (IsOption(name, "laddr")) {
    filter->local_address = UpToNul(value);
  } else if (IsOption(name, "user")) {
    // There is one user, and all clients are his.
    return value == "default" ? std::string() : fmt::format("ERR No such user '{}'", UpToNul(value));
  } else if (IsOption(name, "skipme")) {
    *skip_me = IsOption(value, "yes");
    return *skip_me || IsOption(value, "no") ? std::string() : std::string(kSyntaxError);
  } else {
    return std::string(kSyntaxError);
  }
  return {};
}

}  // namespace

std::optional<ClientType> ParseClientType(std::string_view text) {
  if (IsOption(text, "normal")) {
    return ClientType::kNormal;
  }
  if (IsOption(text, "slave") || IsOption(text, "replica")) {
    return ClientType::kReplica;
  }
  if (IsOption(text, "pubsub")) {
    return ClientType::kPubsub;
  }
  return IsOption(text, "master") ? std::optional(ClientType::kMaster) : std::nullopt;
}

std::string UnknownClientType(std::string_view text) {
  return fmt::format("ERR Unknown client type '{}'", UpToNul(text));
}

bool ClientFilter::Matches(Server& server, const Session& session) const {
  return (!id || session.id() == *id) && (!type || *type == ClientType::kNormal) &&
         (!address || ClientAddress(server, session) == *address) &&
         (!local_address || ClientLocalAddress(server, session) == *local_address);
}

std::string ParseClientFilter(std::span<const std::string_view> words, ClientFilter* filter, bool* skip_me) {
  for (size_t i = 0; i < words.size(); i += 2) {
    if (i + 1 == words.size()) {
      return std::string(kSyntaxError);
    }
    if (std::string error = ParseOption(words[i], words[i + 1], filter, skip_me); !error.empty()) {
      return error;
    }
  }
  return {};
}

}  // namespace reprise
