// ClientFilter: which clients CLIENT LIST shows and CLIENT KILL ends.
#ifndef REPRISE_SERVER_COMMANDS_CLIENT_FILTER_H_
#define REPRISE_SERVER_COMMANDS_CLIENT_FILTER_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "server/server.h"
#include "server/session.h"

namespace reprise {

enum class ClientType : uint8_t { kNormal, kMaster, kReplica, kPubsub };

// In any case; "slave" is a replica.
std::optional<ClientType> ParseClientType(std::string_view text);
std::string UnknownClientType(std::string_view text);

// All that are set have to hold. The views are borrowed.
struct ClientFilter {
  std::optional<std::string_view> address;        // the client's
  std::optional<std::string_view> local_address;  // the one it connected to
  std::optional<ClientType> type;
  std::optional<uint64_t> id;

  bool Matches(Server& server, const Session& session) const;
};

// Reads the options of CLIENT KILL: pairs of a name and a value. Returns the error's text, empty: none.
std::string ParseClientFilter(std::span<const std::string_view> words, ClientFilter* filter, bool* skip_me);

}  // namespace reprise

#endif  // REPRISE_SERVER_COMMANDS_CLIENT_FILTER_H_
