// Writes a file so that it is never there in part: what is in the way of writing it leaves what was there before.
#ifndef REPRISE_PROPTESTS_REPRISE_SIM_WRITE_FILE_H_
#define REPRISE_PROPTESTS_REPRISE_SIM_WRITE_FILE_H_

#include <string>
#include <string_view>

namespace reprise {

// Empty: it is written. Otherwise a line that says what went wrong. Devices and pipes are written to as they are.
std::string WriteWholeFile(const std::string& path, std::string_view content);

}  // namespace reprise

#endif  // REPRISE_PROPTESTS_REPRISE_SIM_WRITE_FILE_H_
