#include "sim/choice_source.h"

#include <charconv>

#include "sim/mix.h"

namespace reprise {

uint64_t ChoiceName::HashOf(uint64_t actor_hash, Site site, bool keyed, uint64_t key) {
  const uint64_t place = uint64_t{static_cast<uint8_t>(site)} << 1 | uint64_t{keyed};
  return Mix64(Mix64(actor_hash + place * 0x9e3779b97f4a7c15u) + key * 0xd1b54a32d192ed03u);
}

std::string ChoiceName::ToString() const {
  std::string text = actor.ToString();
  text += '/';
  text += SiteName(site);
  text += keyed ? "/@" : "/";
  return text + std::to_string(key);
}

Result<ChoiceName> ChoiceName::Parse(std::string_view text) {
  const Status bad(ErrorCode::kInvalidArgument, "not a choice's name (actor/site/number): " + std::string(text));
  const size_t first = text.find('/');
  const size_t last = text.rfind('/');
  if (first == std::string_view::npos || first == last) return bad;
  Result<ActorName> actor = ActorName::Parse(text.substr(0, first));
  if (!actor.ok()) return actor.status();
  const std::string_view site_name = text.substr(first + 1, last - first - 1);
  const std::optional<Site> site = SiteByName(site_name);
  if (!site) return Status(ErrorCode::kInvalidArgument, "there is no site called " + std::string(site_name));

  ChoiceName name{actor.value(), *site, false, 0};
  std::string_view key = text.substr(last + 1);
  if (key.starts_with('@')) {
    name.keyed = true;
    key.remove_prefix(1);
  }
  auto [end, error] = std::from_chars(key.data(), key.data() + key.size(), name.key);
  if (error != std::errc() || end != key.data() + key.size()) return bad;
  return name;
}

}  // namespace reprise
