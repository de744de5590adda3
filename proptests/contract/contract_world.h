// ContractWorld: one implementation of loop's interfaces, as the contract's tests see it.
//
// A test makes both ends of its connections through the one Network, so everything happens in one thread, and nothing
// but Poller::Wait is ever asked to let time pass or bytes travel. That is what a simulated world needs: it may do all
// of its work inside Wait. A new world is added in worlds.cc.
#ifndef REPRISE_PROPTESTS_CONTRACT_CONTRACT_WORLD_H_
#define REPRISE_PROPTESTS_CONTRACT_CONTRACT_WORLD_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "loop/clock.h"
#include "loop/entropy.h"
#include "loop/network.h"
#include "loop/poller.h"
#include "loop/process.h"

namespace reprise {

class ContractWorld {
 public:
  virtual ~ContractWorld() = default;

  virtual Poller& poller() = 0;
  virtual Network& network() = 0;
  virtual Clock& clock() = 0;
  virtual Entropy& entropy() = 0;
  virtual Process& process() = 0;

  // Finishes something that was started under `token`: the poller is to report it.
  virtual void PostCompletion(Token token, int64_t result) = 0;
  // Asks the program to finish, as SIGTERM does: the poller is to report it.
  virtual void RequestStop() = 0;

  // What the process has logged until now, line by line, with or without what the implementation puts before it.
  virtual std::vector<std::string> LogLines() = 0;

  // Whether sockets of this family can be made here.
  virtual bool Supports(Address::Family family) = 0;
  // A path where a Unix socket may be bound, another one each time. Asked only where kUnix is supported.
  virtual std::string NewUnixPath() = 0;
  // Handles that may be open at once, at least.
  virtual size_t HandleBudget() = 0;

  // From now on nobody gets a new handle, until AllowHandles. False: this world has no such limit.
  virtual bool DenyHandles() = 0;
  virtual void AllowHandles() = 0;

  // How long nothing must happen until a test believes that nothing will. Longer than the world's longest delay.
  virtual int64_t QuietNanos() { return 20 * kNanosPerMilli; }
  // How many readiness events without a cause, spurious or stale, a handle may get while a test looks.
  virtual int SpuriousEventsMax() { return 0; }
  // Whether Abort on a Unix socket can make its peer see a reset, rather than the end of the stream.
  virtual bool UnixSocketsHaveReset() { return true; }
};

// An entry of the list of worlds. `name` has letters and digits only.
struct WorldFactory {
  std::string name;
  std::unique_ptr<ContractWorld> (*make)();
};

// Every implementation, and those that are the operating system's.
std::vector<WorldFactory> AllWorlds();
std::vector<WorldFactory> KernelWorlds();

// Shows the name where GoogleTest shows a parameter.
inline void PrintTo(const WorldFactory& factory, std::ostream* out) { *out << factory.name; }

}  // namespace reprise

#endif  // REPRISE_PROPTESTS_CONTRACT_CONTRACT_WORLD_H_
