// ArgumentList: the arguments of one or more requests, as views, and the memory of those that are not plain views of
// the input.
//
// The parser appends to it. Most arguments are views of the bytes that were parsed and live as long as these; some have
// bytes of their own (an inline argument with escapes, one that arrived in pieces), which live until Clear, or, for one
// that is a Blob, until it is taken. Used again and again, the list allocates nothing for plain views.
#ifndef REPRISE_SERVER_RESP_ARGUMENTS_H_
#define REPRISE_SERVER_RESP_ARGUMENTS_H_

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "server/keyspace/blob.h"

namespace reprise {

class ArgumentList {
 public:
  size_t size() const { return views_.size(); }
  std::string_view operator[](size_t index) const { return views_[index]; }

  // All arguments, or `count` of them beginning with `first`. Valid until the next call that changes the list.
  std::span<const std::string_view> all() const { return views_; }
  std::span<const std::string_view> subspan(size_t first, size_t count) const { return all().subspan(first, count); }

  // Adds an argument that somebody else owns.
  void Add(std::string_view argument) {
    // In place, from its two words: clang 14 copies a whole view through the stack with wider loads than stores, and
    // each argument then waits for the stall (it made the parser three times slower).
    views_.emplace_back(argument.data(), argument.size());
  }
  // Adds a copy.
  void AddCopy(std::string_view argument);
  // Adds an argument and takes its bytes over.
  void AddBlob(Blob blob);

  // Copies the arguments from `first` on into the list's own memory. REQUIRES: none of them is owned already.
  void OwnFrom(size_t first);

  // Gives up the bytes of argument `index`, whose view stays valid as long as the answered Blob is left as it is. An
  // empty Blob that owns nothing if this argument is not one, or was taken before.
  [[nodiscard]] Blob TakeBlob(size_t index);

  // Keeps the first `size` arguments. REQUIRES: size <= this->size(); bytes that are owned stay until Clear.
  void Truncate(size_t size) { views_.resize(size); }
  void Clear();

  // Whether there may be arguments that are no plain views of somebody else's bytes.
  bool owns_bytes() const { return owned_bytes_ != 0 || !blobs_.empty(); }

  // Bytes of owned arguments and of the views, as accounting sees them.
  size_t memory_bytes() const { return owned_bytes_ + views_.size() * sizeof(std::string_view); }

 private:
  struct OwnedBlob {
    size_t index;
    Blob blob;
  };

  // Bytes that live until Clear.
  char* Allocate(size_t bytes);

  std::vector<std::string_view> views_;
  std::vector<std::unique_ptr<char[]>> chunks_;
  std::vector<OwnedBlob> blobs_;  // in order of index
  size_t owned_bytes_ = 0;
};

}  // namespace reprise

#endif  // REPRISE_SERVER_RESP_ARGUMENTS_H_
