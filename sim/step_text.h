// Steps of a recorded run, in words.
//
// A Recording is a run's trace together with its actors' names. Everything that shows a run to people builds on this:
// the log, the story, the difference of two runs, the timelines.
#ifndef REPRISE_SIM_STEP_TEXT_H_
#define REPRISE_SIM_STEP_TEXT_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "sim/actor.h"
#include "sim/choice_source.h"
#include "sim/trace.h"

namespace reprise {

// Borrows both. The trace must keep its steps.
struct Recording {
  const Trace& trace;
  const ActorTable& actors;
};

// The same, but kept: for runs that are looked at when their world has gone.
struct KeptRecording {
  Trace trace;
  ActorTable actors;

  Recording recording() const { return {trace, actors}; }
};

// "1.234 ms" since the beginning, with as many digits as it takes to tell microseconds.
std::string TimeText(int64_t time_ns);
// "3 bytes", "1 byte"
std::string BytesCount(uint64_t bytes);
// In double quotes, with \r, \n, \t, \", \\ and \xNN; after `most` bytes "..." and how many more there are.
std::string QuotedBytes(std::string_view bytes, size_t most = 64);

// "client 2", "client 2, connection 3" (when it is not the first), "the server", "the world", "listener 0".
std::string ActorText(const ActorName& name);

// The choice behind a step. REQUIRES: step.kind is kChoice.
ChoiceMade ChoiceOf(const Recording& run, const Step& step);
// What an answer other than 0 does, with its value in it: "a read returns only 3 of the bytes that are there".
std::string ChoiceText(Site site, uint64_t value);

// The whole step in one line of plain words, without its time: "the server reads 3 bytes from client 2: \"abc\"".
std::string StepText(const Recording& run, const Step& step, size_t bytes_most = 64);
// Whether a step only says that nothing unusual happened: a wait, a timer of the workload (what it does there is told
// by itself), or a choice that was answered 0.
bool IsBackground(const Step& step);
// The same as StepText with number, time and the actor's name, for logs.
std::string StepLine(const Recording& run, const Step& step, size_t bytes_most = 64);

}  // namespace reprise

#endif  // REPRISE_SIM_STEP_TEXT_H_
