// Runs a fuzz target over files, with any compiler: `x_replay FILE_OR_FOLDER...`. For ctest, and to look at a finding.
//
// Exit code 0: all files ran; a target ends the process where it finds something wrong. 1: no file was found, or one
// could not be read.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace {

// The files that `path` stands for, in order of their names.
std::vector<std::string> FilesOf(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::is_directory(path, error)) {
    return {path};
  }
  std::vector<std::string> files;
  for (std::filesystem::recursive_directory_iterator entry(path, error), end; entry != end; entry.increment(error)) {
    if (entry->is_regular_file(error)) {
      files.push_back(entry->path().string());
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

bool Run(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  if (!in.is_open() || in.bad()) {
    std::cerr << file << ": cannot be read\n";
    return false;
  }
  // A buffer of the exact size, as libFuzzer hands it over.
  const std::unique_ptr<uint8_t[]> exact(new uint8_t[text.size()]);
  if (!text.empty()) {
    std::memcpy(exact.get(), text.data(), text.size());
  }
  std::cerr << file << ": " << text.size() << " bytes" << std::endl;
  LLVMFuzzerTestOneInput(exact.get(), text.size());
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  size_t runs = 0;
  for (int i = 1; i < argc; ++i) {
    for (const std::string& file : FilesOf(argv[i])) {
      if (!Run(file)) {
        return 1;
      }
      ++runs;
    }
  }
  std::cerr << runs << " files\n";
  return runs > 0 ? 0 : 1;
}
