#include "proptests/contract/kernel_hooks.h"

#include <netinet/in.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <system_error>

#include "backends/unique_fd.h"
#include "loop/check.h"

namespace reprise {

TemporaryFolder::TemporaryFolder()
    : path_((std::filesystem::temp_directory_path() / "reprise-contract-XXXXXX").string()) {
  CHECK(::mkdtemp(path_.data()) != nullptr);
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

DescriptorLimit::DescriptorLimit() {
  rlimit limit{};
  CHECK(::getrlimit(RLIMIT_NOFILE, &limit) == 0);
  limit_before_ = limit.rlim_cur;
  // Systems give out the lowest free number, so all below this one are taken.
  const UniqueFd lowest_free(::dup(STDERR_FILENO));
  CHECK(lowest_free.valid());
  limit.rlim_cur = static_cast<rlim_t>(lowest_free.get());
  CHECK(::setrlimit(RLIMIT_NOFILE, &limit) == 0);
}

DescriptorLimit::~DescriptorLimit() {
  rlimit limit{};
  CHECK(::getrlimit(RLIMIT_NOFILE, &limit) == 0);
  limit.rlim_cur = limit_before_;
  CHECK(::setrlimit(RLIMIT_NOFILE, &limit) == 0);
}

size_t RaiseDescriptorLimit() {
  rlimit limit{};
  CHECK(::getrlimit(RLIMIT_NOFILE, &limit) == 0);
  limit.rlim_cur = limit.rlim_max;
  (void)::setrlimit(RLIMIT_NOFILE, &limit);
  CHECK(::getrlimit(RLIMIT_NOFILE, &limit) == 0);
  return static_cast<size_t>(limit.rlim_cur);
}

bool HasIpv6Loopback() {
  const UniqueFd fd(::socket(AF_INET6, SOCK_STREAM, 0));
  sockaddr_in6 loopback{};
  loopback.sin6_family = AF_INET6;
  loopback.sin6_addr = in6addr_loopback;
  return fd.valid() && ::bind(fd.get(), reinterpret_cast<const sockaddr*>(&loopback), sizeof(loopback)) == 0;
}

void RaiseTerminationSignal() { CHECK(::raise(SIGTERM) == 0); }

std::vector<std::string> LinesOfFile(const std::string& path) {
  std::vector<std::string> lines;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

}  // namespace reprise
