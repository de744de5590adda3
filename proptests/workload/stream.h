// Streams: the bytes of a lone client that uses whatever there is, CLIENT REPLY and broken requests included.
#ifndef REPRISE_PROPTESTS_WORKLOAD_STREAM_H_
#define REPRISE_PROPTESTS_WORKLOAD_STREAM_H_

#include <string>
#include <string_view>

#include "proptests/workload/generator.h"

namespace reprise {

// Leaves out the commands whose replies tell of more than what the bytes before them have done: of time, of how input
// is held in memory.
std::string MakeStream(Generator& generator, uint32_t requests_max);

// Whether there may be such a command in these bytes.
bool MayTellOfTheWorld(std::string_view bytes);

// A stream on one line of a tape, and back.
std::string StreamText(std::string_view bytes);
Result<std::string> ParseStream(std::string_view text);

}  // namespace reprise

#endif  // REPRISE_PROPTESTS_WORKLOAD_STREAM_H_
