#include "proptests/reprise_sim/write_file.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <system_error>

namespace reprise {
namespace {

namespace fs = std::filesystem;

// 0, or errno.
int WriteTo(const fs::path& path, std::string_view content) {
  errno = 0;
  std::FILE* const file = std::fopen(path.c_str(), "wb");
  if (file == nullptr) {
    return errno;
  }
  const bool written = std::fwrite(content.data(), 1, content.size(), file) == content.size();
  const int error = written ? 0 : errno;
  const bool closed = std::fclose(file) == 0;
  return error != 0 || closed ? error : errno;
}

}  // namespace

std::string WriteWholeFile(const std::string& path, std::string_view content) {
  std::error_code ignored;
  const fs::file_status status = fs::status(path, ignored);
  int error = 0;
  if (fs::exists(status) && !fs::is_regular_file(status)) {
    error = WriteTo(path, content);
  } else {
    const fs::path target = fs::is_symlink(path, ignored) ? fs::canonical(path, ignored) : fs::path(path);
    const fs::path beside = target.string() + ".part";
    error = WriteTo(beside, content);
    if (error == 0 && std::rename(beside.c_str(), target.c_str()) != 0) {
      error = errno;
    }
    if (error != 0) {
      fs::remove(beside, ignored);
    }
  }
  return error == 0 ? std::string() : fmt::format("reprise-sim: can't write {}: {}\n", path, std::strerror(error));
}

}  // namespace reprise
