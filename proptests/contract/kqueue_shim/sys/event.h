// The part of <sys/event.h> that KqueuePoller is written against, as FreeBSD has it (kqueue(2)): names, values, layout.
#ifndef REPRISE_PROPTESTS_CONTRACT_KQUEUE_SHIM_SYS_EVENT_H_
#define REPRISE_PROPTESTS_CONTRACT_KQUEUE_SHIM_SYS_EVENT_H_

#include <stddef.h>
#include <stdint.h>
#include <time.h>

#define EVFILT_READ (-1)
#define EVFILT_WRITE (-2)
#define EVFILT_SIGNAL (-6)

#define EV_ADD 0x0001
#define EV_DELETE 0x0002
#define EV_RECEIPT 0x0040
#define EV_ERROR 0x4000
#define EV_EOF 0x8000

struct kevent {
  uintptr_t ident;
  short filter;
  unsigned short flags;
  unsigned int fflags;
  int64_t data;
  void* udata;
  uint64_t ext[4];
};

static_assert(sizeof(void*) != 8 || sizeof(struct kevent) == 64);
static_assert(sizeof(void*) != 8 || (offsetof(struct kevent, filter) == 8 && offsetof(struct kevent, flags) == 10 &&
                                     offsetof(struct kevent, fflags) == 12 && offsetof(struct kevent, data) == 16 &&
                                     offsetof(struct kevent, udata) == 24 && offsetof(struct kevent, ext) == 32));

extern "C" {
int kqueue();
int kevent(int queue, const struct kevent* changes, int change_count, struct kevent* events, int event_count,
           const struct timespec* timeout);
}

#endif  // REPRISE_PROPTESTS_CONTRACT_KQUEUE_SHIM_SYS_EVENT_H_
