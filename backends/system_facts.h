// system_facts: what each system tells about a running process in its own way.
#ifndef REPRISE_BACKENDS_SYSTEM_FACTS_H_
#define REPRISE_BACKENDS_SYSTEM_FACTS_H_

#include <cstdint>
#include <string>

namespace reprise {

// Bytes of this process that are in memory now. Where the system has no simple way to ask (the BSDs), the most that it
// ever had.
uint64_t CurrentResidentBytes();

// The path of the program that runs; empty where the system doesn't tell.
std::string CurrentExecutablePath();

// Which malloc the process runs with, as redis-server names it: "mimalloc-2.0.9", "jemalloc-5.3.0", or "libc".
std::string CurrentAllocatorName();

// Has it give back free memory that it keeps for later: mimalloc what has been free for half a second, the GNU C
// library all that is a page or more. Others do so by themselves.
void HaveAllocatorReturnMemory();

}  // namespace reprise

#endif  // REPRISE_BACKENDS_SYSTEM_FACTS_H_
