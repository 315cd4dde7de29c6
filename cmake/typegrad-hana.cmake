# SPDX-License-Identifier: BSL-1.0
# Boost.Hana, headers only: as a target that the project has already, or in a folder.

# Where it is goes to `result`; if nowhere, one line that says so goes to `problem`.
function(typegrad_find_hana result problem)
  set(${problem} "" PARENT_SCOPE)
  foreach(target Boost::hana Boost::headers)
    if(TARGET ${target})
      set(${result} ${target} PARENT_SCOPE)
      return()
    endif()
  endforeach()
  find_path(TYPEGRAD_BOOST_INCLUDE_DIR boost/hana.hpp HINTS ${Boost_INCLUDE_DIR} ${BOOST_ROOT} ENV BOOST_ROOT PATH_SUFFIXES include
    DOC "the folder that has boost/hana.hpp")
  mark_as_advanced(TYPEGRAD_BOOST_INCLUDE_DIR)
  if(TYPEGRAD_BOOST_INCLUDE_DIR)
    set(${result} "${TYPEGRAD_BOOST_INCLUDE_DIR}" PARENT_SCOPE)
  else()
    set(${problem} "typegrad needs Boost.Hana (Debian: libboost-dev): boost/hana.hpp was not found; -DBOOST_ROOT=DIR tells where it is" PARENT_SCOPE)
  endif()
endfunction()

function(typegrad_use_hana library hana)
  if(TARGET "${hana}")
    target_link_libraries(${library} INTERFACE ${hana})
  else()
    target_include_directories(${library} SYSTEM INTERFACE "${hana}")
  endif()
endfunction()
