#include "backends/text_file.h"

#include <glob.h>

#include <array>
#include <fstream>

namespace reprise {

Result<std::string> ReadTextFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    return Status(ErrorCode::kNotFound, "can't open config file '" + path + "'");
  }
  std::string text;
  std::array<char, 64 * 1024> piece;
  while (file.read(piece.data(), piece.size()) || file.gcount() > 0) {
    text.append(piece.data(), static_cast<size_t>(file.gcount()));
    if (text.size() > kTextFileBytesMax) {
      return Status(ErrorCode::kInvalidArgument, "config file '" + path + "' is too long");
    }
  }
  if (file.bad()) {
    return Status(ErrorCode::kInvalidArgument, "can't read config file '" + path + "'");
  }
  return text;
}

std::vector<std::string> FilesLike(const std::string& pattern) {
  glob_t found{};
  std::vector<std::string> paths;
  if (::glob(pattern.c_str(), 0, nullptr, &found) == 0) {
    paths.assign(found.gl_pathv, found.gl_pathv + found.gl_pathc);
  }
  ::globfree(&found);
  return paths;
}

}  // namespace reprise
