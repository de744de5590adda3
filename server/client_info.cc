#include "server/client_info.h"

#include <fmt/format.h>

#include <algorithm>

#include "server/server.h"
#include "server/session.h"

namespace reprise {
namespace {

// Both ends of a Unix socket are called by its path, though the client's end has no name.
std::string AddressText(Server& server, const Result<Address>& address) {
  if (!address.ok()) {
    return "?:0";
  }
  if (address.value().family == Address::Family::kUnix) {
    return server.values().unixsocket + ":0";
  }
  return address.value().ToString();
}

std::string Flags(Server& server, const Session& session) {
  std::string flags;
  if (session.monitoring()) {
    flags += 'O';
  }
  if (session.waiting()) {
    flags += 'b';
  }
  if (session.ending()) {
    flags += 'c';
  }
  const Result<Address> address = server.world().network.LocalAddress(session.connection().handle());
  if (address.ok() && address.value().family == Address::Family::kUnix) {
    flags += 'U';
  }
  if (session.no_evict()) {
    flags += 'e';
  }
  return flags.empty() ? "N" : flags;
}

int64_t SecondsSince(int64_t then_ms, int64_t now_ms) { return std::max<int64_t>(0, now_ms - then_ms) / 1000; }

}  // namespace

std::string ClientAddress(Server& server, const Session& session) {
  return AddressText(server, server.world().network.PeerAddress(session.connection().handle()));
}

std::string ClientLocalAddress(Server& server, const Session& session) {
  return AddressText(server, server.world().network.LocalAddress(session.connection().handle()));
}

std::string ClientInfoLine(Server& server, const Session& session, int64_t now_ms) {
  const Connection& connection = session.connection();
  const size_t unsent = connection.unsent_bytes();
  std::string line =
      fmt::format("id={} addr={} laddr={} fd={} name={} age={} idle={} flags={} db={}", session.id(),
                  ClientAddress(server, session), ClientLocalAddress(server, session), connection.handle().id,
                  session.name(), SecondsSince(session.created_ms(), now_ms),
                  SecondsSince(session.last_request_ms(), now_ms), Flags(server, session), session.db_index());
  // What a client does not have here stands at 0: arguments and replies are kept in buffers that all clients share.
  line += fmt::format(
      " sub=0 psub=0 ssub=0 multi=-1 qbuf={} qbuf-free=0 argv-mem=0 multi-mem=0 rbs=0 rbp=0 obl={} oll=0 omem={} "
      "tot-mem={}",
      session.query_bytes(), unsent, connection.output_capacity(), session.memory_bytes());
  line +=
      fmt::format(" events={} cmd={} user=default redir=-1 resp={}", unsent > 0 && !connection.active() ? "rw" : "r",
                  session.last_command() == nullptr ? "NULL" : session.last_command()->FullName(),
                  static_cast<int>(session.resp_version()));
  return line;
}

}  // namespace reprise
