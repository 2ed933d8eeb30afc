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
