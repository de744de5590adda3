// The oracle for unsent output: a client that doesn't read is buffered for up to client-output-buffer-limit, no
// further, above its soft limit for no longer than the seconds that go with it, and below them as long as it likes.
#ifndef REPRISE_PROPTESTS_ORACLES_UNSENT_H_
#define REPRISE_PROPTESTS_ORACLES_UNSENT_H_

#include <cstdint>
#include <map>
#include <string>

#include "server/server.h"

namespace reprise {

class UnsentWatch {
 public:
  // A server looks at the seconds with its ticks, which may be late: so much later is in time.
  static constexpr int64_t kGraceNs = 3'000'000'000;

  // Borrows the server.
  explicit UnsentWatch(Server& server) : server_(server), looked_wall_ms_(server.loop().wall_ms()) {}

  // Looks at all connections, between two turns; `now_ns`: virtual time, which unlike the server's wall clock doesn't
  // jump. Answers whether all is well; if not, problem() says what isn't. REQUIRES: it is called after each turn.
  bool Look(int64_t now_ns);
  const std::string& problem() const { return problem_; }
  // The most that any one connection has had.
  uint64_t peak_bytes() const { return peak_bytes_; }
  // How many connections were ended for what they did not read.
  uint64_t ended() const { return ended_; }

 private:
  // A session that has been above its soft limit. Moments in ms are of the server's wall clock.
  struct Above {
    int64_t earliest_ms = 0;  // since when it is, to a server that sees it with its ticks only
    int64_t unbroken_ms = 0;  // since when it has been at every look
    int64_t below_ns = -1;    // since when it is below; -1: it is not
    int64_t due_ns = -1;      // since when it has been above for longer than it may; -1: it has not
  };

  // A tick of the server comes at least as often.
  int64_t TickNs() const;
  void NoteTime(int64_t now_ns);
  void LookAt(const Session& session, const OutputLimit& limit, int64_t now_ns);
  void LookAtSoftLimit(const Session& session, const OutputLimit& limit, int64_t now_ns);
  void LookAtEnded(const OutputLimit& limit);

  Server& server_;
  uint64_t peak_bytes_ = 0;
  uint64_t ended_ = 0;
  int64_t looked_ns_ = 0;
  int64_t looked_wall_ms_;
  int64_t longest_turn_ns_ = 0;  // between two looks
  int64_t jumped_ms_ = 0;        // by how much the wall clock was set forward, in all
  int64_t set_back_ns_ = -1;     // when it was set back last; -1: never
  int64_t before_ms_ = 0;        // what it had shown then
  uint64_t counted_ = 0;         // by the server, of those that it has ended
  std::map<uint64_t, Above> above_;
  std::string problem_;
};

}  // namespace reprise

#endif  // REPRISE_PROPTESTS_ORACLES_UNSENT_H_
