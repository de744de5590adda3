#include "sim/actor.h"

#include <gtest/gtest.h>

#include <set>

namespace reprise {
namespace {

TEST(ActorName, EveryKindReadsBackAsItWasWritten) {
  const ActorName names[] = {{ActorKind::kWorld},       {ActorKind::kServer},
                             {ActorKind::kClient, 2},   {ActorKind::kConnection, 2, 3},
                             {ActorKind::kOutgoing, 7}, {ActorKind::kIncoming, 4'000'000'000},
                             {ActorKind::kListener, 0}, {ActorKind::kScript, 9}};
  for (const ActorName& name : names) {
    const Result<ActorName> parsed = ActorName::Parse(name.ToString());
    ASSERT_TRUE(parsed.ok()) << name.ToString();
    EXPECT_EQ(parsed.value(), name);
  }
  EXPECT_EQ((ActorName{ActorKind::kConnection, 2, 3}).ToString(), "conn.2.3");
}

TEST(ActorName, WhatIsNoNameIsRefused) {
  for (const char* text : {"", "clientele", "client", "client.", "client.x", "client.1.2", "conn.1", "world.1",
                           "client.-1", "client.4294967296", " client.1", "client.1 ", "nobody.1"}) {
    EXPECT_FALSE(ActorName::Parse(text).ok()) << text;
  }
}

TEST(ActorName, NamesThatDifferHaveHashesThatDiffer) {
  std::set<uint64_t> hashes;
  for (uint8_t kind = 0; kind <= static_cast<uint8_t>(ActorKind::kScript); ++kind) {
    for (uint32_t index = 0; index < 30; ++index) {
      for (uint32_t part = 0; part < 30; ++part) {
        hashes.insert(ActorName{static_cast<ActorKind>(kind), index, part}.Hash());
      }
    }
  }
  EXPECT_EQ(hashes.size(), 8u * 30 * 30);
}

TEST(ActorTable, TheWorldAndTheServerAreThereFromTheStart) {
  ActorTable table;
  EXPECT_EQ(table.name(ActorTable::kWorld).ToString(), "world");
  EXPECT_EQ(table.name(ActorTable::kServer).ToString(), "server");
  const Actor client = table.Add({ActorKind::kClient, 5});
  EXPECT_EQ(table.name(client).ToString(), "client.5");
  EXPECT_EQ(table.hash(client), (ActorName{ActorKind::kClient, 5}).Hash());
}

}  // namespace
}  // namespace reprise
