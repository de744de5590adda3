// kernel_hooks: what the contract's tests ask of the operating system beside the interfaces.
#ifndef REPRISE_PROPTESTS_CONTRACT_KERNEL_HOOKS_H_
#define REPRISE_PROPTESTS_CONTRACT_KERNEL_HOOKS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace reprise {

// A folder of its own under the system's temporary one, removed with all that is in it.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

// Lets the process open no further descriptor, until it goes away.
class DescriptorLimit {
 public:
  DescriptorLimit();
  ~DescriptorLimit();
  DescriptorLimit(const DescriptorLimit&) = delete;
  DescriptorLimit& operator=(const DescriptorLimit&) = delete;

 private:
  uint64_t limit_before_ = 0;
};

// Raises the limit of descriptors as far as it may be; returns it.
size_t RaiseDescriptorLimit();

bool HasIpv6Loopback();

std::vector<std::string> LinesOfFile(const std::string& path);

void RaiseTerminationSignal();

}  // namespace reprise

#endif  // REPRISE_PROPTESTS_CONTRACT_KERNEL_HOOKS_H_
