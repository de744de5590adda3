# The project's build rules: language level, warnings, build variants, and the two functions that every folder uses.

include_guard(GLOBAL)

# Whoever includes this project (add_subdirectory, FetchContent) gets the libraries and nothing else, unless asked for.
option(REPRISE_BUILD_SERVER "Build reprise-server" ${PROJECT_IS_TOP_LEVEL})
option(REPRISE_BUILD_TESTS "Build unit tests, properties and examples (the properties want the server)"
       ${PROJECT_IS_TOP_LEVEL})
option(REPRISE_INSTALL "Have `cmake --install` install libraries, package files and the server" ${PROJECT_IS_TOP_LEVEL})
option(REPRISE_WERROR "Take warnings for errors" ${PROJECT_IS_TOP_LEVEL})
option(REPRISE_BUILD_BENCHMARKS "Build what tools/bench runs" OFF)
option(REPRISE_BUILD_FUZZERS "Build libFuzzer targets (clang only)" OFF)
set(REPRISE_SANITIZE "" CACHE STRING "Sanitizers for every target, e.g. address,undefined")

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

find_program(REPRISE_CCACHE ccache)
if(REPRISE_CCACHE)
  # Without its sloppiness it takes no file that uses precompiled headers.
  set(CMAKE_CXX_COMPILER_LAUNCHER env CCACHE_SLOPPINESS=pch_defines,time_macros ${REPRISE_CCACHE})
endif()
find_program(REPRISE_MOLD mold)
if(REPRISE_MOLD AND NOT REPRISE_BUILD_FUZZERS)
  add_link_options(-fuse-ld=mold)
endif()

add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion
                    -Wnon-virtual-dtor -Woverloaded-virtual -Wno-missing-field-initializers
                    $<$<BOOL:${REPRISE_WERROR}>:-Werror>)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  # With -O3 it warns of every `"text" + string` (GCC's bug 105651), and of buffers that it believes to have no room.
  add_compile_options(-Wno-restrict -Wno-stringop-overflow)
endif()
# CHECK stays on in every build, and the standard library's own cheap checks with it.
add_compile_definitions($<$<NOT:$<CONFIG:Release>>:_GLIBCXX_ASSERTIONS>)

if(REPRISE_SANITIZE)
  add_compile_options(-fsanitize=${REPRISE_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${REPRISE_SANITIZE})
endif()

# Profile-guided builds with gcc: `collect` builds what notes how often each branch is taken (below build/, when it is
# run), `use` builds by those notes. Both in one build folder, since a note is found by the path of its object file;
# tools/release does it.
set(REPRISE_PROFILE "" CACHE STRING "Profile-guided optimisation: collect, use, or nothing")
if(REPRISE_PROFILE AND NOT CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  message(FATAL_ERROR "REPRISE_PROFILE is for gcc")
elseif(REPRISE_PROFILE STREQUAL "collect")
  add_compile_options(-fprofile-generate -fprofile-update=single)
  add_link_options(-fprofile-generate)
elseif(REPRISE_PROFILE STREQUAL "use")
  # What the training never ran is optimised as without a profile, instead of for size.
  add_compile_options(-fprofile-use -fprofile-partial-training -Wno-missing-profile)
endif()

# What the programs of the release link as their allocator, chosen by measurement (docs/performance.md). Sanitizers bring
# their own.
option(REPRISE_MIMALLOC "Use mimalloc where it is installed" ON)
set(REPRISE_ALLOCATOR)
if(REPRISE_MIMALLOC AND NOT REPRISE_SANITIZE)
  find_package(mimalloc QUIET)
  if(mimalloc_FOUND)
    set(REPRISE_ALLOCATOR mimalloc)
  else()
    message(STATUS "mimalloc is not installed: the server uses the C library's malloc, which is slower and larger")
  endif()
endif()

if(REPRISE_BUILD_TESTS)
  enable_testing()
  find_package(GTest REQUIRED)
  find_package(rapidcheck REQUIRED)
  include(GoogleTest)
endif()

# reprise_library(NAME reprise_x SOURCES ... LINKS ...): a static library that includes from the project's root.
function(reprise_library)
  cmake_parse_arguments(ARG "" "NAME" "SOURCES;LINKS" ${ARGN})
  add_library(${ARG_NAME} STATIC ${ARG_SOURCES})
  target_include_directories(${ARG_NAME} PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>)
  target_link_libraries(${ARG_NAME} PUBLIC ${ARG_LINKS})
endfunction()

# reprise_test(NAME x_test SOURCES ... LINKS ... [LABELS ...] [TIMEOUT_S n]): a GoogleTest program, each of whose
# tests is one ctest test. Links gtest_main and, where asked, RapidCheck (name it in LINKS).
function(reprise_test)
  if(NOT REPRISE_BUILD_TESTS)
    return()
  endif()
  cmake_parse_arguments(ARG "" "NAME;TIMEOUT_S" "SOURCES;LINKS;LABELS" ${ARGN})
  if(NOT ARG_TIMEOUT_S)
    set(ARG_TIMEOUT_S 120)
  endif()
  add_executable(${ARG_NAME} ${ARG_SOURCES})
  target_link_libraries(${ARG_NAME} PRIVATE ${ARG_LINKS} GTest::gtest GTest::gtest_main)
  gtest_discover_tests(${ARG_NAME} DISCOVERY_TIMEOUT 60
                       PROPERTIES TIMEOUT ${ARG_TIMEOUT_S} LABELS "${ARG_LABELS}")
endfunction()
