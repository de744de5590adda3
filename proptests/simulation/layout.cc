#include "proptests/simulation/layout.h"

#include <algorithm>
#include <cstring>
#include <map>
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>

namespace reprise {
namespace {

static_assert(std::is_trivially_copyable_v<ExchangePlace>);

// One of the two streams of a connection.
struct StreamName {
  uint32_t client = 0;
  uint32_t connection = 0;
  bool back = false;  // from the server
};

// The stream that a choice cuts, if it is one of those.
std::optional<StreamName> StreamOf(const ChoiceName& name) {
  const bool there = name.site == Site::kReadShort || name.site == Site::kSegmentCut;
  const bool back = name.site == Site::kWriteShort;
  if (!name.keyed || name.actor.kind != ActorKind::kConnection || (!there && !back)) {
    return std::nullopt;
  }
  return StreamName{name.actor.index, name.actor.part, back};
}

uint64_t BeginOf(const ExchangePlace& place, bool back) { return back ? place.reply_begin : place.request_begin; }
uint64_t EndOf(const ExchangePlace& place, bool back) { return back ? place.reply_end : place.request_end; }

class Mover {
 public:
  Mover(const Layout& from, const Layout& to) : from_(from) {
    for (const ExchangePlace& place : to) {
      to_.emplace(KeyOf(place), &place);
    }
  }

  ChoiceMade Move(const ChoiceMade& made, const StreamName& stream) const {
    const std::optional<Spot> begin = Find(stream, made.name.key, false);
    const std::optional<Spot> end = Find(stream, made.name.key + made.value, true);
    if (!begin) {
      return made;
    }
    ChoiceMade moved = made;
    moved.name.actor.part = begin->connection;
    moved.name.key = begin->at;
    if (end && end->connection == begin->connection) {
      moved.value = end->at > begin->at ? end->at - begin->at : 1;
    }
    return moved;
  }

 private:
  using Key = std::tuple<uint32_t, uint32_t, uint32_t, uint32_t>;
  struct Spot {
    uint32_t connection = 0;
    uint64_t at = 0;
  };

  // What a client asks for by itself is told by its connection, an operation is the same on another one.
  static Key KeyOf(const ExchangePlace& place) {
    const bool setup = place.operation == Exchange::kSetup;
    return {place.client, place.operation, setup ? place.connection : 0, place.nth};
  }

  const ExchangePlace* PartnerOf(const ExchangePlace& place, bool back) const {
    const auto found = to_.find(KeyOf(place));
    const bool there = found != to_.end() && EndOf(*found->second, back) > BeginOf(*found->second, back);
    return there ? found->second : nullptr;
  }

  // Where the byte at `at` has gone; of an `end`, the byte before it.
  std::optional<Spot> Find(const StreamName& stream, uint64_t at, bool end) const {
    std::optional<Spot> before;  // the end of the last one that was passed and is still there
    bool passed = false;         // the exchange that the byte belongs to
    for (const ExchangePlace& place : from_) {
      if (place.client != stream.client || place.connection != stream.connection ||
          EndOf(place, stream.back) <= BeginOf(place, stream.back)) {
        continue;
      }
      const ExchangePlace* const partner = PartnerOf(place, stream.back);
      const uint64_t begin = BeginOf(place, stream.back);
      const bool inside = !passed && (end ? at <= EndOf(place, stream.back) : at < EndOf(place, stream.back));
      if (partner != nullptr && (inside || passed)) {
        const uint64_t size = EndOf(*partner, stream.back) - BeginOf(*partner, stream.back);
        const uint64_t into = inside && at > begin ? std::min(at - begin, size) : 0;
        return Spot{partner->connection, BeginOf(*partner, stream.back) + into};
      }
      passed = passed || inside;
      if (partner != nullptr) {
        before = Spot{partner->connection, EndOf(*partner, stream.back)};
      }
    }
    return before;
  }

  const Layout& from_;
  std::map<Key, const ExchangePlace*> to_;
};

}  // namespace

Layout LayoutOf(std::span<const ClientHistory* const> histories) {
  Layout layout;
  for (const ClientHistory* history : histories) {
    std::map<std::pair<uint32_t, uint32_t>, uint32_t> seen;
    for (const Exchange& exchange : history->exchanges) {
      const uint32_t nth = seen[{exchange.connection, exchange.operation}]++;
      layout.push_back({history->client, exchange.connection, exchange.operation, nth, exchange.request_begin,
                        exchange.request_end, exchange.reply_begin, exchange.reply_end});
    }
  }
  return layout;
}

Tape MoveChoices(const Tape& tape, const Layout& from, const Layout& to) {
  const Mover mover(from, to);
  Tape moved = tape;
  for (ChoiceMade& made : moved.overrides) {
    if (const std::optional<StreamName> stream = StreamOf(made.name)) {
      made = mover.Move(made, *stream);
    }
  }
  moved.overrides = Tape::FromChoices(moved.overrides).overrides;
  return moved;
}

std::string PackLayout(const Layout& layout) {
  return std::string(reinterpret_cast<const char*>(layout.data()), layout.size() * sizeof(ExchangePlace));
}

Layout UnpackLayout(std::string_view bytes) {
  Layout layout(bytes.size() / sizeof(ExchangePlace));
  if (!layout.empty()) {
    std::memcpy(layout.data(), bytes.data(), layout.size() * sizeof(ExchangePlace));
  }
  return layout;
}

}  // namespace reprise
