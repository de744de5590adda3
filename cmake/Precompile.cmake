# Most of what the compiler reads, and a third of its time, are the same few headers of the standard library and of
# GoogleTest in every file. REPRISE_PRECOMPILE has it read them once for all targets of this project. The release is
# built without, so that a file of the server that forgets an #include of its own does not go unnoticed.

include_guard(GLOBAL)

option(REPRISE_PRECOMPILE "Precompile the headers that nearly every file includes: a faster build of everything" OFF)

set(REPRISE_STANDARD_HEADERS <algorithm> <array> <charconv> <cstdint> <cstring> <deque> <functional> <limits> <map>
    <memory> <optional> <set> <span> <string> <string_view> <unordered_map> <utility> <vector>)

# Two sets of headers, each in a target that has no other purpose.
function(reprise_add_precompiled name)
  file(CONFIGURE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/${name}.cc CONTENT "")
  add_library(${name} OBJECT ${CMAKE_CURRENT_BINARY_DIR}/${name}.cc)
  target_precompile_headers(${name} PRIVATE ${ARGN})
  # As the compiler cache wants it: what is precompiled has no time of day in it, and says what it came from.
  target_compile_options(${name} PRIVATE ${REPRISE_PRECOMPILED_OPTIONS})
endfunction()

# Has all targets of a directory, and of those below, use what is precompiled.
function(reprise_use_precompiled directory)
  get_property(targets DIRECTORY ${directory} PROPERTY BUILDSYSTEM_TARGETS)
  foreach(target IN LISTS targets)
    get_target_property(type ${target} TYPE)
    if(NOT type MATCHES "^(STATIC_LIBRARY|OBJECT_LIBRARY|EXECUTABLE)$" OR target MATCHES "_precompiled$")
      continue()
    endif()
    get_target_property(links ${target} LINK_LIBRARIES)
    if(links MATCHES "GTest::gtest")
      target_precompile_headers(${target} REUSE_FROM reprise_test_precompiled)
    else()
      target_precompile_headers(${target} REUSE_FROM reprise_precompiled)
    endif()
    target_compile_options(${target} PRIVATE ${REPRISE_PRECOMPILED_OPTIONS})
  endforeach()
  get_property(below DIRECTORY ${directory} PROPERTY SUBDIRECTORIES)
  foreach(subdirectory IN LISTS below)
    reprise_use_precompiled(${subdirectory})
  endforeach()
endfunction()

# REQUIRES: all targets are there.
function(reprise_precompile)
  if(NOT REPRISE_PRECOMPILE)
    return()
  endif()
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # It takes code of the standard library for ours then, and warns of it.
    set(REPRISE_PRECOMPILED_OPTIONS -fpch-preprocess -Wno-array-bounds -Wno-stringop-overread)
  else()
    set(REPRISE_PRECOMPILED_OPTIONS "SHELL:-Xclang -fno-pch-timestamp")
  endif()
  reprise_add_precompiled(reprise_precompiled ${REPRISE_STANDARD_HEADERS})
  if(REPRISE_BUILD_TESTS)
    reprise_add_precompiled(reprise_test_precompiled ${REPRISE_STANDARD_HEADERS} <gtest/gtest.h>)
    target_link_libraries(reprise_test_precompiled PRIVATE GTest::gtest)
  endif()
  reprise_use_precompiled(${PROJECT_SOURCE_DIR})
endfunction()
