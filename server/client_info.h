// What is told of a client: its line in CLIENT LIST, and its addresses as they are written there.
#ifndef REPRISE_SERVER_CLIENT_INFO_H_
#define REPRISE_SERVER_CLIENT_INFO_H_

#include <cstdint>
#include <string>

namespace reprise {

class Server;
class Session;

// "127.0.0.1:50000", "[::1]:50000", "/run/reprise.sock:0"; "?:0" when the network does not know any more.
std::string ClientAddress(Server& server, const Session& session);
std::string ClientLocalAddress(Server& server, const Session& session);

// The fields of redis-server 7.0.15 in its order, without a line end.
std::string ClientInfoLine(Server& server, const Session& session, int64_t now_ms);

}  // namespace reprise

#endif  // REPRISE_SERVER_CLIENT_INFO_H_
