// host_names: asks the system for the address behind a name.
#ifndef REPRISE_BACKENDS_HOST_NAMES_H_
#define REPRISE_BACKENDS_HOST_NAMES_H_

#include <string>

#include "loop/status.h"

namespace reprise {

// The first IPv4 address of `name`, in the usual notation. Blocks for as long as the system looks, which may be many
// seconds: for a program's start only. Errors: kAddressNotAvailable, with the system's words.
Result<std::string> ResolveIpv4(const std::string& name);

}  // namespace reprise

#endif  // REPRISE_BACKENDS_HOST_NAMES_H_
