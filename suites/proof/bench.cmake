# Whether the figures of `nsproof bench` can be believed. The long versions, for a report and not for every build:
#   ctest -C long -L bench -V

add_executable(bench_bare bench_bare.c)
target_compile_options(bench_bare PRIVATE -O2 -std=gnu11 -fno-sanitize=all)
target_link_options(bench_bare PRIVATE -static -no-pie -fno-sanitize=all)

function(nsproof_bench_proof name)
  add_executable(${name} ${name}.cc ${ARGN})
  target_link_libraries(${name} PRIVATE nsproof_reports nsproof_costs GTest::gmock GTest::gtest_main)
  target_compile_definitions(${name} PRIVATE
    NSPROOF_BINARY="$<TARGET_FILE:nsproof>"
    NSPROOF_BENCH_BARE="$<TARGET_FILE:bench_bare>")
  add_dependencies(${name} nsproof bench_bare)
endfunction()

nsproof_bench_proof(bench_truth_test)
nsproof_bench_proof(bench_pitfalls_test)
# With the hook for a planted delay; its objects come before the archive's.
nsproof_bench_proof(bench_sensitivity_test ${harness}/bench/raw_clone.cc ${harness}/bench/injected_delay.cc)
target_compile_definitions(bench_sensitivity_test PRIVATE NSPROOF_FAULTS)

add_test(NAME bench.truth COMMAND bench_truth_test)
add_test(NAME bench.pitfalls COMMAND bench_pitfalls_test)
add_test(NAME bench.sensitivity COMMAND bench_sensitivity_test)
add_test(NAME bench.root COMMAND ${as_root} bench --smoke -q)
add_test(NAME bench.unprivileged COMMAND $<TARGET_FILE:unchanged> ${CMAKE_CURRENT_SOURCE_DIR}/bench_as_nobody.sh
  $<TARGET_FILE:nsproof> --smoke -q)
add_test(NAME bench.long_truth CONFIGURATIONS long COMMAND bench_truth_test)
add_test(NAME bench.long_sensitivity CONFIGURATIONS long COMMAND bench_sensitivity_test)
add_test(NAME bench.long_stability CONFIGURATIONS long
  COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/bench_stability.sh $<TARGET_FILE:nsproof> 8 3)
set_tests_properties(bench.truth bench.pitfalls bench.sensitivity bench.root bench.unprivileged
  PROPERTIES LABELS "proof;bench" RUN_SERIAL ON TIMEOUT 300)
set_tests_properties(bench.long_truth bench.long_sensitivity bench.long_stability
  PROPERTIES LABELS bench RUN_SERIAL ON TIMEOUT 3600)
set_tests_properties(bench.long_truth PROPERTIES ENVIRONMENT NSPROOF_BENCH_TURNS=20)
set_tests_properties(bench.long_sensitivity PROPERTIES ENVIRONMENT NSPROOF_BENCH_RUNS=20)
