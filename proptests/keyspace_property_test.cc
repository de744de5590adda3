// Properties of the keyspace: the table and the database against std::map, under any sequence of operations.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "server/keyspace/database.h"
#include "server/keyspace/hash_table.h"

namespace reprise {
namespace {

// ---- The table alone, with numbers for entries, and hashes that collide as much as a case wants ----

TableWord WordOf(uint64_t id) { return (id + 1) << 3; }
uint64_t IdOf(TableWord word) { return ((word & kTableWordAddressMask) >> 3) - 1; }

uint64_t HashOfId(uint64_t id, uint64_t mask) {
  id = (id + 1) * 0x9e37'79b9'7f4a'7c15;
  id = (id ^ id >> 32) * 0xd6e8'feb8'6659'fd93;
  return (id ^ id >> 32) & mask;
}
uint64_t HashOfWord(TableWord word, uint64_t mask) { return HashOfId(IdOf(word), mask); }

class NumberTable {
 public:
  explicit NumberTable(uint64_t mask) : mask_(mask) {}

  TableWord* Find(uint64_t id) const {
    return table_.Find(HashOfId(id, mask_), [id](TableWord word) { return IdOf(word) == id; });
  }
  // Makes the number a member, or no member.
  void Set(uint64_t id, bool member) {
    TableWord* slot = Find(id);
    if (member && slot == nullptr) {
      TableWord* added = table_.Insert(HashOfId(id, mask_), WordOf(id), {HashOfWord, mask_});
      RC_ASSERT(IdOf(*added) == id);
    } else if (!member && slot != nullptr) {
      table_.Erase(slot, HashOfId(id, mask_));
    }
  }
  void Check() const { table_.CheckInvariants({HashOfWord, mask_}); }
  const HashTable& table() const { return table_; }

