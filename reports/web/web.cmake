# The performance report's page: its style always, its charts where Node and the packages of package-lock.json can be had.
# NSPROOF_CHARTS: AUTO leaves the charts out when they cannot be bundled, and says so; ON makes that an error; OFF never
# asks for Node. A report without charts has the same tables.
set(NSPROOF_CHARTS AUTO CACHE STRING "Bundle the charts of the performance report: AUTO, ON or OFF")
set_property(CACHE NSPROOF_CHARTS PROPERTY STRINGS AUTO ON OFF)

set(web ${CMAKE_CURRENT_LIST_DIR})
set(charts ${CMAKE_CURRENT_BINARY_DIR}/web/charts.js)
file(GLOB_RECURSE chart_sources CONFIGURE_DEPENDS ${web}/charts/*.js)
add_custom_command(OUTPUT ${charts}
  COMMAND ${CMAKE_COMMAND} -DCHARTS=${NSPROOF_CHARTS} -DSOURCE=${web} -DOUTPUT=${charts} -P ${web}/bundle.cmake
  DEPENDS ${chart_sources} ${web}/package.json ${web}/package-lock.json ${web}/bundle.cmake
  COMMENT "Bundling the charts of the performance report"
  VERBATIM)

target_sources(nsproof_reports PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/html/assets.S)
set_source_files_properties(${CMAKE_CURRENT_SOURCE_DIR}/html/assets.S PROPERTIES
  COMPILE_DEFINITIONS "NSPROOF_PAGE_STYLE=\"${web}/page.css\";NSPROOF_PAGE_CHARTS=\"${charts}\""
  OBJECT_DEPENDS "${web}/page.css;${charts}")
