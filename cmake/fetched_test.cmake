# Uses Reprise by FetchContent, which is add_subdirectory in the end, from a project of its own. Run by ctest (see ReprisePackage.cmake) as
# `cmake -D... -P fetched_test.cmake`: SOURCE is Reprise's folder, SCRATCH is made anew, GENERATOR and COMPILER are those
# of the build. All libraries are compiled: in the way that takes the least time.

function(run)
  execute_process(COMMAND ${ARGV} COMMAND_ERROR_IS_FATAL ANY)
endfunction()

file(REMOVE_RECURSE ${SCRATCH})
file(MAKE_DIRECTORY ${SCRATCH})
file(WRITE ${SCRATCH}/CMakeLists.txt "
cmake_minimum_required(VERSION 3.25)
project(parent LANGUAGES CXX)
include(FetchContent)
FetchContent_Declare(reprise SOURCE_DIR ${SOURCE})
FetchContent_MakeAvailable(reprise)
if(TARGET reprise-server OR TARGET loop_test OR TARGET chat_server)
  message(FATAL_ERROR \"more than the libraries is there\")
endif()
add_executable(turns main.cc)
target_link_libraries(turns PRIVATE reprise::loop reprise::backends reprise::sim)
add_executable(narrow narrow.cc)
target_link_libraries(narrow PRIVATE reprise::loop)
")
# Would not compile with the warnings of Reprise.
file(WRITE ${SCRATCH}/narrow.cc "#include \"loop/status.h\"\nint main() { int narrow = 3000000000; return 0; }\n")
# A second that passes, once on the system's clock (which is not waited for) and once in a simulated world.
file(WRITE ${SCRATCH}/main.cc "
#include <cstdio>

#include \"backends/native_poller.h\"
#include \"backends/posix_clock.h\"
#include \"loop/event_loop.h\"
#include \"sim/sim_world.h\"
#include \"sim/tape_source.h\"

int main() {
  reprise::PosixClock clock;
  auto poller = reprise::NativePoller::Create(clock);
  if (!poller.ok()) return 1;
  reprise::EventLoop real(*poller.value(), clock);
  reprise::Timer stop_real([&] { real.Stop(); });
  real.RunAfter(0, stop_real);
  real.Run();

  reprise::TapeSource harmless{reprise::Tape()};
  reprise::SimWorld world(harmless, reprise::SwarmProfile::Quiet());
  reprise::EventLoop simulated(world.poller(), world.clock());
  reprise::Timer stop_simulated([&] { simulated.Stop(); });
  simulated.RunAfter(reprise::kNanosPerSecond, stop_simulated);
  simulated.Run();
  std::printf(\"%s, then %lld simulated ns\\n\", reprise::kNativePollerName, static_cast<long long>(world.elapsed_ns()));
  return world.elapsed_ns() >= reprise::kNanosPerSecond ? 0 : 1;
}
")
run(${CMAKE_COMMAND} -S ${SCRATCH} -B ${SCRATCH}/build -G ${GENERATOR} -DCMAKE_CXX_COMPILER=${COMPILER}
    -DCMAKE_BUILD_TYPE=Debug -DCMAKE_CXX_FLAGS_DEBUG=-O0)
run(${CMAKE_COMMAND} --build ${SCRATCH}/build --parallel 2)
run(${SCRATCH}/build/turns)
