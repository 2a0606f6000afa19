# Makes OUTPUT, the charts as one minified script, from SOURCE with the exact packages of its lock file; the packages are
# fetched into the directory of OUTPUT, never into the source tree. CHARTS is AUTO, ON or OFF (see web.cmake); without
# charts OUTPUT is empty.
cmake_minimum_required(VERSION 3.25)
get_filename_component(directory ${OUTPUT} DIRECTORY)
file(MAKE_DIRECTORY ${directory})

function(without_charts why)
  if(CHARTS STREQUAL "ON")
    message(FATAL_ERROR "NSPROOF_CHARTS is ON, but ${why}")
  endif()
  file(WRITE ${OUTPUT} "")
  message(STATUS "Performance reports will have tables and no charts: ${why}.\n   To try again, delete ${OUTPUT} and build.")
endfunction()

if(NOT CHARTS STREQUAL "AUTO" AND NOT CHARTS)
  file(WRITE ${OUTPUT} "")
  return()
endif()
find_program(npm npm)
find_program(node node)
if(NOT npm OR NOT node)
  without_charts("Node and npm are not installed")
  return()
endif()

execute_process(COMMAND ${node} --version OUTPUT_VARIABLE version OUTPUT_STRIP_TRAILING_WHITESPACE)
string(REPLACE "v" "" version "${version}")
if(version VERSION_LESS 18)  # what esbuild asks for
  without_charts("Node ${version} is older than 18")
  return()
endif()

file(COPY ${SOURCE}/package.json ${SOURCE}/package-lock.json DESTINATION ${directory})
file(SHA256 ${SOURCE}/package-lock.json wanted)
set(installed "")
if(EXISTS ${directory}/installed)
  file(READ ${directory}/installed installed)
endif()
if(NOT installed STREQUAL wanted)
  execute_process(COMMAND ${npm} ci --ignore-scripts --no-audit --no-fund --prefer-offline --loglevel=error
      --fetch-retries=1 --fetch-retry-mintimeout=1000 --fetch-timeout=20000
    WORKING_DIRECTORY ${directory} RESULT_VARIABLE failed OUTPUT_QUIET ERROR_VARIABLE complaint TIMEOUT 120)
  if(failed)
    string(REGEX REPLACE "\n.*" "" complaint "${complaint}")
    without_charts("npm ci failed (${failed}): ${complaint}")
    return()
  endif()
  file(WRITE ${directory}/installed ${wanted})
endif()

execute_process(
  COMMAND ${CMAKE_COMMAND} -E env NODE_PATH=${directory}/node_modules ${directory}/node_modules/.bin/esbuild
    ${SOURCE}/charts/main.js --bundle --minify --format=iife --target=es2020 --charset=utf8 --legal-comments=eof
    --log-level=warning --outfile=${OUTPUT}
  RESULT_VARIABLE failed ERROR_VARIABLE complaint)
if(failed)
  file(REMOVE ${OUTPUT})
  message(FATAL_ERROR "Bundling the charts failed: ${complaint}")
endif()
