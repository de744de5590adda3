// Key specifications and tips that many commands have in common, named after what the command does to its keys.
#ifndef REPRISE_SERVER_COMMANDS_KEY_SPECS_H_
#define REPRISE_SERVER_COMMANDS_KEY_SPECS_H_

#include <string_view>

#include "server/commands/command.h"

namespace reprise {

// One key, the first argument.
inline constexpr KeySpec kReadsKey[] = {{.flags = "RO access"}};
inline constexpr KeySpec kAsksAboutKey[] = {{.flags = "RO"}};
inline constexpr KeySpec kReadsAndUpdatesKey[] = {{.flags = "RW access update"}};
inline constexpr KeySpec kUpdatesKey[] = {{.flags = "RW update"}};
inline constexpr KeySpec kOverwritesKey[] = {{.flags = "OW update"}};
inline constexpr KeySpec kInsertsKey[] = {{.flags = "OW insert"}};

// All arguments are keys.
inline constexpr KeySpec kReadsKeys[] = {{.flags = "RO access", .last = -1}};
inline constexpr KeySpec kAsksAboutKeys[] = {{.flags = "RO", .last = -1}};
inline constexpr KeySpec kDeletesKeys[] = {{.flags = "RM delete", .last = -1}};

// Every other argument is a key.
inline constexpr KeySpec kOverwritesPairs[] = {{.flags = "OW update", .last = -1, .step = 2}};
inline constexpr KeySpec kInsertsPairs[] = {{.flags = "OW insert", .last = -1, .step = 2}};

inline constexpr std::string_view kSplitOverShards[] = {"request_policy:multi_shard"};
inline constexpr std::string_view kSumOverShards[] = {"request_policy:multi_shard", "response_policy:agg_sum"};
inline constexpr std::string_view kNondeterministic[] = {"nondeterministic_output"};

}  // namespace reprise

#endif  // REPRISE_SERVER_COMMANDS_KEY_SPECS_H_
