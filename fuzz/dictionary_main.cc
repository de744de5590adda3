// fuzz_dictionary FILE: writes libFuzzer's dictionary: the names of all commands and subcommands, from the command
// table, and pieces of RESP.
#include <fmt/format.h>

#include <fstream>
#include <iostream>
#include <string>
#include <string_view>

#include "server/commands/command_table.h"

namespace reprise {
namespace {

constexpr std::string_view kPieces[] = {"\r\n",   "*1\r\n",  "*2\r\n", "*3\r\n", "*-1\r\n", "$0\r\n\r\n",
                                        "$3\r\n", "$-1\r\n", "\"",     "'",      "\\x00"};

std::string Entry(std::string_view bytes) {
  std::string text = "\"";
  for (const char c : bytes) {
    const bool plain = c >= ' ' && c <= '~' && c != '"' && c != '\\';
    text += plain ? std::string(1, c) : fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
  }
  return text + "\"\n";
}

bool Write(const std::string& path) {
  std::ofstream file(path, std::ios::binary);
  for (const std::string_view piece : kPieces) {
    file << Entry(piece);
  }
  const CommandTable commands;
  for (const std::string& word : CommandWords(commands)) {
    file << Entry(word) << Entry(fmt::format("${}\r\n{}\r\n", word.size(), word));
  }
  file.flush();
  return file.good();
}

}  // namespace
}  // namespace reprise

int main(int argc, char** argv) {
  if (argc != 2 || !reprise::Write(argv[1])) {
    std::cerr << "usage: fuzz_dictionary FILE, and the file must be writable\n";
    return 1;
  }
  return 0;
}
