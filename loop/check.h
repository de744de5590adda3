// CHECK: assertions that stay on in every build.
//
// A failed CHECK is a bug in this program, never something that the world did: it prints the place and the condition
// on stderr and aborts. What the world can cause is reported through Status or Result (loop/status.h).
#ifndef REPRISE_LOOP_CHECK_H_
#define REPRISE_LOOP_CHECK_H_

namespace reprise {

[[noreturn]] void CheckFailed(const char* file, int line, const char* condition);

}  // namespace reprise

#define CHECK(condition)                                      \
  do {                                                        \
    if (!(condition)) [[unlikely]] {                          \
      ::reprise::CheckFailed(__FILE__, __LINE__, #condition); \
    }                                                         \
  } while (false)

#endif  // REPRISE_LOOP_CHECK_H_
