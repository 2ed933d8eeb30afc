# What is not a room's own unit test: the rules of the house, golden calls, others' captures, live calls.
# Labels: house, scene, corpus, siprec and window (sockets of this machine), live (needs root). A test that cannot run here
# returns 77 and is "skipped".
find_package(Python3 REQUIRED COMPONENTS Interpreter)

function(nk_python_test name label)
  add_test(NAME ${name} COMMAND ${Python3_EXECUTABLE} -B ${ARGN})
  set_tests_properties(${name} PROPERTIES LABELS ${label} SKIP_RETURN_CODE 77 TIMEOUT 600)
endfunction()

nk_python_test(house.rooms house ${CMAKE_SOURCE_DIR}/tools/rooms.py ${CMAKE_SOURCE_DIR})
nk_python_test(house.rules house ${CMAKE_SOURCE_DIR}/tools/house.py ${CMAKE_SOURCE_DIR})
nk_python_test(house.checkers house ${CMAKE_SOURCE_DIR}/tests/house_test.py)
nk_python_test(house.entries house ${CMAKE_SOURCE_DIR}/tests/entries_test.py)
nk_python_test(house.install house ${CMAKE_SOURCE_DIR}/tests/install_test.py)
nk_python_test(house.benchmarks house ${CMAKE_SOURCE_DIR}/tests/bench_test.py)
nk_python_test(scene.srtp-sender scene ${CMAKE_SOURCE_DIR}/tests/srtp_test.py)

nk_python_test(streams scene ${CMAKE_SOURCE_DIR}/tests/streams_test.py $<TARGET_FILE:naklank>
  ${CMAKE_SOURCE_DIR}/samples/appointment.pcap)
nk_python_test(read-only scene ${CMAKE_SOURCE_DIR}/tests/read_only_test.py $<TARGET_FILE:naklank>
  ${CMAKE_SOURCE_DIR}/samples/appointment.pcap)
nk_python_test(rights scene ${CMAKE_SOURCE_DIR}/tests/rights_test.py $<TARGET_FILE:naklank>
  ${CMAKE_SOURCE_DIR}/samples/appointment.pcap)
nk_python_test(recover scene ${CMAKE_SOURCE_DIR}/tests/recover_test.py $<TARGET_FILE:naklank>
  $<TARGET_FILE:naklank-generate> ${CMAKE_SOURCE_DIR}/samples/appointment.pcap)
nk_python_test(completion.bash scene ${CMAKE_SOURCE_DIR}/tests/completion_test.py
  --naklank $<TARGET_FILE:naklank>)

nk_python_test(siprec.service siprec ${CMAKE_SOURCE_DIR}/tests/siprec/service_test.py $<TARGET_FILE:naklank>)

nk_python_test(window.api window ${CMAKE_SOURCE_DIR}/tests/window/window_test.py
  $<TARGET_FILE:naklank> ${CMAKE_SOURCE_DIR}/samples/appointment.pcap)
nk_python_test(window.live window ${CMAKE_SOURCE_DIR}/tests/window/live_test.py $<TARGET_FILE:naklank>)
nk_python_test(window.rights window ${CMAKE_SOURCE_DIR}/tests/window/rights_test.py
  $<TARGET_FILE:naklank> ${CMAKE_SOURCE_DIR}/samples/appointment.pcap)
nk_python_test(window.fuzz window ${CMAKE_SOURCE_DIR}/tests/window/fuzz_api.py
  $<TARGET_FILE:naklank> ${CMAKE_SOURCE_DIR}/samples/appointment.pcap)

nk_python_test(import window ${CMAKE_SOURCE_DIR}/tests/import/import_test.py $<TARGET_FILE:naklank>)
nk_python_test(import.bcr-export window ${CMAKE_SOURCE_DIR}/tests/import/bcr_export_test.py
  $<TARGET_FILE:naklank> ${CMAKE_SOURCE_DIR}/samples/appointment.pcap)
nk_python_test(import.hostile window ${CMAKE_SOURCE_DIR}/tests/import/hostile_test.py $<TARGET_FILE:naklank>)

include(${CMAKE_SOURCE_DIR}/tests/scenes/scenes.cmake OPTIONAL)