 private:
  HashTable table_;
  uint64_t mask_;
};

// All bits; the lowest alone (few buckets are used), the highest alone (all in one bucket), none.
rc::Gen<uint64_t> HashMasks() {
  return rc::gen::weightedElement<uint64_t>(
      {{4, ~uint64_t{0}}, {1, 7}, {1, ~uint64_t{0} << 40}, {1, 0}, {1, 0xff00'0000'0000'003f}});
}

// A range of numbers that become members or leave: long ranges make the table grow and shrink by much.
struct Range {
  uint64_t first;
  uint64_t count;
  bool member;
};

rc::Gen<std::vector<Range>> Ranges(uint64_t from, uint64_t to) {
  return rc::gen::container<std::vector<Range>>(rc::gen::construct<Range>(
      rc::gen::inRange(from, to), rc::gen::inRange<uint64_t>(0, 200), rc::gen::arbitrary<bool>()));
}

void showValue(const Range& range, std::ostream& os) {
  os << (range.member ? "+" : "-") << range.first << ".." << range.first + range.count;
}

TEST(HashTableProperty, HoldsExactlyWhatWasPutIn) {
  EXPECT_TRUE(rc::check([] {
    NumberTable table(*HashMasks());
    std::set<uint64_t> model;
    for (const Range& range : *Ranges(0, 1000)) {
      for (uint64_t id = range.first; id < range.first + range.count; ++id) {
        table.Set(id, range.member);
        range.member ? static_cast<void>(model.insert(id)) : static_cast<void>(model.erase(id));
      }
      table.Check();
    }
    RC_ASSERT(table.table().size() == model.size());
    for (uint64_t id = 0; id < 1200; ++id) {
      RC_ASSERT((table.Find(id) != nullptr) == (model.count(id) == 1));
    }
    for (uint64_t id : model) {
      table.Set(id, false);
    }
    RC_ASSERT(table.table().bytes_used() == 0U);
  }));
}

TEST(HashTableProperty, AScanReturnsWhatStaysThoughTheTableGrowsAndShrinks) {
  EXPECT_TRUE(rc::check([] {
    const uint64_t stay = *rc::gen::inRange<uint64_t>(0, 200);
    NumberTable table(*HashMasks());
    for (uint64_t id = 0; id < stay; ++id) {
      table.Set(id, true);
    }
    // Between two calls of Scan, numbers from 1000 on come and go.
    const auto changes = *Ranges(1000, 2000);
    const auto calls_between = *rc::gen::inRange<size_t>(1, 5);
    std::set<uint64_t> seen;
    uint64_t cursor = 0;
    size_t change = 0;
    size_t rounds = 0;
    do {
      RC_ASSERT(++rounds < 10'000U);
      for (size_t i = 0; i < calls_between; ++i) {
        cursor = table.table().Scan(cursor, [&](TableWord* slot) { seen.insert(IdOf(*slot)); });
        if (cursor == 0) {
          break;
        }
      }
      if (change < changes.size()) {
        const Range& range = changes[change++];
        for (uint64_t id = range.first; id < range.first + range.count; ++id) {
          table.Set(id, range.member);
        }
      }
    } while (cursor != 0);
    for (uint64_t id = 0; id < stay; ++id) {
      RC_ASSERT(seen.count(id) == 1U);
    }
  }));
}

TEST(HashTableProperty, ARandomSlotIsAMember) {
  EXPECT_TRUE(rc::check([](uint64_t random) {
    NumberTable table(*HashMasks());
    for (const Range& range : *Ranges(0, 1000)) {
      for (uint64_t id = range.first; id < range.first + range.count; ++id) {
        table.Set(id, range.member);
      }
    }
    TableWord* slot = table.table().RandomSlot(random);
    RC_ASSERT((slot == nullptr) == (table.table().size() == 0));
    if (slot != nullptr) {
      RC_ASSERT(table.Find(IdOf(*slot)) == slot);
    }
  }));
}

// ---- The database against a map ----

enum class What {
  kSet,
  kSetBlob,
  kAssign,
  kResize,
  kMark,
  kSetExpiry,
  kClearExpiry,
  kErase,
  kEraseLazily,
  kRename,
  kMove,
  kFindLive,
  kExpireSome,
  kClear,
  kSwap,
  kReclaim,
  kLast = kReclaim
};

struct Op {
  int what;
  size_t key;
  size_t other;
  size_t size;
  int64_t time;
};

void showValue(const Op& op, std::ostream& os) {
  os << "{what " << op.what << " key " << op.key << " other " << op.other << " size " << op.size << " time " << op.time
     << "}";
}

rc::Gen<Op> Ops() {
  // Sizes gather at the borders between forms of an entry.
  const auto sizes = rc::gen::weightedOneOf<size_t>({{4, rc::gen::inRange<size_t>(0, 40)},
                                                     {2, rc::gen::inRange<size_t>(250, 262)},
                                                     {2, rc::gen::inRange<size_t>(4090, 4100)},
                                                     {1, rc::gen::inRange<size_t>(0, 70'000)}});
  const auto times = rc::gen::weightedOneOf<int64_t>(
      {{6, rc::gen::inRange<int64_t>(0, 20)},
       {1, rc::gen::element<int64_t>((int64_t{1} << 47) - 1, int64_t{1} << 47, -(int64_t{1} << 47) - 1, -5)}});
  const auto whats = rc::gen::weightedOneOf<int>(
      {{10, rc::gen::inRange(0, static_cast<int>(What::kClear))},
       {10, rc::gen::just(static_cast<int>(What::kSet))},
       {1, rc::gen::inRange(static_cast<int>(What::kClear), static_cast<int>(What::kLast) + 1)}});
  return rc::gen::construct<Op>(whats, rc::gen::inRange<size_t>(0, 60), rc::gen::inRange<size_t>(0, 60), sizes, times);
}

struct ModelValue {
  std::string value;
  std::optional<int64_t> expire_at_ms;
  StringMark mark = StringMark::kNone;
};
using Model = std::map<std::string, ModelValue>;

// Some keys are too long for the short forms.
std::string KeyOf(size_t i) { return std::string(i % 7 == 0 ? 250 + i : i % 20, 'k') + std::to_string(i); }
std::string ValueOf(const Op& op) { return std::string(op.size, static_cast<char>('a' + op.other % 26)); }

class CountingObserver : public ExpiryObserver {
 public:
  void OnExpired(std::string_view key) override { keys.insert(std::string(key)); }
  std::set<std::string> keys;
};

// Two databases and their models, and one operation after the other on both.
class Pair {
 public:
  void Apply(const Op& op) {
    const std::string key = KeyOf(op.key);
    const uint64_t hash = db_[0].Hash(key);
    Ref ref = db_[0].Find(key, hash);
    const auto at = model_[0].find(key);
    RC_ASSERT(static_cast<bool>(ref) == (at != model_[0].end()));
    switch (static_cast<What>(op.what)) {
      case What::kSet:
      case What::kSetBlob:
        return Set(op, ref, key, hash);
      case What::kFindLive:
        return FindLive(op, key, hash);
      case What::kExpireSome:
        return ExpireSome(op);
      case What::kClear:
        db_[0].Clear(reclaimer_);
        model_[0].clear();
        return;
      case What::kSwap:
        db_[0].SwapWith(db_[1]);
        std::swap(model_[0], model_[1]);
        return;
      case What::kReclaim:
        reclaimer_.Step(1 + op.key);
        return;
      default:
        if (ref) {
          Change(op, ref, at);
        }
    }
  }

  void Check() {
    for (int i = 0; i < 2; ++i) {
      db_[i].CheckInvariants();
      RC_ASSERT(db_[i].size() == model_[i].size());
      size_t expiring = 0;
      for (const auto& [key, expected] : model_[i]) {
        const Ref ref = db_[i].Find(key, db_[i].Hash(key));
        RC_ASSERT(static_cast<bool>(ref));
        RC_ASSERT(ref.key() == key);
        RC_ASSERT(ref.value() == expected.value);
        RC_ASSERT(ref.expire_at_ms() == expected.expire_at_ms.value_or(kNoExpiry));
        RC_ASSERT(ref.mark() == expected.mark);
        expiring += expected.expire_at_ms.has_value() ? size_t{1} : 0;
      }
      RC_ASSERT(db_[i].expiring_count() == expiring);
    }
  }

  // All that was counted is counted back.
  void EraseAll() {
    for (int i = 0; i < 2; ++i) {
      for (const auto& [key, unused] : model_[i]) {
        db_[i].Erase(db_[i].Find(key, db_[i].Hash(key)));
      }
      RC_ASSERT(db_[i].size() == 0U);
      RC_ASSERT(db_[i].bytes_used() == 0U);
      RC_ASSERT(db_[i].expiring_count() == 0U);
    }
    reclaimer_.Drain();
    RC_ASSERT(reclaimer_.bytes_pending() == 0U);
  }

 private:
  static std::optional<int64_t> ExpiryOf(const Op& op) {
    return op.other % 3 == 0 ? std::optional<int64_t>(op.time) : std::nullopt;
  }

  void Set(const Op& op, Ref ref, const std::string& key, uint64_t hash) {
    const std::string value = ValueOf(op);
    const int64_t expiry = ExpiryOf(op).value_or(kNoExpiry);
    const bool blob = static_cast<What>(op.what) == What::kSetBlob;
    if (ref) {
      blob ? db_[0].Replace(ref, Blob(value), expiry) : db_[0].Replace(ref, value, expiry);
    } else {
      ref = blob ? db_[0].Insert(key, hash, Blob(value), expiry) : db_[0].Insert(key, hash, value, expiry);
    }
    RC_ASSERT(ref.key() == key);
    RC_ASSERT(ref.value() == value);
    model_[0][key] = {value, ExpiryOf(op), StringMark::kNone};
  }

  void FindLive(const Op& op, const std::string& key, uint64_t hash) {
    const auto at = model_[0].find(key);
    const bool expired = at != model_[0].end() && at->second.expire_at_ms && *at->second.expire_at_ms < op.time;
    const bool live = at != model_[0].end() && !expired;
    RC_ASSERT(static_cast<bool>(db_[0].FindLive(key, hash, op.time)) == live);
    RC_ASSERT(observer_.keys == (expired ? std::set<std::string>{key} : std::set<std::string>{}));
    observer_.keys.clear();
    if (expired) {
      model_[0].erase(at);
    }
  }

  void ExpireSome(const Op& op) {
    const ExpireStep step = db_[0].ExpireSome(op.time, op.key);
    RC_ASSERT(step.scanned_buckets <= op.key);
    RC_ASSERT(step.removed == observer_.keys.size());
    for (const std::string& key : observer_.keys) {
      const auto at = model_[0].find(key);
      RC_ASSERT(at != model_[0].end());
      RC_ASSERT(at->second.expire_at_ms.value_or(op.time) < op.time);
      model_[0].erase(at);
    }
    observer_.keys.clear();
  }

  void Change(const Op& op, Ref ref, Model::iterator at) {
    ModelValue& expected = at->second;
    switch (static_cast<What>(op.what)) {
      case What::kAssign:
        op.time % 2 == 0 ? db_[0].Assign(ref, ValueOf(op)) : db_[0].Assign(ref, Blob(ValueOf(op)));
        expected.value = ValueOf(op);
        expected.mark = StringMark::kNone;
        break;
      case What::kResize:
        Resize(op, ref, expected);
        break;
      case What::kMark:
        expected.mark = static_cast<StringMark>(op.size % 4);
        db_[0].Mark(ref, expected.mark);
        break;
      case What::kSetExpiry:
        db_[0].SetExpiry(ref, op.time);
        expected.expire_at_ms = op.time;
        break;
      case What::kClearExpiry:
        db_[0].ClearExpiry(ref);
        expected.expire_at_ms.reset();
        break;
      case What::kErase:
        db_[0].Erase(ref);
        model_[0].erase(at);
        break;
      case What::kEraseLazily:
        db_[0].EraseLazily(ref, reclaimer_);
        model_[0].erase(at);
        break;
      case What::kRename:
        Relocate(ref, at, KeyOf(op.other), 0);
        break;
      case What::kMove:
        Relocate(ref, at, std::string(at->first), 1);
        break;
      default:
        break;
    }
  }

  void Resize(const Op& op, Ref& ref, ModelValue& expected) {
    char* bytes = db_[0].MutableValue(ref, op.size);
    expected.value.resize(op.size);
    if (op.size > 0) {
      bytes[op.size / 2] = '!';
      expected.value[op.size / 2] = '!';
    }
    RC_ASSERT(ref.value() == expected.value);
  }

  void Relocate(Ref ref, Model::iterator at, const std::string& new_key, int to) {
    const uint64_t hash = db_[to].Hash(new_key);
    if (db_[to].Find(new_key, hash)) {
      return;
    }
    const Ref moved = to == 0 ? db_[0].Rename(ref, new_key, hash) : db_[0].MoveTo(ref, db_[1], hash);
    RC_ASSERT(moved.key() == new_key);
    ModelValue value = std::move(at->second);
    model_[0].erase(at);
    model_[to][new_key] = std::move(value);
  }

  CountingObserver observer_;
  Database db_[2] = {Database(1, &observer_), Database(2, &observer_)};
  Model model_[2];
  Reclaimer reclaimer_;
};

TEST(DatabaseProperty, BehavesLikeAMap) {
  EXPECT_TRUE(rc::check([] {
    Pair pair;
    for (const Op& op : *rc::gen::scale(4, rc::gen::container<std::vector<Op>>(Ops()))) {
      pair.Apply(op);
    }
    pair.Check();
    pair.EraseAll();
  }));
}

}  // namespace
}  // namespace reprise
