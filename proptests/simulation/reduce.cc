#include "proptests/simulation/reduce.h"

#include <algorithm>
#include <functional>
#include <string>
#include <utility>

namespace reprise {
namespace {

// Words longer than this are tried shorter. Shorter ones may be names of options, which the models know whole only.
constexpr size_t kWordBytes = 16;
// So many pieces of a stream, or fewer, are tried one by one.
constexpr size_t kStreamPieces = 64;

// Collects what a plan becomes by single changes.
class Plainer {
 public:
  Plainer(const Tape& tape, Plan plan) : tape_(tape), plan_(std::move(plan)) {}

  std::vector<Tape> All() {
    CutStream();
    DropClients();
    PlainOptions();
    PlainClients();
    ShortenWords();
    return std::move(tapes_);
  }

 private:
  void Offer(const std::function<void(Plan&)>& change) {
    Plan plan = plan_;
    change(plan);
    Tape tape = TapeOf(plan, true);
    tape.overrides = tape_.overrides;
    tape.omitted = tape_.omitted;  // they are gone from the script already, and stay so
    if (tape != tape_) {
      tapes_.push_back(std::move(tape));
    }
  }

  // The tape without these bytes of the stream, its cuts of the rest where they were; and once more with their offsets
  // as they are.
  void OfferStreamWithout(size_t begin, size_t bytes) {
    Offer([&](Plan& plan) { plan.stream->erase(begin, bytes); });
    Tape& moved = tapes_.emplace_back(tapes_.back());
    for (ChoiceMade& made : moved.overrides) {
      MoveForward(begin, bytes, made);
    }
    moved.overrides = Tape::FromChoices(moved.overrides).overrides;
    if (moved.overrides == tape_.overrides) {
      tapes_.pop_back();
    } else {
      std::swap(tapes_[tapes_.size() - 1], tapes_[tapes_.size() - 2]);
    }
  }

  static void MoveForward(size_t begin, size_t bytes, ChoiceMade& made) {
    if (!made.name.keyed || (made.name.site != Site::kReadShort && made.name.site != Site::kSegmentCut)) {
      return;
    }
    const auto place = [&](uint64_t at) {
      return at <= begin ? at : std::max<uint64_t>(begin, at - std::min(at, bytes));
    };
    const uint64_t end = place(made.name.key + made.value);
    made.name.key = place(made.name.key);
    made.value = end > made.name.key ? end - made.name.key : 1;
  }

  // Leaves out pieces of it, larger ones first.
  void CutStream() {
    if (!plan_.stream) {
      return;
    }
    const size_t size = plan_.stream->size();
    const size_t least = std::max<size_t>(size / kStreamPieces, 1);
    for (size_t piece = (size + 1) / 2; piece >= least && piece > 0; piece /= 2) {
      for (size_t end = size; end > 0; end = end > piece ? end - piece : 0) {
        const size_t begin = end > piece ? end - piece : 0;
        OfferStreamWithout(begin, end - begin);
      }
    }
    CutRequests();
  }

  // Lines that begin a request, up to the next one.
  void CutRequests() {
    std::vector<size_t> starts;
    for (size_t at = 0; at < plan_.stream->size(); at = plan_.stream->find('\n', at) + 1) {
      if (const char first = (*plan_.stream)[at]; first != '$') {
        starts.push_back(at);
      }
      if (plan_.stream->find('\n', at) == std::string::npos) {
        break;
      }
    }
    starts.push_back(plan_.stream->size());
    for (size_t i = std::min(starts.size(), 8 * kStreamPieces) - 1; i > 0; --i) {
      OfferStreamWithout(starts[i - 1], starts[i] - starts[i - 1]);
    }
  }

  void DropClients() {
    for (size_t i = 0; i < plan_.script.clients.size(); ++i) {
      if (plan_.script.clients[i].operations.empty()) {
        Offer([i](Plan& plan) { plan.script.clients.erase(plan.script.clients.begin() + static_cast<ptrdiff_t>(i)); });
      }
    }
  }