# Generated calls: every count and every sample against the truth. What the network delays at random
# cannot be told from
# what the sender began later, so the sides of a jittery call may lie a little apart.
function(nk_truth name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "CHECK;GENERATE")
  nk_python_test(truth.${name} truth ${CMAKE_SOURCE_DIR}/tests/truth_check.py --naklank $<TARGET_FILE:naklank>
    --generate $<TARGET_FILE:naklank-generate> --work ${CMAKE_BINARY_DIR}/truth ${arg_CHECK} ${name}
    -- ${arg_GENERATE})
endfunction()
nk_truth(clean GENERATE --calls 20 --seconds 10 --codec mixed)
nk_truth(loss-reordering-duplicates GENERATE
  --calls 20 --seconds 20 --codec mixed --loss 5 --reorder 5 --reorder-ms 50 --duplicate 3)
nk_truth(outages GENERATE --calls 5 --seconds 30 --loss 5 --burst 100)
nk_truth(jitter CHECK --skew-ms 60 GENERATE --calls 20 --seconds 20 --jitter-ms 150)
# Two hours whose sides' clocks part by 400 ppm, 2.9 s, end beside each other.
nk_truth(clocks-drift-apart CHECK --skew-ms 5 --end-skew-ms 20 GENERATE
  --calls 1 --seconds 7200 --codec PCMA --drift-ppm 200 --jitter-ms 5)
nk_truth(every-packet-twice GENERATE --calls 5 --seconds 10 --double)
nk_truth(ssrc-change GENERATE --calls 5 --seconds 10 --ssrc-change)
nk_truth(hold GENERATE --calls 3 --seconds 30 --hold 10)
nk_truth(ipv6-vlan GENERATE --calls 3 --seconds 10 --ipv6 --vlan)
nk_truth(bye-lost GENERATE --calls 3 --seconds 10 --no-bye)
nk_truth(wide-band GENERATE --calls 3 --seconds 10 --codec L16)

nk_python_test(corpus corpus ${CMAKE_SOURCE_DIR}/tests/corpus_check.py
  --naklank $<TARGET_FILE:naklank> --work ${CMAKE_BINARY_DIR}/corpus)

nk_python_test(reference corpus ${CMAKE_SOURCE_DIR}/tests/reference_check.py
  --naklank $<TARGET_FILE:naklank> --work ${CMAKE_BINARY_DIR}/reference)

# Real phones and a real proxy in network namespaces of their own, recorded from an imitated mirror port.
foreach(call live_call sipp_call too_slow)
  nk_python_test(live.${call} live ${CMAKE_SOURCE_DIR}/tests/e2e/${call}.py
    --naklank $<TARGET_FILE:naklank> --work ${CMAKE_BINARY_DIR}/live)
  set_tests_properties(live.${call} PROPERTIES RUN_SERIAL ON)
endforeach()

# A short live load over a virtual cable: every packet that was sent is recorded. `make soak` is the long one.
nk_python_test(live.load live ${CMAKE_SOURCE_DIR}/tests/soak/veth_load.py --naklank $<TARGET_FILE:naklank>
  --generate $<TARGET_FILE:naklank-generate> --work ${CMAKE_BINARY_DIR}/live-load --calls 50 --seconds 5 --talk 5)
set_tests_properties(live.load PROPERTIES RUN_SERIAL ON)

# `naklank serve` and recording clients that call it, on loopback: every sample of every speaker.
foreach(script balancer calls doors ends fragments sipp_calls two_doors)
  nk_python_test(siprec.${script} siprec ${CMAKE_SOURCE_DIR}/tests/siprec/${script}.py
    --naklank $<TARGET_FILE:naklank> --work ${CMAKE_BINARY_DIR}/siprec)
endforeach()

# kill -9 at random moments: no finished call is lost, and of a running one at most a second.
nk_python_test(kill kill ${CMAKE_SOURCE_DIR}/tests/e2e/kill.py --naklank $<TARGET_FILE:naklank>
  --generate $<TARGET_FILE:naklank-generate> --work ${CMAKE_BINARY_DIR}/kill)
