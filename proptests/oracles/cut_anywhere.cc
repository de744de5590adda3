#include "proptests/oracles/cut_anywhere.h"

#include <fmt/format.h>

#include <algorithm>

#include "proptests/model/reply_value.h"
#include "sim/tape_source.h"

namespace reprise {
namespace {

std::string Around(std::string_view text, size_t at) {
  const size_t from = at < 40 ? 0 : at - 40;
  return Quoted(text.substr(from, 120));
}

}  // namespace

Finding CheckCutAnywhere(std::string_view bytes, ChoiceSource& source, const PlayBytes& play) {
  TapeSource nothing{std::vector<ChoiceMade>()};
  const StreamResult whole = play(bytes, nothing);
  const StreamResult cut = play(bytes, source);
  Finding finding;
  finding.checked = 1;
  finding.definite = whole.reset || cut.reset ? 0 : 1;
  if (!whole.problem.empty() || !cut.problem.empty()) {
    finding.problem = whole.problem.empty() ? "with faults: " + cut.problem : "without faults: " + whole.problem;
    return finding;
  }
  const size_t shorter = std::min(whole.replies.size(), cut.replies.size());
  const auto parts = std::mismatch(whole.replies.begin(), whole.replies.begin() + static_cast<std::ptrdiff_t>(shorter),
                                   cut.replies.begin());
  const auto at = static_cast<size_t>(parts.first - whole.replies.begin());
  const bool whole_may_end = whole.reset && at == whole.replies.size();
  const bool cut_may_end = cut.reset && at == cut.replies.size();
  if (whole.replies != cut.replies && !whole_may_end && !cut_may_end) {
    finding.problem =
        fmt::format("the replies part at byte {}: without faults {} ({} bytes), with faults {} ({} bytes)", at,
                    Around(whole.replies, at), whole.replies.size(), Around(cut.replies, at), cut.replies.size());
  }
  return finding;
}

}  // namespace reprise
