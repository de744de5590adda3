#include "server/config_directives.h"

#include <algorithm>
#include <iterator>

#include "server/ascii.h"

namespace reprise {
namespace {

using enum FixedRule::Unmet;
constexpr bool kManyWords = true;

constexpr FixedRule Text(std::string_view value = {}, FixedRule::Unmet unmet = kIgnored) {
  return {.value = value, .kind = FixedRule::Kind::kText, .unmet = unmet};
}
constexpr FixedRule YesNo(std::string_view value, FixedRule::Unmet unmet = kIgnored) {
  return {.value = value, .kind = FixedRule::Kind::kYesNo, .unmet = unmet};
}
constexpr FixedRule Number(std::string_view value, FixedRule::Unmet unmet = kIgnored) {
  return {.value = value, .kind = FixedRule::Kind::kNumber, .unmet = unmet};
}
constexpr FixedRule Memory(std::string_view value, FixedRule::Unmet unmet = kIgnored) {
  return {.value = value, .kind = FixedRule::Kind::kMemory, .unmet = unmet};
}
constexpr FixedRule Choice(std::string_view value, std::string_view choices, FixedRule::Unmet unmet = kIgnored) {
  return {.value = value, .kind = FixedRule::Kind::kEnum, .choices = choices, .unmet = unmet};
}

// Values are redis-server's own defaults, which are what a file in use says most of the time.
constexpr ConfigDirective kDirectives[] = {
    {"acl-pubsub-default", "", Choice("resetchannels", "allchannels, resetchannels")},
    {"acllog-max-len", "", Number("128")},
    {"active-defrag-cycle-max", "", Number("25")},
    {"active-defrag-cycle-min", "", Number("1")},
    {"active-defrag-ignore-bytes", "", Memory("104857600")},
    {"active-defrag-max-scan-fields", "", Number("1000")},
    {"active-defrag-threshold-lower", "", Number("10")},
    {"active-defrag-threshold-upper", "", Number("100")},
    {"active-expire-effort", "", Number("1")},
    {"activerehashing", "", YesNo("yes")},
    {"aof-disable-auto-gc", "", YesNo("no")},
    {"aof-load-truncated", "", YesNo("yes")},
    {"aof-rewrite-incremental-fsync", "", YesNo("yes")},
    {"aof-timestamp-enabled", "", YesNo("no")},
    {"aof-use-rdb-preamble", "", YesNo("yes")},
    {"aof_rewrite_cpulist", "", Text("", kWarned)},
    {"appenddirname", "", Text()},
    {"appendfilename", "", Text()},
    {"appendfsync", "", Choice("everysec", "everysec, always, no")},
    {"auto-aof-rewrite-min-size", "", Memory("67108864")},
    {"auto-aof-rewrite-percentage", "", Number("100")},
    {"bgsave_cpulist", "", Text("", kWarned)},
    {"bind-source-addr", "", Text()},
    {"bio_cpulist", "", Text("", kWarned)},
    {"busy-reply-threshold", "lua-time-limit", Number("5000")},
    {"cluster-allow-pubsubshard-when-down", "", YesNo("yes")},
    {"cluster-allow-reads-when-down", "", YesNo("no")},
    {"cluster-allow-replica-migration", "", YesNo("yes")},
    {"cluster-announce-bus-port", "", Number("0")},
    {"cluster-announce-hostname", "", Text()},
    {"cluster-announce-ip", "", Text()},
    {"cluster-announce-port", "", Number("0")},
    {"cluster-announce-tls-port", "", Number("0")},
    {"cluster-config-file", "", Text()},
    {"cluster-link-sendbuf-limit", "", Memory("0")},
    {"cluster-migration-barrier", "", Number("1")},
    {"cluster-node-timeout", "", Number("15000")},
    {"cluster-port", "", Number("0")},
    {"cluster-preferred-endpoint-type", "", Choice("ip", "ip, hostname, unknown-endpoint")},
    {"cluster-replica-no-failover", "cluster-slave-no-failover", YesNo("no")},
    {"cluster-replica-validity-factor", "cluster-slave-validity-factor", Number("10")},
    {"cluster-require-full-coverage", "", YesNo("yes")},
    {"crash-log-enabled", "", YesNo("yes")},
    {"crash-memcheck-enabled", "", YesNo("yes")},
    {"dbfilename", "", Text()},
    {"disable-thp", "", YesNo("yes")},
    {"dynamic-hz", "", YesNo("yes")},
    {"enable-protected-configs", "", Choice("no", "no, yes, local", kWarned)},
    {"hash-max-listpack-entries", "hash-max-ziplist-entries", Number("512")},
    {"hash-max-listpack-value", "hash-max-ziplist-value", Memory("64")},
    {"hll-sparse-max-bytes", "", Memory("3000")},
    {"ignore-warnings", "", Text()},
    {"io-threads-do-reads", "", YesNo("no")},
    {"jemalloc-bg-thread", "", YesNo("yes")},
    {"latency-tracking", "", YesNo("yes")},
    {"latency-tracking-info-percentiles", "", Text(), kManyWords},
    {"lazyfree-lazy-eviction", "", YesNo("no")},
    {"lazyfree-lazy-expire", "", YesNo("no")},
    {"lazyfree-lazy-server-del", "", YesNo("no")},
    {"lazyfree-lazy-user-del", "", YesNo("no")},
    {"lazyfree-lazy-user-flush", "", YesNo("no")},
    {"lfu-decay-time", "", Number("1")},
    {"lfu-log-factor", "", Number("10")},
    {"list-compress-depth", "", Number("0")},
    {"list-max-listpack-size", "list-max-ziplist-size", Number("-2")},
    {"list-max-ziplist-entries", "", Text()},
    {"list-max-ziplist-value", "", Text()},
    {"loadmodule", "", Text("", kRefused), kManyWords},
    {"masterauth", "", Text()},
    {"masteruser", "", Text()},
    {"maxmemory-clients", "", Text("0", kWarned)},
    {"maxmemory-eviction-tenacity", "", Number("10")},
    {"maxmemory-samples", "", Number("5")},
    {"min-replicas-max-lag", "min-slaves-max-lag", Number("10")},
    {"min-replicas-to-write", "min-slaves-to-write", Number("0", kRefused)},
    {"no-appendfsync-on-rewrite", "", YesNo("no")},
    {"oom-score-adj", "", Choice("no", "no, yes, relative, absolute", kWarned)},
    {"oom-score-adj-values", "", Text(), kManyWords},
    {"proc-title-template", "", Text()},
    {"propagation-error-behavior", "", Choice("ignore", "ignore, panic, panic-on-replicas")},
    {"rdb-del-sync-files", "", YesNo("no")},
    {"rdb-save-incremental-fsync", "", YesNo("yes")},
    {"rdbchecksum", "", YesNo("yes")},
    {"rdbcompression", "", YesNo("yes")},
    {"rename-command", "", Text("", kRefused), kManyWords},
    {"repl-backlog-size", "", Memory("1048576")},
    {"repl-backlog-ttl", "", Number("3600")},
    {"repl-disable-tcp-nodelay", "", YesNo("no")},
    {"repl-diskless-load", "", Choice("disabled", "disabled, on-empty-db, swapdb")},
    {"repl-diskless-sync", "", YesNo("yes")},
    {"repl-diskless-sync-delay", "", Number("5")},
    {"repl-diskless-sync-max-replicas", "", Number("0")},
    {"repl-ping-replica-period", "repl-ping-slave-period", Number("10")},
    {"repl-timeout", "", Number("60")},
    {"replica-announce-ip", "slave-announce-ip", Text()},
    {"replica-announce-port", "slave-announce-port", Number("0")},
    {"replica-announced", "", YesNo("yes")},
    {"replica-ignore-disk-write-errors", "", YesNo("no")},
    {"replica-ignore-maxmemory", "slave-ignore-maxmemory", YesNo("yes")},
    {"replica-lazy-flush", "slave-lazy-flush", YesNo("no")},
    {"replica-priority", "slave-priority", Number("100")},
    {"replica-read-only", "slave-read-only", YesNo("yes")},
    {"replica-serve-stale-data", "slave-serve-stale-data", YesNo("yes")},
    {"replicaof", "slaveof", Text("no one", kRefused), kManyWords},
    {"sanitize-dump-payload", "", Choice("no", "no, yes, clients")},
    {"server_cpulist", "", Text("", kWarned)},
    {"set-max-intset-entries", "", Number("512")},
    {"set-proc-title", "", YesNo("yes")},
    {"shutdown-on-sigint", "", Text("default", kWarned), kManyWords},
    {"shutdown-on-sigterm", "", Text("default", kWarned), kManyWords},
    {"shutdown-timeout", "", Number("10")},
    {"slowlog-log-slower-than", "", Number("10000", kWarned)},
    {"slowlog-max-len", "", Number("128")},
    {"socket-mark-id", "", Number("0", kWarned)},
    {"stop-writes-on-bgsave-error", "", YesNo("yes")},
    {"stream-node-max-bytes", "", Memory("4096")},
    {"stream-node-max-entries", "", Number("100")},
    {"syslog-facility", "", Text()},
    {"syslog-ident", "", Text()},
    {"tls-auth-clients", "", Choice("yes", "no, yes, optional")},
    {"tls-ca-cert-dir", "", Text()},
    {"tls-ca-cert-file", "", Text()},
    {"tls-cert-file", "", Text()},
    {"tls-ciphers", "", Text()},
    {"tls-ciphersuites", "", Text()},
    {"tls-client-cert-file", "", Text()},
    {"tls-client-key-file", "", Text()},
    {"tls-client-key-file-pass", "", Text()},
    {"tls-cluster", "", YesNo("no")},
    {"tls-dh-params-file", "", Text()},
    {"tls-key-file", "", Text()},
    {"tls-key-file-pass", "", Text()},
    {"tls-prefer-server-ciphers", "", YesNo("no")},
    {"tls-protocols", "", Text()},
    {"tls-replication", "", YesNo("no")},
    {"tls-session-cache-size", "", Number("20480")},
    {"tls-session-cache-timeout", "", Number("300")},
    {"tls-session-caching", "", YesNo("yes")},
    {"tracking-table-max-keys", "", Number("1000000")},
    {"user", "", Text("", kRefused), kManyWords},
    {"zset-max-listpack-entries", "zset-max-ziplist-entries", Number("128")},
    {"zset-max-listpack-value", "zset-max-ziplist-value", Memory("64")},
};

}  // namespace

const ConfigDirective* FindConfigDirective(std::string_view name) {
  const auto* found =
      std::find_if(std::begin(kDirectives), std::end(kDirectives), [&](const ConfigDirective& directive) {
        return EqualsFolded(name, directive.name) || (!directive.alias.empty() && EqualsFolded(name, directive.alias));
      });
  return found == std::end(kDirectives) ? nullptr : found;
}

}  // namespace reprise
