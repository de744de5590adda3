#include "server/info.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

#include "server/ascii.h"
#include "server/memory_use.h"
#include "server/server.h"
#include "server/version.h"

namespace reprise {
namespace {

// One INFO in the making.
struct InfoPage {
  Server& server;
  int64_t now_ms;
  std::string text = {};

  template <typename... Values>
  void Line(fmt::format_string<Values...> format, Values&&... values) {
    fmt::format_to(std::back_inserter(text), format, std::forward<Values>(values)...);
    text += "\r\n";
  }
};

// "1.50M", as Redis writes sizes for people. Integers only, so that it is the same everywhere.
std::string HumanBytes(uint64_t bytes) {
  constexpr std::string_view kUnits = "KMGTPE";
  if (bytes < 1024) {
    return fmt::format("{}B", bytes);
  }
  size_t unit = 0;
  uint64_t in_unit_1024ths = bytes;
  for (; unit + 1 < kUnits.size() && in_unit_1024ths >= 1024 * 1024; ++unit) {
    in_unit_1024ths >>= 10;
  }
  const uint64_t hundredths = (in_unit_1024ths * 100 + 512) / 1024;
  return fmt::format("{}.{:02}{}", hundredths / 100, hundredths % 100, kUnits[unit]);
}

uint16_t TcpPort(Server& server) {
  for (const auto& acceptor : server.acceptors()) {
    if (acceptor->address().family != Address::Family::kUnix) {
      return acceptor->address().port;
    }
  }
  return 0;
}

void ServerSection(InfoPage& page) {
  Server& server = page.server;
  const BuildFacts& facts = server.world().process.Facts();
  const int64_t uptime_s = std::max<int64_t>(0, page.now_ms - server.started_ms()) / 1000;
  // Clients and tools choose what they use by redis_version: it is the one whose commands and replies these are.
  page.Line("redis_version:{}", kRedisVersion);
  page.Line("reprise_version:{}", kRepriseVersion);
  page.Line("redis_mode:standalone");
  page.Line("os:{}", facts.os);
  page.Line("arch_bits:{}", facts.pointer_bits);
  page.Line("multiplexing_api:{}", facts.multiplexer);
  page.Line("reprise_compiler:{}", facts.compiler);
  page.Line("process_id:{}", server.world().process.Id());
  page.Line("process_supervised:no");
  page.Line("run_id:{}", server.run_id());
  page.Line("tcp_port:{}", TcpPort(server));
  page.Line("server_time_usec:{}", server.loop().wall_us());
  page.Line("uptime_in_seconds:{}", uptime_s);
  page.Line("uptime_in_days:{}", uptime_s / (24 * 60 * 60));
  page.Line("hz:{}", server.values().hz);
  page.Line("configured_hz:{}", server.values().hz);
  page.Line("executable:{}", facts.executable);
  page.Line("config_file:{}", server.config().file_path());
  page.Line("io_threads_active:0");
}

void ClientsSection(InfoPage& page) {
  page.Line("connected_clients:{}", page.server.sessions().size());
  page.Line("maxclients:{}", page.server.values().maxclients);
  page.Line("blocked_clients:0");
  page.Line("tracking_clients:0");
}

// used_memory is what was asked for on behalf of keys and clients, not what malloc made of it: the same operations show
// the same number on every machine.
void MemorySection(InfoPage& page) {
  const uint64_t data = DataBytes(page.server);
  const uint64_t clients = ClientBytes(page.server);
  const uint64_t resident = page.server.world().process.ResidentBytes();
  page.Line("used_memory:{}", data + clients);
  page.Line("used_memory_human:{}", HumanBytes(data + clients));
  page.Line("used_memory_rss:{}", resident);
  page.Line("used_memory_rss_human:{}", HumanBytes(resident));
  page.Line("used_memory_overhead:{}", clients);
  page.Line("used_memory_dataset:{}", data);
  page.Line("maxmemory:0");
  page.Line("maxmemory_human:0B");
  page.Line("maxmemory_policy:noeviction");
  page.Line("mem_allocator:{}", page.server.world().process.Facts().allocator);
  page.Line("mem_clients_normal:{}", clients);
  page.Line("reprise_reclaim_pending_bytes:{}", page.server.reclaimer().bytes_pending());
}

// Nothing is written to disk.
void PersistenceSection(InfoPage& page) {
  page.Line("loading:0");
  page.Line("async_loading:0");
  page.Line("rdb_changes_since_last_save:{}", page.server.stats().changes);
  page.Line("rdb_bgsave_in_progress:0");
  page.Line("aof_enabled:0");
  page.Line("aof_rewrite_in_progress:0");
}

void StatsSection(InfoPage& page) {
  const Stats& stats = page.server.stats();
  const LoopCounters& counters = page.server.loop().counters();
  page.Line("total_connections_received:{}", stats.total_connections_received);
  page.Line("total_commands_processed:{}", stats.total_commands_processed);
  page.Line("total_net_input_bytes:{}", counters.bytes_read - stats.bytes_read_before);
  page.Line("total_net_output_bytes:{}", counters.bytes_written - stats.bytes_written_before);
  page.Line("rejected_connections:{}", stats.rejected_connections);
  page.Line("expired_keys:{}", stats.expired_keys);
  page.Line("evicted_keys:0");
  page.Line("evicted_clients:0");
  page.Line("keyspace_hits:{}", stats.keyspace_hits);
  page.Line("keyspace_misses:{}", stats.keyspace_misses);
  page.Line("total_error_replies:{}", stats.error_replies);
  page.Line("reprise_protocol_errors:{}", stats.protocol_errors);
  page.Line("reprise_output_limit_disconnections:{}", stats.output_limit_disconnections);
  page.Line("reprise_query_limit_disconnections:{}", stats.query_limit_disconnections);
}

void ReplicationSection(InfoPage& page) {
  page.Line("role:master");
  page.Line("connected_slaves:0");
}

void CpuSection(InfoPage& page) {
  constexpr int64_t kMicros = 1'000'000;
  const CpuTime used = page.server.world().process.CpuUsed();
  page.Line("used_cpu_sys:{}.{:06}", used.system_us / kMicros, used.system_us % kMicros);
  page.Line("used_cpu_user:{}.{:06}", used.user_us / kMicros, used.user_us % kMicros);
}

void ModulesSection(InfoPage&) {}

// Without Redis's times: no clock is read around commands.
void CommandstatsSection(InfoPage& page) {
  const CommandTable& commands = page.server.commands();
  for (size_t i = 0; i < commands.index_count(); ++i) {
    const CommandStats& stats = page.server.stats().commands[i];
    if (stats.calls + stats.rejected_calls + stats.failed_calls > 0) {
      page.Line("cmdstat_{}:calls={},rejected_calls={},failed_calls={}", commands.at(i).FullName(), stats.calls,
                stats.rejected_calls, stats.failed_calls);
    }
  }
}

void ErrorstatsSection(InfoPage& page) {
  for (const auto& [code, count] : page.server.stats().error_codes) {
    page.Line("errorstat_{}:count={}", code, count);
  }
}

void ClusterSection(InfoPage& page) { page.Line("cluster_enabled:0"); }

void KeyspaceSection(InfoPage& page) {
  for (size_t i = 0; i < page.server.database_count(); ++i) {
    const Database& database = page.server.database(i);
    if (database.size() > 0) {
      page.Line("db{}:keys={},expires={},avg_ttl=0", i, database.size(), database.expiring_count());
    }
  }
}

struct Section {
  std::string_view title;
  std::string_view name;
  bool by_default;
  void (*write)(InfoPage&);
};

constexpr Section kSections[] = {
    {"Server", "server", true, ServerSection},
    {"Clients", "clients", true, ClientsSection},
    {"Memory", "memory", true, MemorySection},
    {"Persistence", "persistence", true, PersistenceSection},
    {"Stats", "stats", true, StatsSection},
    {"Replication", "replication", true, ReplicationSection},
    {"CPU", "cpu", true, CpuSection},
    {"Modules", "modules", true, ModulesSection},
    {"Commandstats", "commandstats", false, CommandstatsSection},
    {"Errorstats", "errorstats", true, ErrorstatsSection},
    {"Cluster", "cluster", true, ClusterSection},
    {"Keyspace", "keyspace", true, KeyspaceSection},
};

bool IsWanted(const Section& section, std::span<const std::string_view> wanted) {
  if (wanted.empty()) {
    return section.by_default;
  }
  return std::any_of(wanted.begin(), wanted.end(), [&](std::string_view name) {
    return IsOption(name, section.name) || IsOption(name, "all") || IsOption(name, "everything") ||
           (IsOption(name, "default") && section.by_default);
  });
}

}  // namespace

std::string InfoText(Server& server, std::span<const std::string_view> wanted, int64_t now_ms) {
  InfoPage page{server, now_ms};
  for (const Section& section : kSections) {
    if (IsWanted(section, wanted)) {
      page.text += page.text.empty() ? "" : "\r\n";
      page.Line("# {}", section.title);
      section.write(page);
    }
  }
  return std::move(page.text);
}

}  // namespace reprise
