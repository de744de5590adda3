# What other projects see of this one: the libraries reprise::loop, reprise::backends and reprise::sim, by
#   add_subdirectory(reprise) or FetchContent   here and now, under the same names as from
#   find_package(reprise)                       after `cmake --install`, and
#   pkg-config reprise                          likewise.
# The rules by which this project is built (warnings, -Werror, sanitizers) are of its folders, not of these targets, so
# that users see none of them.

include_guard(GLOBAL)
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(REPRISE_PUBLIC_FOLDERS loop backends sim)
set(REPRISE_INCLUDE_DIR ${CMAKE_INSTALL_INCLUDEDIR}/reprise)  # so that #include "loop/event_loop.h" works for users
set(REPRISE_PACKAGE_DIR ${CMAKE_INSTALL_LIBDIR}/cmake/reprise)

foreach(folder ${REPRISE_PUBLIC_FOLDERS})
  set(target reprise_${folder})
  add_library(reprise::${folder} ALIAS ${target})
  set_target_properties(${target} PROPERTIES EXPORT_NAME ${folder})
  target_compile_features(${target} PUBLIC cxx_std_20)
  target_include_directories(${target} INTERFACE $<INSTALL_INTERFACE:${REPRISE_INCLUDE_DIR}>)
  if(REPRISE_INSTALL)
    install(TARGETS ${target} EXPORT reprise COMPONENT reprise_libraries
            ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
    install(DIRECTORY ${PROJECT_SOURCE_DIR}/${folder} DESTINATION ${REPRISE_INCLUDE_DIR} COMPONENT reprise_libraries
            FILES_MATCHING PATTERN "*.h" PATTERN "*_testing.h" EXCLUDE
            PATTERN "echo_*.h" EXCLUDE)  # of the tests and the example page, not of the library
  endif()
endforeach()

if(REPRISE_INSTALL)
  install(EXPORT reprise NAMESPACE reprise:: DESTINATION ${REPRISE_PACKAGE_DIR} FILE repriseTargets.cmake
          COMPONENT reprise_libraries)
  configure_package_config_file(
    ${CMAKE_CURRENT_LIST_DIR}/repriseConfig.cmake.in ${PROJECT_BINARY_DIR}/repriseConfig.cmake
    INSTALL_DESTINATION ${REPRISE_PACKAGE_DIR} NO_SET_AND_CHECK_MACRO)
  # Until 1.0 each minor version may break the one before.
  write_basic_package_version_file(${PROJECT_BINARY_DIR}/repriseConfigVersion.cmake COMPATIBILITY SameMinorVersion)
  install(FILES ${PROJECT_BINARY_DIR}/repriseConfig.cmake ${PROJECT_BINARY_DIR}/repriseConfigVersion.cmake
          DESTINATION ${REPRISE_PACKAGE_DIR} COMPONENT reprise_libraries)

  file(RELATIVE_PATH REPRISE_PREFIX_FROM_PC /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
  configure_file(${CMAKE_CURRENT_LIST_DIR}/reprise.pc.in ${PROJECT_BINARY_DIR}/reprise.pc @ONLY)
  install(FILES ${PROJECT_BINARY_DIR}/reprise.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig
          COMPONENT reprise_libraries)

  if(TARGET reprise-server)
    install(TARGETS reprise-server COMPONENT reprise_server RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
  endif()
endif()

# Under sanitizers the libraries could be linked by nobody who is not built with them too.
if(REPRISE_BUILD_TESTS AND REPRISE_INSTALL AND NOT REPRISE_SANITIZE)
  add_test(NAME examples_installed
           COMMAND ${CMAKE_COMMAND} -DSOURCE=${PROJECT_SOURCE_DIR} -DBINARY=${PROJECT_BINARY_DIR}
                   -DSCRATCH=${PROJECT_BINARY_DIR}/examples_installed -DCONFIG=$<CONFIG>
                   -DGENERATOR=${CMAKE_GENERATOR} -DCOMPILER=${CMAKE_CXX_COMPILER}
                   -P ${CMAKE_CURRENT_LIST_DIR}/installed_test.cmake)
  set_tests_properties(examples_installed PROPERTIES TIMEOUT 300 LABELS "examples;package")

  add_test(NAME package_fetched
           COMMAND ${CMAKE_COMMAND} -DSOURCE=${PROJECT_SOURCE_DIR} -DSCRATCH=${PROJECT_BINARY_DIR}/package_fetched
                   -DGENERATOR=${CMAKE_GENERATOR} -DCOMPILER=${CMAKE_CXX_COMPILER}
                   -P ${CMAKE_CURRENT_LIST_DIR}/fetched_test.cmake)
  set_tests_properties(package_fetched PROPERTIES TIMEOUT 600 LABELS package)
endif()
