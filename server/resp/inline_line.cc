#include "server/resp/inline_line.h"

#include <optional>
#include <string>

namespace reprise {
namespace {

// C's isspace: what may stand between words.
bool IsSpace(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
// What ends a word outside of quotes. Vertical tab and form feed do not: Redis keeps them in a word.
bool EndsBareWord(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

int HexValue(char c) {
  if (c >= '0' && c <= '9') {
    return c - '0';
  }
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

char Unescaped(char c) {
  switch (c) {
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    case 'b':
      return '\b';
    case 'a':
      return '\a';
    default:
      return c;
  }
}

// Decodes one escape or plain byte at line[*pos] of a word in double quotes. REQUIRES: *pos < line.size().
char DecodeInDoubleQuotes(std::string_view line, size_t* pos) {
  if (line[*pos] != '\\' || *pos + 1 == line.size()) {
    return line[(*pos)++];
  }
  if (line[*pos + 1] == 'x' && *pos + 3 < line.size()) {
    const int high = HexValue(line[*pos + 2]);
    const int low = HexValue(line[*pos + 3]);
    if (high >= 0 && low >= 0) {
      *pos += 4;
      return static_cast<char>(high * 16 + low);
    }
  }
  *pos += 2;
  return Unescaped(line[*pos - 1]);
}

char DecodeInSingleQuotes(std::string_view line, size_t* pos) {
  if (line.substr(*pos, 2) == "\\'") {
    ++*pos;
  }
  return line[(*pos)++];
}

// Reads on behind an opening `quote` to the closing one, and moves behind that. False if there is none, or if it does
// not end the word.
bool ReadQuoted(std::string_view line, char quote, size_t* pos, std::string* word) {
  while (*pos < line.size() && line[*pos] != quote) {
    word->push_back(quote == '"' ? DecodeInDoubleQuotes(line, pos) : DecodeInSingleQuotes(line, pos));
  }
  if (*pos == line.size()) {
    return false;
  }
  ++*pos;
  return *pos == line.size() || IsSpace(line[*pos]);
}

}  // namespace

bool SplitInlineLine(std::string_view line, ArgumentList* args) {
  size_t pos = 0;
  while (true) {
    while (pos < line.size() && IsSpace(line[pos])) {
      ++pos;
    }
    if (pos == line.size()) {
      return true;
    }
    const size_t begin = pos;
    while (pos < line.size() && !EndsBareWord(line[pos]) && line[pos] != '"' && line[pos] != '\'') {
      ++pos;
    }
    const std::string_view bare = line.substr(begin, pos - begin);
    if (pos == line.size() || EndsBareWord(line[pos])) {
      args->Add(bare);
      continue;
    }
    std::string word(bare);
    const char quote = line[pos++];
    if (!ReadQuoted(line, quote, &pos, &word)) {
      return false;
    }
    args->AddCopy(word);
  }
}

}  // namespace reprise
