// Shared: a value whose copies use one piece of memory until one of them is changed.
//
// To who reads it, it is a value like any other. It is there because an oracle keeps many models that differ in little,
// and copies and compares them all the time.
#ifndef REPRISE_PROPTESTS_MODEL_SHARED_H_
#define REPRISE_PROPTESTS_MODEL_SHARED_H_

#include <memory>
#include <utility>

namespace reprise {

template <typename T>
class Shared {
 public:
  Shared() = default;
  Shared(T value) : value_(std::make_shared<T>(std::move(value))) {}  // NOLINT(google-explicit-constructor): a value

  const T& operator*() const { return value_ == nullptr ? Empty() : *value_; }
  const T* operator->() const { return &**this; }
  // To be changed, which no copy notices. Valid until this is copied, assigned to or gone.
  T& Change() {
    if (value_ == nullptr) {
      value_ = std::make_shared<T>();
    } else if (value_.use_count() > 1) {
      value_ = std::make_shared<T>(*value_);
    }
    return *value_;
  }

  friend bool operator==(const Shared& a, const Shared& b) { return a.value_ == b.value_ || *a == *b; }

 private:
  static const T& Empty() {
    static const T kEmpty{};
    return kEmpty;
  }

  std::shared_ptr<T> value_;  // null: a T that nobody has changed yet
};

}  // namespace reprise

#endif  // REPRISE_PROPTESTS_MODEL_SHARED_H_
