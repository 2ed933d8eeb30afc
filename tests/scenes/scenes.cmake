# One test per golden call: every folder here that has an expect.json.
file(GLOB expectations CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/*/expect.json)
foreach(file ${expectations})
  get_filename_component(folder ${file} DIRECTORY)
  get_filename_component(name ${folder} NAME)
  nk_python_test(scene.${name} scene ${CMAKE_SOURCE_DIR}/tests/scenes/run.py
    --naklank $<TARGET_FILE:naklank> --work ${CMAKE_BINARY_DIR}/scenes ${name})
endforeach()
