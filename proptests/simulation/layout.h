// Layout: where the requests and replies of a run lay in the streams of their connections; and a tape's choices, moved
// to where the same requests lie in another run.
//
// A choice that cuts a stream is named by its offset, so it means another request once one in front of that is gone.
#ifndef REPRISE_PROPTESTS_SIMULATION_LAYOUT_H_
#define REPRISE_PROPTESTS_SIMULATION_LAYOUT_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "proptests/workload/history.h"
#include "sim/tape.h"

namespace reprise {

// An exchange, and its bytes from `begin` to before `end` in the stream to the server and in the one back.
struct ExchangePlace {
  uint32_t client = 0;
  uint32_t connection = 0;
  uint32_t operation = 0;  // or Exchange::kSetup
  uint32_t nth = 0;  // how many of that number came before it: what the client asks itself, then and after a RESET
  uint64_t request_begin = 0;
  uint64_t request_end = 0;
  uint64_t reply_begin = 0;
  uint64_t reply_end = 0;

  friend bool operator==(const ExchangePlace&, const ExchangePlace&) = default;
};

// By client, and in the order in which they were sent.
using Layout = std::vector<ExchangePlace>;

Layout LayoutOf(std::span<const ClientHistory* const> histories);

// Choices that cut streams are moved with the request or the reply they cut, from where it lay in `from` to where it
// lies in `to`; those in one that is gone go to the next one that is there. All other choices stay.
Tape MoveChoices(const Tape& tape, const Layout& from, const Layout& to);

// As bytes, from one process to another of the same program.
std::string PackLayout(const Layout& layout);
Layout UnpackLayout(std::string_view bytes);

}  // namespace reprise

#endif  // REPRISE_PROPTESTS_SIMULATION_LAYOUT_H_
