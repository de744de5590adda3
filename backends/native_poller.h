// NativePoller: the poller that this build is for, and its name.
//
// For programs that run on whatever system they are compiled for. All pollers of the operating system are a PosixPoller
// and have the same Create; it and the PosixNetwork are to be given the same SocketErrors. With REPRISE_USE_KQUEUE a
// build asks for kqueue where it isn't the system's own; then it has to bring a <sys/event.h> along.
#ifndef REPRISE_BACKENDS_NATIVE_POLLER_H_
#define REPRISE_BACKENDS_NATIVE_POLLER_H_

#if defined(__linux__) && !defined(REPRISE_USE_KQUEUE)
#include "backends/epoll_poller.h"
#else
#include "backends/kqueue_poller.h"
#endif

namespace reprise {

#if defined(__linux__) && !defined(REPRISE_USE_KQUEUE)
using NativePoller = EpollPoller;
inline constexpr const char* kNativePollerName = "epoll";
#else
using NativePoller = KqueuePoller;
inline constexpr const char* kNativePollerName = "kqueue";
#endif

}  // namespace reprise

#endif  // REPRISE_BACKENDS_NATIVE_POLLER_H_
