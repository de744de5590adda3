#include "server/resp/arguments.h"

#include <algorithm>
#include <cstring>

#include "loop/check.h"

namespace reprise {

char* ArgumentList::Allocate(size_t bytes) {
  chunks_.emplace_back(new char[bytes]);
  owned_bytes_ += bytes;
  return chunks_.back().get();
}

void ArgumentList::AddCopy(std::string_view argument) {
  Add(argument);
  OwnFrom(size() - 1);
}

void ArgumentList::AddBlob(Blob blob) {
  // An empty view still points somewhere, so that no caller meets a null pointer with some sizes and not with others.
  Add(blob.empty() ? std::string_view("") : blob.view());
  owned_bytes_ += blob.bytes_used();
  blobs_.push_back({size() - 1, std::move(blob)});
}

void ArgumentList::OwnFrom(size_t first) {
  CHECK(first <= size());
  size_t bytes = 0;
  for (size_t i = first; i < size(); ++i) {
    bytes += views_[i].size();
  }
  char* to = bytes == 0 ? nullptr : Allocate(bytes);
  for (size_t i = first; i < size(); ++i) {
    const size_t size = views_[i].size();
    if (size == 0) {
      views_[i] = "";
      continue;
    }
    std::memcpy(to, views_[i].data(), size);
    views_[i] = {to, size};
    to += size;
  }
}

Blob ArgumentList::TakeBlob(size_t index) {
  const auto found = std::lower_bound(blobs_.begin(), blobs_.end(), index,
                                      [](const OwnedBlob& owned, size_t wanted) { return owned.index < wanted; });
  if (found == blobs_.end() || found->index != index) {
    return {};
  }
  owned_bytes_ -= found->blob.bytes_used();
  return std::move(found->blob);
}

void ArgumentList::Clear() {
  views_.clear();
  if (owns_bytes()) {
    chunks_.clear();
    blobs_.clear();
    owned_bytes_ = 0;
  }
}

}  // namespace reprise
