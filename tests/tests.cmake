# What is not a room's own unit test: the rules of the house, golden calls, others' captures, live calls.
# Labels: house, scene, corpus, live (needs root). A test that cannot run here returns 77 and is "skipped".
find_package(Python3 REQUIRED COMPONENTS Interpreter)

function(nk_python_test name label)
  add_test(NAME ${name} COMMAND ${Python3_EXECUTABLE} -B ${ARGN})
  set_tests_properties(${name} PROPERTIES LABELS ${label} SKIP_RETURN_CODE 77 TIMEOUT 600)
endfunction()

nk_python_test(house.rooms house ${CMAKE_SOURCE_DIR}/tools/rooms.py ${CMAKE_SOURCE_DIR})
nk_python_test(house.rules house ${CMAKE_SOURCE_DIR}/tools/house.py ${CMAKE_SOURCE_DIR})
nk_python_test(house.checkers house ${CMAKE_SOURCE_DIR}/tests/house_test.py)

include(${CMAKE_SOURCE_DIR}/tests/scenes/scenes.cmake OPTIONAL)

nk_python_test(corpus corpus ${CMAKE_SOURCE_DIR}/tests/corpus_check.py
  --naklank $<TARGET_FILE:naklank> --work ${CMAKE_BINARY_DIR}/corpus)

# Real phones and a real proxy in network namespaces of their own, recorded from an imitated mirror port.
foreach(call live_call sipp_call)
  nk_python_test(live.${call} live ${CMAKE_SOURCE_DIR}/tests/e2e/${call}.py
    --naklank $<TARGET_FILE:naklank> --work ${CMAKE_BINARY_DIR}/live)
  set_tests_properties(live.${call} PROPERTIES RUN_SERIAL ON)
endforeach()
