// Connections that are over leave their place to others, however they came to their end.
#include <gtest/gtest.h>

#include "sim/tape_source.h"
#include "sim/wire.h"

namespace reprise {
namespace {

class Nobody : public WireOwner {
 public:
  explicit Nobody(bool program) : program_(program) {}
  bool IsProgram() const override { return program_; }
  void WireChanged(uint32_t) override {}
  void WireConnected(uint32_t, ErrorCode) override {}
  void WireFault(uint32_t, Site, uint64_t) override {}

 private:
  const bool program_;
};

class WireSlotsTest : public ::testing::Test, private ProcessLife::Undertaker {
 protected:
  static inline const Address kAddress{Address::Family::kIpv4, "127.0.0.1", 6379};

  uint32_t Listen() { return wire_.Listen(kAddress, 100, program_, 0).value(); }
  WireEnd Connect() {
    const WireEnd end =
        wire_.Connect(kAddress, context_.actors.Add({ActorKind::kConnection, count_++}), false, peer_, 0);
    RunAll();
    return end;
  }
  void RunAll() {
    while (context_.timeline.next_ns() != kNoDeadline) wire_.OnEvent(context_.timeline.Take());
  }
  // All places that there are were used before.
  void ExpectNoNewPlace() {
    const uint32_t place = Connect().connection;
    EXPECT_LE(place, most_) << "a place was lost";
    most_ = std::max(most_, place);
  }

  TapeSource nothing_{std::vector<ChoiceMade>()};
  SimContext context_{nothing_, SwarmProfile::Quiet(), SimOptions(), *this};
  Wire wire_{context_};
  Nobody program_{true};
  Nobody peer_{false};
  uint32_t count_ = 0;
  uint32_t most_ = 0;

 private:
  void ProcessDied(Death) override {}
};

TEST_F(WireSlotsTest, WhatWasClosedOnBothSides) {
  const uint32_t listener = Listen();
  const WireEnd end = Connect();
  const WireEnd accepted = wire_.Accept(listener, program_, 1);
  wire_.Close(end);
  RunAll();
  EXPECT_EQ(wire_.OpenProgramEnds(), 1u);
  wire_.Close(accepted);
  EXPECT_EQ(wire_.OpenProgramEnds(), 0u);
  ExpectNoNewPlace();
}

TEST_F(WireSlotsTest, WhatWasRefused) {
  wire_.Close(Connect());
  ExpectNoNewPlace();
}

TEST_F(WireSlotsTest, WhatWasDroppedBeforeItWasAccepted) {
  const uint32_t listener = Listen();
  const WireEnd end = Connect();
  wire_.DropWaiting(listener);
  RunAll();
  wire_.Close(end);
  ExpectNoNewPlace();
}

TEST_F(WireSlotsTest, WhatWaitedWhenThePowerWentOut) {
  (void)Listen();
  const WireEnd end = Connect();
  wire_.EndProgram(true);
  wire_.PowerUp();
  RunAll();
  wire_.Close(end);
  RunAll();
  (void)Listen();
  ExpectNoNewPlace();
}

TEST_F(WireSlotsTest, WhatWasKilledWithItsProgram) {
  const uint32_t listener = Listen();
  const WireEnd one = Connect();
  const WireEnd other = Connect();
  most_ = std::max(one.connection, other.connection);
  (void)wire_.Accept(listener, program_, 1);
  wire_.EndProgram(false);
  RunAll();
  wire_.Close(one);
  wire_.Close(other);
  RunAll();
  (void)Listen();
  ExpectNoNewPlace();
  ExpectNoNewPlace();
}

}  // namespace
}  // namespace reprise
