// Story: the steps of a trace in words, for people.
#ifndef REPRISE_PROPTESTS_SIMULATION_STORY_H_
#define REPRISE_PROPTESTS_SIMULATION_STORY_H_

#include <string>

#include "sim/actor.h"
#include "sim/trace.h"

namespace reprise {

// "   123      5012 us  client.2     sends 17 bytes: "*1\r\n..."", without a line break.
std::string DescribeStep(const Step& step, const Trace& trace, const ActorTable& actors);

// Whether a reader who wants to know what happened needs the step: not so for choices that were answered 0 and for
// waits.
bool IsOfInterest(const Step& step);

}  // namespace reprise

#endif  // REPRISE_PROPTESTS_SIMULATION_STORY_H_
