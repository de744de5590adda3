// The text of INFO: sections of "name:value" lines with the names of redis-server 7.0.15, as far as they mean something
// here, and a few of our own that begin with "reprise_".
#ifndef REPRISE_SERVER_INFO_H_
#define REPRISE_SERVER_INFO_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace reprise {

class Server;

// The sections named by `wanted` in any case, each once, in INFO's own order; "default", "all" and "everything" stand
// for several, no name at all for "default". A section that doesn't exist is left out.
std::string InfoText(Server& server, std::span<const std::string_view> wanted, int64_t now_ms);

}  // namespace reprise

#endif  // REPRISE_SERVER_INFO_H_
