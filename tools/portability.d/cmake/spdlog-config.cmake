# Debian's spdlog, of which a cross build can use the headers only.
include(${CMAKE_CURRENT_LIST_DIR}/fmt-config.cmake)
if(NOT TARGET spdlog::spdlog)
  add_library(spdlog::spdlog INTERFACE IMPORTED)
  set_target_properties(spdlog::spdlog PROPERTIES
    INTERFACE_LINK_LIBRARIES fmt::fmt
    INTERFACE_COMPILE_DEFINITIONS SPDLOG_FMT_EXTERNAL)
endif()
