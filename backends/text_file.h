// text_file: whole files of configuration, read at a program's start.
#ifndef REPRISE_BACKENDS_TEXT_FILE_H_
#define REPRISE_BACKENDS_TEXT_FILE_H_

#include <cstddef>
#include <string>
#include <vector>

#include "loop/status.h"

namespace reprise {

// More than this is no text that somebody wrote, and may have no end.
inline constexpr size_t kTextFileBytesMax = size_t{64} << 20;

// What is in the file at `path`. Errors: kNotFound, it can't be opened; kInvalidArgument, it can't be read (a
// directory) or is too long. The detail is a sentence that names the path.
Result<std::string> ReadTextFile(const std::string& path);

// The paths that the shell's `pattern` stands for, in order; none is no error.
std::vector<std::string> FilesLike(const std::string& pattern);

}  // namespace reprise

#endif  // REPRISE_BACKENDS_TEXT_FILE_H_
