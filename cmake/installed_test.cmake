# Uses Reprise as other projects do. Run by ctest (see ReprisePackage.cmake) as `cmake -D... -P installed_test.cmake`:
# SOURCE and BINARY are Reprise's folders, SCRATCH is made anew, CONFIG, GENERATOR and COMPILER are those of the build.

function(run)
  execute_process(COMMAND ${ARGV} COMMAND_ERROR_IS_FATAL ANY)
endfunction()

file(REMOVE_RECURSE ${SCRATCH})
file(MAKE_DIRECTORY ${SCRATCH})
set(how -G ${GENERATOR} -DCMAKE_CXX_COMPILER=${COMPILER} -DCMAKE_BUILD_TYPE=${CONFIG})

message("--- install, and move what was installed")
run(${CMAKE_COMMAND} --install ${BINARY} --prefix ${SCRATCH}/first --component reprise_libraries --config "${CONFIG}")
file(RENAME ${SCRATCH}/first ${SCRATCH}/installed)

message("--- nothing of how Reprise is built may reach those who use it")
file(GLOB_RECURSE exported ${SCRATCH}/installed/*.cmake ${SCRATCH}/installed/*.pc)
if(NOT exported)
  message(FATAL_ERROR "no package was installed")
endif()
foreach(file ${exported})
  file(STRINGS ${file} leaks REGEX "-W[a-z]|-fsanitize|_GLIBCXX|fuse-ld")
  file(STRINGS ${file} paths REGEX "${SOURCE}|${SCRATCH}/first")
  if(leaks OR paths)
    message(FATAL_ERROR "${file}: ${leaks}${paths}")
  endif()
endforeach()

message("--- find_package: the examples, away from the source tree")
file(COPY ${SOURCE}/examples DESTINATION ${SCRATCH}/elsewhere)
run(${CMAKE_COMMAND} -S ${SCRATCH}/elsewhere/examples -B ${SCRATCH}/examples ${how}
    -DCMAKE_PREFIX_PATH=${SCRATCH}/installed)
run(${CMAKE_COMMAND} --build ${SCRATCH}/examples --parallel 2)
run(${CMAKE_CTEST_COMMAND} --test-dir ${SCRATCH}/examples --output-on-failure --no-tests=error)

find_program(PKG_CONFIG pkg-config REQUIRED)
message("--- pkg-config: a program in one line")
file(GLOB_RECURSE pc ${SCRATCH}/installed/reprise.pc)
cmake_path(GET pc PARENT_PATH folder)
set(ENV{PKG_CONFIG_PATH} ${folder})
execute_process(COMMAND ${PKG_CONFIG} --cflags --libs reprise OUTPUT_VARIABLE flags COMMAND_ERROR_IS_FATAL ANY)
separate_arguments(flags UNIX_COMMAND "${flags}")
set(chat ${SCRATCH}/elsewhere/examples/chat)
run(${COMPILER} -o ${SCRATCH}/chat_server ${chat}/chat_server.cc ${chat}/main.cc -I${SCRATCH}/elsewhere ${flags})
