#include "backends/text_file.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace reprise {
namespace {

class TextFileTest : public testing::Test {
 protected:
  TextFileTest() : folder_(testing::TempDir() + "reprise_text_file_test") {
    std::filesystem::create_directories(folder_);
  }
  ~TextFileTest() override { std::filesystem::remove_all(folder_); }
  std::string Write(const std::string& name, const std::string& text) const {
    std::string path = folder_ + "/" + name;
    std::ofstream(path, std::ios::binary) << text;
    return path;
  }

  std::string folder_;
};

TEST_F(TextFileTest, IsReadAsItIs) {
  for (const std::string& text : {std::string(), std::string("a\0b\r\n", 5), std::string(200'000, 'x')}) {
    Result<std::string> read = ReadTextFile(Write("a.conf", text));
    ASSERT_TRUE(read.ok());
    EXPECT_EQ(read.value(), text);
  }
}

TEST_F(TextFileTest, WhatCannotBeReadIsAnErrorThatNamesIt) {
  EXPECT_EQ(ReadTextFile("/nowhere/a.conf").status().detail(), "can't open config file '/nowhere/a.conf'");
  EXPECT_EQ(ReadTextFile(folder_).status().detail(), "can't read config file '" + folder_ + "'");
  EXPECT_EQ(ReadTextFile("/dev/zero").status().detail(), "config file '/dev/zero' is too long");
}

TEST_F(TextFileTest, APatternStandsForItsFilesInOrder) {
  const std::string second = Write("b.conf", "");
  const std::string first = Write("a.conf", "");
  (void)Write("c.txt", "");
  EXPECT_EQ(FilesLike(folder_ + "/*.conf"), (std::vector<std::string>{first, second}));
  EXPECT_EQ(FilesLike(folder_ + "/[x-z].conf"), std::vector<std::string>());
}

}  // namespace
}  // namespace reprise