  void PlainOptions() {
    for (size_t i = 0; i < plan_.config.size(); ++i) {
      Offer([i](Plan& plan) { plan.config.erase(plan.config.begin() + static_cast<ptrdiff_t>(i)); });
    }
    const SimOptions plain;
    Offer([&](Plan& plan) { plan.world.latency_ns = plain.latency_ns; });
    Offer([&](Plan& plan) { plan.world.turn_ns = plain.turn_ns; });
    Offer([&](Plan& plan) { plan.world.segment_bytes = plain.segment_bytes; });
    Offer([&](Plan& plan) {
      plan.world.send_buffer_bytes = plain.send_buffer_bytes;
      plan.world.receive_buffer_bytes = plain.receive_buffer_bytes;
    });
    Offer([&](Plan& plan) { plan.world.entropy_seed = plain.entropy_seed; });
    Offer([](Plan& plan) { plan.pause_output_bytes = 0; });
    Offer([](Plan& plan) { plan.audit = false; });
    Offer([](Plan& plan) { plan.monitor = false; });
  }

  void PlainClients() {
    const ScriptClient plain;
    for (size_t i = 0; i < plan_.script.clients.size(); ++i) {
      const auto offer = [&](auto member) {
        Offer([&](Plan& plan) { plan.script.clients[i].*member = plain.*member; });
      };
      offer(&ScriptClient::resp3);
      offer(&ScriptClient::pause_ns);
      offer(&ScriptClient::start_ns);
      offer(&ScriptClient::window);
      if (const uint32_t window = plan_.script.clients[i].window; window > 2) {
        Offer([&](Plan& plan) { plan.script.clients[i].window = window / 2; });
      }
    }
  }

  void ShortenWords() {
    for (size_t c = 0; c < plan_.script.clients.size(); ++c) {
      const std::vector<Operation>& operations = plan_.script.clients[c].operations;
      for (size_t o = 0; o < operations.size(); ++o) {
        for (size_t w = 1; w < operations[o].words.size(); ++w) {
          const size_t size = operations[o].words[w].size();
          if (size > kWordBytes) {
            Offer([=](Plan& plan) { plan.script.clients[c].operations[o].words[w].resize(size / 2); });
          }
        }
      }
    }
  }

  const Tape& tape_;
  const Plan plan_;
  std::vector<Tape> tapes_;
};

// Knows where things lay in the smallest tape so far.
class LayoutKeeper {
 public:
  explicit LayoutKeeper(const LayoutSource& layout_of) : layout_of_(layout_of) {}

  Tape Moved(const Tape& tape, const Tape& smaller) {
    const Layout to = layout_of_(smaller);  // first: it has just been played
    if (to.empty() || smaller.overrides.empty()) {
      return smaller;
    }
    if (tape != known_) {
      layout_ = layout_of_(tape);
      if (layout_.empty()) {
        Tape calm =
            tape;  // of a crash nothing is left to look at, but requests come to lie where they do without faults
        calm.overrides.clear();
        layout_ = layout_of_(calm);
      }
      known_ = tape;
    }
    return layout_.empty() ? smaller : MoveChoices(smaller, layout_, to);
  }

 private:
  const LayoutSource& layout_of_;
  Tape known_;
  Layout layout_;
};

// The tape with its script as it is without what the tape leaves out.
Tape WithoutOmitted(const Tape& tape, const CommandTable& commands) {
  const Result<Plan> plan = PlanOf(tape, commands);
  if (!plan.ok()) {
    return tape;
  }
  Tape result = TapeOf(plan.value(), true);
  result.overrides = tape.overrides;
  return result;
}

}  // namespace

std::vector<OperationId> OperationsOf(const Plan& plan) {
  std::vector<OperationId> operations;
  for (const ScriptClient& client : plan.script.clients) {
    for (const Operation& operation : client.operations) {
      operations.push_back({ActorName{ActorKind::kClient, client.id, 0}, operation.number});
    }
  }
  return operations;
}

std::vector<Tape> PlainerTapes(const Tape& tape, const CommandTable& commands) {
  Result<Plan> plan = PlanOf(tape, commands);
  return plan.ok() ? Plainer(tape, std::move(plan).value()).All() : std::vector<Tape>();
}

ShrinkResult Reduce(ShrinkRequest request, const CommandTable& commands, const LayoutSource& layout_of) {
  if (const Result<Plan> plan = PlanOf(request.tape, commands); plan.ok()) {
    request.operations = OperationsOf(plan.value());
  }
  request.simpler = [&](const Tape& tape) { return PlainerTapes(tape, commands); };
  LayoutKeeper layouts(layout_of);
  if (layout_of) {
    request.moved = [&](const Tape& tape, const Tape& smaller) { return layouts.Moved(tape, smaller); };
  }
  ShrinkResult result = Shrink(request);
  Tape shorter = WithoutOmitted(result.tape, commands);
  if (result.reproduced && shorter != result.tape && request.still_fails(shorter)) {
    result.tape = std::move(shorter);
  }
  return result;
}

}  // namespace reprise
