// The keyspace by itself: lookups with and without prefetching, inserting, erasing.
#include <benchmark/benchmark.h>

#include <array>
#include <memory>
#include <string>

#include "bench/key_chooser.h"
#include "server/keyspace/database.h"

namespace reprise {
namespace {

constexpr size_t kBatch = 16;

std::string KeyOf(uint64_t number) {
  const std::string digits = std::to_string(number);
  return "key:" + std::string(12 - digits.size(), '0') + digits;
}

std::unique_ptr<Database> Filled(uint64_t keys) {
  auto database = std::make_unique<Database>(1);
  for (uint64_t i = 0; i < keys; ++i) {
    const std::string key = KeyOf(i);
    (void)database->Insert(key, database->Hash(key), "xxx");
  }
  return database;
}

void Find(benchmark::State& state, bool prefetch) {
  const auto keys = static_cast<uint64_t>(state.range(0));
  const std::unique_ptr<Database> database = Filled(keys);
  KeyChooser chooser(KeyOrder::kUniform, keys, 0.99, 1);
  std::array<std::string, kBatch> names;
  std::array<uint64_t, kBatch> hashes;
  for (auto _ : state) {
    for (size_t i = 0; i < kBatch; ++i) {
      names[i] = KeyOf(chooser.Next());
      hashes[i] = database->Hash(names[i]);
    }
    if (prefetch) {
      for (const uint64_t hash : hashes) database->PrefetchBucket(hash);
      for (const uint64_t hash : hashes) database->PrefetchEntry(hash);
    }
    for (size_t i = 0; i < kBatch; ++i) {
      benchmark::DoNotOptimize(database->Find(names[i], hashes[i]).value().data());
    }
  }
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(kBatch));
}

BENCHMARK_CAPTURE(Find, one_by_one, false)->Arg(1'000)->Arg(1'000'000);
BENCHMARK_CAPTURE(Find, prefetched, true)->Arg(1'000)->Arg(1'000'000);

void Insert(benchmark::State& state) {
  Database database(1);
  uint64_t next = 0;
  for (auto _ : state) {
    const std::string key = KeyOf(next++);
    benchmark::DoNotOptimize(database.Insert(key, database.Hash(key), "xxx"));
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(Insert)->Iterations(1'000'000);

void Erase(benchmark::State& state) {
  const auto keys = static_cast<uint64_t>(state.max_iterations);
  const std::unique_ptr<Database> database = Filled(keys);
  uint64_t next = 0;
  for (auto _ : state) {
    const std::string key = KeyOf(next++);
    database->Erase(database->Find(key, database->Hash(key)));
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(Erase)->Iterations(1'000'000);

}  // namespace
}  // namespace reprise
