// Story: a recorded run in plain words, for someone who wants to know how a failure came about.
//
// Tells what the clients did and got, what the server read, wrote and closed, and which faults struck; leaves out
// waiting, watching and everything that went as it always does. Made for shrunk runs, which are short.
#ifndef REPRISE_SIM_STORY_H_
#define REPRISE_SIM_STORY_H_

#include <cstddef>
#include <string>

#include "sim/step_text.h"

namespace reprise {

struct StoryOptions {
  size_t bytes_most = 48;   // of each piece that is quoted
  size_t lines_most = 200;  // of the end of the story; what comes before is counted, not told
};

// One line for each thing that happened: virtual time, then the words; faults are marked with '*'.
std::string TellStory(const Recording& run, const StoryOptions& options = {});

}  // namespace reprise

#endif  // REPRISE_SIM_STORY_H_
