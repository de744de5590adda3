// What one line of CLIENT LIST or CLIENT INFO has to say, by the history of the connection it is about.
#ifndef REPRISE_PROPTESTS_ORACLES_CLIENT_LINE_CHECK_H_
#define REPRISE_PROPTESTS_ORACLES_CLIENT_LINE_CHECK_H_

#include <cstddef>
#include <string>

#include "proptests/oracles/client_line.h"
#include "proptests/oracles/client_record.h"
#include "proptests/simulation/moments.h"

namespace reprise {

// Both answer what is wrong, by the name of the field; empty: nothing. Who the line is about, by its id, address and
// handle, is taken as known.
//
// The line of who asks, by its request `index`.
std::string CheckOwnLine(const ClientLine& line, const ClientRecord& asker, size_t index, const Moments& moments);
// That of somebody else, as of some moment in `window`.
std::string CheckOtherLine(const ClientLine& line, const ClientRecord& record, const Window& window,
                           const Moments& moments);

}  // namespace reprise

#endif  // REPRISE_PROPTESTS_ORACLES_CLIENT_LINE_CHECK_H_
