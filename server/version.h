// The versions that the server tells of itself.
#ifndef REPRISE_SERVER_VERSION_H_
#define REPRISE_SERVER_VERSION_H_

#include <string_view>

namespace reprise {

inline constexpr std::string_view kRepriseVersion = "0.1.0";
// Whose commands and replies these are. Clients choose what they send by it.
inline constexpr std::string_view kRedisVersion = "7.0.15";

}  // namespace reprise

#endif  // REPRISE_SERVER_VERSION_H_
