// ConfigDirectives: what redis.conf may name beyond the parameters of this server.
//
// Names that redis-server 7.0 knows and that have nothing to set here: a file in use is taken as it is, as long as
// nobody is led to believe in something that isn't there (see FixedRule::Unmet). CONFIG GET and SET don't know them.
#ifndef REPRISE_SERVER_CONFIG_DIRECTIVES_H_
#define REPRISE_SERVER_CONFIG_DIRECTIVES_H_

#include <string_view>

#include "server/config_fixed.h"

namespace reprise {

struct ConfigDirective {
  std::string_view name;   // in lower case
  std::string_view alias;  // what it was called before, or empty
  FixedRule rule;
  bool many_words = false;
};

// By name or alias in any case, or null.
const ConfigDirective* FindConfigDirective(std::string_view name);

}  // namespace reprise

#endif  // REPRISE_SERVER_CONFIG_DIRECTIVES_H_
