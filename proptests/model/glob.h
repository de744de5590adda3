// Patterns as KEYS and SCAN MATCH take them: * ? [abc] [^a-z] and \ for what follows literally.
#ifndef REPRISE_PROPTESTS_MODEL_GLOB_H_
#define REPRISE_PROPTESTS_MODEL_GLOB_H_

#include <string_view>

namespace reprise {

// Slow and plain: exponential in the number of stars.
bool GlobMatches(std::string_view pattern, std::string_view text);

}  // namespace reprise

#endif  // REPRISE_PROPTESTS_MODEL_GLOB_H_
