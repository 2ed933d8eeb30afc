# What is not a room's own unit test: the rules of the house, scenes, end-to-end runs.
find_package(Python3 REQUIRED COMPONENTS Interpreter)
add_test(NAME house.rooms COMMAND ${Python3_EXECUTABLE} ${CMAKE_SOURCE_DIR}/tools/rooms.py ${CMAKE_SOURCE_DIR})
add_test(NAME house.rules COMMAND ${Python3_EXECUTABLE} ${CMAKE_SOURCE_DIR}/tools/house.py ${CMAKE_SOURCE_DIR})
