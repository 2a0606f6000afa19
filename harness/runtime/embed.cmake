# cmake -D OUTPUT=file.cc -P embed.cmake -- FILE...: writes a source with the text of the files as raw string literals,
# for harness/runtime/embedded.h. An unchanged result is left alone.
set(files)
set(separator_seen FALSE)
math(EXPR last "${CMAKE_ARGC} - 1")
foreach(i RANGE ${last})
  if(separator_seen)
    list(APPEND files "${CMAKE_ARGV${i}}")
  elseif("${CMAKE_ARGV${i}}" STREQUAL "--")
    set(separator_seen TRUE)
  endif()
endforeach()
list(LENGTH files count)

set(rows "")
foreach(file IN LISTS files)
  get_filename_component(name "${file}" NAME)
  get_filename_component(directory "${file}" DIRECTORY)
  get_filename_component(directory "${directory}" NAME)
  file(READ "${file}" text)
  string(FIND "${text}" ")nsproof\"" clash)
  if(NOT clash EQUAL -1)
    message(FATAL_ERROR "${file} holds the end of a raw string literal")
  endif()
  string(APPEND rows "    {\"${directory}\", \"${name}\", R\"nsproof(${text})nsproof\"},\n")
endforeach()

file(CONFIGURE OUTPUT "${OUTPUT}" @ONLY CONTENT [[
// Generated from configs/*.json, targets/*.toml and profiles/*.toml; see embed.cmake.
#include <array>

#include "harness/runtime/embedded.h"

namespace nsproof {
namespace {

constexpr std::array<EmbeddedFile, @count@> kFiles = {{
@rows@}};

}  // namespace

std::span<const EmbeddedFile> embedded_files() { return kFiles; }

}  // namespace nsproof
]])
