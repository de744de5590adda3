// Generator: RapidCheck's intents for one history.
#ifndef REPRISE_PROPTESTS_KERNEL_TRUTH_GENERATOR_H_
#define REPRISE_PROPTESTS_KERNEL_TRUTH_GENERATOR_H_

#include <rapidcheck.h>

#include <algorithm>
#include <ostream>
#include <vector>

#include "proptests/kernel_truth/plan.h"

namespace reprise::kernel_truth {

inline std::ostream& operator<<(std::ostream& out, const Intent& intent) {
  return out << ActName(intent.act) << ' ' << int{intent.whom} << ' ' << intent.amount;
}

inline rc::Gen<Act> AnyAct() {
  return rc::gen::weightedElement<Act>(
      {{16, Act::kRead},      {16, Act::kWrite},  {5, Act::kGather},      {8, Act::kLook},   {4, Act::kAwaitRead},
       {3, Act::kAwaitWrite}, {9, Act::kConnect}, {11, Act::kAccept},     {3, Act::kListen}, {2, Act::kCloseListener},
       {4, Act::kHalfClose},  {3, Act::kClose},   {3, Act::kAbort},       {3, Act::kFill},   {5, Act::kDrain},
       {3, Act::kRelieve},    {4, Act::kWatch},   {3, Act::kPeerAddress}, {4, Act::kResult}, {1, Act::kNoDelay}});
}

// Mostly small amounts, so that reads split what was written and the other way round.
inline rc::Gen<uint16_t> AnyAmount() {
  return rc::gen::weightedOneOf<uint16_t>(
      {{3, rc::gen::inRange<uint16_t>(1, 20)}, {1, rc::gen::inRange<uint16_t>(1, 1'000)}});
}

inline rc::Gen<std::vector<Intent>> AnyIntents() {
  return rc::gen::container<std::vector<Intent>>(
      rc::gen::build<Intent>(rc::gen::set(&Intent::act, AnyAct()),
                             rc::gen::set(&Intent::whom, rc::gen::inRange<uint8_t>(0, 2 * kConnectionsMost)),
                             rc::gen::set(&Intent::amount, AnyAmount())));
}

}  // namespace reprise::kernel_truth

#endif  // REPRISE_PROPTESTS_KERNEL_TRUTH_GENERATOR_H_
