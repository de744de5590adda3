// Handle and Token: how the loop names what it watches.
#ifndef REPRISE_LOOP_HANDLE_H_
#define REPRISE_LOOP_HANDLE_H_

#include <cstdint>

namespace reprise {

// Names an open socket of a Network, as a file descriptor does: small, and used again after it was closed. The Network
// that gave it owns what is behind it until Close or Abort.
struct Handle {
  int32_t id = -1;

  bool valid() const { return id >= 0; }
  friend bool operator==(Handle, Handle) = default;
};

// Names one registration with an EventLoop. The slot is used again, the generation is not (it has 32 bits), so an
// event for a registration that has ended is recognised as stale, even when a new one got the same slot or the same
// handle in the meantime.
struct Token {
  uint32_t slot = 0;
  uint32_t generation = 0;  // 0: names nothing

  bool valid() const { return generation != 0; }
  uint64_t Pack() const { return uint64_t{generation} << 32 | slot; }
  static Token Unpack(uint64_t packed) { return {static_cast<uint32_t>(packed), static_cast<uint32_t>(packed >> 32)}; }
  friend bool operator==(Token, Token) = default;
};

}  // namespace reprise

#endif  // REPRISE_LOOP_HANDLE_H_
