#include "backends/system_facts.h"

#if defined(__APPLE__)
#include <mach-o/dyld.h>
#include <mach/mach.h>
#elif defined(__linux__)
#include <fcntl.h>
#include <unistd.h>
#else
#include <sys/resource.h>
#endif

#include <dlfcn.h>

#include <array>
#include <charconv>
#include <string_view>

#include "backends/unique_fd.h"

namespace reprise {

// Asked of the running process, not of the build: an allocator may also have been preloaded.
std::string CurrentAllocatorName() {
  if (void* const version = ::dlsym(RTLD_DEFAULT, "mi_version"); version != nullptr) {
    const int number = reinterpret_cast<int (*)()>(version)();  // 209 is 2.0.9
    return "mimalloc-" + std::to_string(number / 100) + "." + std::to_string(number / 10 % 10) + "." +
           std::to_string(number % 10);
  }
  if (void* const control = ::dlsym(RTLD_DEFAULT, "mallctl"); control != nullptr) {
    using Control = int (*)(const char*, void*, size_t*, void*, size_t);
    const char* text = "";
    size_t size = sizeof(text);
    const bool known = reinterpret_cast<Control>(control)("version", &text, &size, nullptr, 0) == 0;
    // "5.3.0-0-g54eaed1d"
    return known ? "jemalloc-" + std::string(text).substr(0, std::string_view(text).find('-')) : "jemalloc";
  }
  return "libc";
}

void HaveAllocatorReturnMemory() {
  if (void* const collect = ::dlsym(RTLD_DEFAULT, "mi_collect"); collect != nullptr) {
    reinterpret_cast<void (*)(bool)>(collect)(false);
  } else if (void* const trim = ::dlsym(RTLD_DEFAULT, "malloc_trim"); trim != nullptr) {
    (void)reinterpret_cast<int (*)(size_t)>(trim)(0);
  }
}

#if defined(__linux__)

uint64_t CurrentResidentBytes() {
  const UniqueFd file(::open("/proc/self/statm", O_RDONLY | O_CLOEXEC));
  std::array<char, 128> text{};
  const ssize_t length = file.valid() ? ::read(file.get(), text.data(), text.size()) : -1;
  if (length <= 0) return 0;
  // "size resident shared ...", in pages
  const std::string_view line(text.data(), static_cast<size_t>(length));
  const size_t start = line.find(' ');
  if (start == std::string_view::npos) return 0;
  uint64_t pages = 0;
  std::from_chars(line.data() + start + 1, line.data() + line.size(), pages);
  return pages * static_cast<uint64_t>(::sysconf(_SC_PAGESIZE));
}

std::string CurrentExecutablePath() {
  std::array<char, 4096> path{};
  const ssize_t length = ::readlink("/proc/self/exe", path.data(), path.size());
  return length > 0 ? std::string(path.data(), static_cast<size_t>(length)) : std::string();
}

#elif defined(__APPLE__)

uint64_t CurrentResidentBytes() {
  mach_task_basic_info facts{};
  mach_msg_type_number_t count = MACH_TASK_BASIC_INFO_COUNT;
  const kern_return_t result =
      task_info(mach_task_self(), MACH_TASK_BASIC_INFO, reinterpret_cast<task_info_t>(&facts), &count);
  return result == KERN_SUCCESS ? facts.resident_size : 0;
}

std::string CurrentExecutablePath() {
  std::array<char, 4096> path{};
  uint32_t size = path.size();
  return _NSGetExecutablePath(path.data(), &size) == 0 ? std::string(path.data()) : std::string();
}

#else

uint64_t CurrentResidentBytes() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return static_cast<uint64_t>(usage.ru_maxrss) * 1024;
}

std::string CurrentExecutablePath() { return {}; }

#endif

}  // namespace reprise
