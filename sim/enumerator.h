// Enumerator: walks every schedule within a bound, each exactly once.
//
// A bound names the sites that are to vary, in classes, and how many answers other than 0 a class may give in one run:
// such as up to three cuts, crossed with at most one would-block, reset or failed accept. All other sites are 0. Runs
// are played one after the other, each from the beginning; which choices a run comes by may depend on earlier answers
// in it. The order is that of a depth-first search: the last choice that can still be answered differently is.
#ifndef REPRISE_SIM_ENUMERATOR_H_
#define REPRISE_SIM_ENUMERATOR_H_

#include <array>
#include <cstdint>
#include <functional>
#include <vector>

#include "sim/choice_source.h"

namespace reprise {

class Enumerator : public ChoiceSource {
 public:
  struct Class {
    std::vector<Site> sites;
    uint32_t most = 1;           // answers other than 0 in one run
    uint64_t values_most = ~0u;  // of each choice, only the answers 1..values_most are tried
    // Which choices of these sites vary; empty: all.
    std::function<bool(const ChoiceName&)> only;
  };

  // REQUIRES: no site is in two classes.
  explicit Enumerator(std::vector<Class> classes);

  uint64_t Answer(const ChoiceRequest& request) override;

  // Prepares the next run. False: all have been walked.
  bool Next();
  // Runs that were walked, the one under way included.
  uint64_t runs() const { return runs_; }

  // Plays all of them; `play` runs a new world on the source it is given, and returns false to stop. Returns how many.
  static uint64_t Walk(std::vector<Class> classes, const std::function<bool(Enumerator&)>& play);

 private:
  // A choice of the run under way that varies.
  struct Point {
    uint64_t value = 0;
    uint64_t largest = 0;
    size_t in_class = 0;
  };

  std::vector<Class> classes_;
  std::array<uint8_t, kSiteCount> class_of_{};  // index into classes_, plus 1
  std::vector<Point> path_;                     // the answers of this run so far, and those it begins with
  size_t at_ = 0;                               // how many of them were asked for
  std::vector<uint32_t> used_;                  // by class: answers other than 0 so far in this run
  uint64_t runs_ = 0;
};

}  // namespace reprise

#endif  // REPRISE_SIM_ENUMERATOR_H_
