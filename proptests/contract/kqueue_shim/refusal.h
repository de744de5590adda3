// Refusal: lets the shim's kqueue refuse watches, as a kernel without memory does.
#ifndef REPRISE_PROPTESTS_CONTRACT_KQUEUE_SHIM_REFUSAL_H_
#define REPRISE_PROPTESTS_CONTRACT_KQUEUE_SHIM_REFUSAL_H_

namespace reprise {

// While one exists, EV_ADD for `filter` fails with `error` in every queue of the process, but for the first `but_first`
// that are asked for. One at a time.
class Refusal {
 public:
  Refusal(int filter, int error, int but_first = 0);
  ~Refusal();
  Refusal(const Refusal&) = delete;
  Refusal& operator=(const Refusal&) = delete;
};

}  // namespace reprise

#endif  // REPRISE_PROPTESTS_CONTRACT_KQUEUE_SHIM_REFUSAL_H_
