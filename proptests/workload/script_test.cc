#include "proptests/workload/script.h"

#include <gtest/gtest.h>

#include <set>

#include "proptests/model/model.h"
#include "proptests/workload/generator.h"
#include "proptests/workload/recipes.h"
#include "server/commands/command_table.h"
#include "server/resp/inline_line.h"

namespace reprise {
namespace {

Script ScriptOf(uint64_t seed) {
  const CommandTable commands;
  SeedDraw draw(seed);
  return Generator(draw, commands, 1'700'000'000'000).MakeScript(ScriptShape());
}

TEST(Script, ComesBackFromATapeAsItWas) {
  for (uint64_t seed = 1; seed <= 50; ++seed) {
    const Script script = ScriptOf(seed);
    Tape tape;
    script.AddTo(tape);
    const Result<Tape> read = Tape::FromText(tape.ToText());
    ASSERT_TRUE(read.ok()) << read.status().ToString();
    const Result<Script> back = Script::FromTape(read.value());
    ASSERT_TRUE(back.ok()) << back.status().ToString();
    EXPECT_EQ(back.value(), script) << "seed " << seed;
  }
}

TEST(Script, LeavingAnOperationOutRenamesNoOther) {
  Script script = ScriptOf(3);
  const ScriptClient before = script.clients[0];
  ASSERT_GT(before.operations.size(), 3u);
  Tape tape;
  tape.omitted.push_back({ActorName{ActorKind::kClient, before.id, 0}, 1});
  script.Omit(tape);
  ASSERT_EQ(script.clients[0].operations.size(), before.operations.size() - 1);
  EXPECT_EQ(script.clients[0].operations[0], before.operations[0]);
  EXPECT_EQ(script.clients[0].operations[1], before.operations[2]);
}

TEST(Script, BrokenTextsAreRefused) {
  for (const char* wrong : {"", "do", "sing k", "do \"k", "do \"\\x4\"", "broken a b c"}) {
    EXPECT_FALSE(ParseOperation(wrong).ok()) << wrong;
  }
}

// Every command of the table is reached by random requests, or left out for a reason that recipes.cc gives.
TEST(Generator, ReachesEveryCommandThatIsNotLeftOut) {
  const CommandTable commands;
  SeedDraw draw(1);
  Generator generator(draw, commands, 1'700'000'000'000);
  WordChoice choice;
  choice.keys = Keys::kBlind;
  std::set<std::string> reached;
  for (int i = 0; i < 20'000; ++i) {
    std::vector<std::string> words = generator.BlindRequest(choice);
    std::string name = LowerCase(words[0]);
    const CommandEntry* const entry = commands.Find(name);
    ASSERT_NE(entry, nullptr) << name;
    if (!entry->subcommands.empty() && words.size() > 1) {
      name += '|' + LowerCase(words[1]);
    }
    reached.insert(name);
  }
  for (size_t i = 0; i < commands.index_count(); ++i) {
    const CommandEntry& entry = commands.at(i);
    if (entry.subcommands.empty() && !Generator::LeftOut(entry)) {
      EXPECT_EQ(reached.count(entry.FullName()), 1u) << entry.FullName();
    }
  }
}

// A new command has to be taught to the model, or to be named here.
TEST(Generator, TheModelKnowsEveryCommandForKeys) {
  static const std::set<std::string, std::less<>> kUnknown = {
      "debug", "sort", "sort_ro", "dump", "restore", "migrate", "wait",
  };
  const CommandTable commands;
  for (const CommandEntry& entry : commands.all()) {
    const bool for_keys =
        entry.command->group == CommandGroup::kGeneric || entry.command->group == CommandGroup::kString;
    if (for_keys && kUnknown.count(entry.command->name) == 0) {
      EXPECT_TRUE(Model::Knows(entry.command->name)) << entry.FullName();
    }
  }
}

TEST(Generator, EveryRecipeIsForACommandThatExists) {
  const CommandTable commands;
  size_t recipes = 0;
  for (size_t i = 0; i < commands.index_count(); ++i) {
    recipes += FindRecipe(commands.at(i).FullName()) != nullptr ? 1U : 0U;
  }
  EXPECT_EQ(recipes, RecipeCount());
}

// In each of the forms that there are: as it is, in quotes of either kind, with letters and digits as escapes.
TEST(Inline, EveryWordReadsBackAsItself) {
  const std::vector<std::string> words = {"",         "a",        "it's", "a\\b c", "\n\r\t\b\a\"\\",          "\\x41",
                                          "\xab\xcd", "' '\\' '", "\\",   "end\\",  std::string("\0a\xff ", 4)};
  for (size_t copies = 1; copies < 5; ++copies) {
    std::vector<std::string> sent = {"name"};
    for (const std::string& word : words) {
      std::string& repeated = sent.emplace_back();
      for (size_t i = 0; i < copies; ++i) {
        repeated += word;
      }
    }
    std::string line;
    AppendInline(sent, line);
    ASSERT_EQ(line.find('\n'), line.size() - 1);
    line.resize(line.find_last_not_of("\r\n") + 1);
    ArgumentList args;
    ASSERT_TRUE(SplitInlineLine(line, &args)) << line;
    const auto all = args.all();
    EXPECT_EQ(std::vector<std::string>(all.begin(), all.end()), sent);
  }
}

TEST(Generator, TheSameSeedMakesTheSameScript) { EXPECT_EQ(ScriptOf(7), ScriptOf(7)); }

TEST(Generator, ZeroesMakeThePlainestScript) {
  const CommandTable commands;
  FunctionDraw draw([](uint64_t) { return 0; });
  const Script script = Generator(draw, commands, 0).MakeScript(ScriptShape());
  ASSERT_EQ(script.clients.size(), 1u);
  EXPECT_EQ(script.clients[0].temper, Temper::kOneAtATime);
  EXPECT_EQ(script.clients[0].keys, Keys::kOwn);
}

}  // namespace
}  // namespace reprise
