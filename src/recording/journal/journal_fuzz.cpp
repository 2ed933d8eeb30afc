// A journal that a stranger wrote: the input is a segment's file, and what can be read of it is
// read, recovered and sealed.

#include "recording/recovery.h"
#include "recording/testing_house.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace nk;
    using namespace nk::recording;
    testing::TestHouse house;
    house.disk.put("/left/run/" + journal::segment_name(1), {data, data + size});
    auto recovered = recover(house.disk, "/left", WallTime{1'700'000'100'000'000'000});
    NK_CHECK(recovered.has_value());
    for (auto& job : recovered->jobs)
        house.sealer->push(std::move(job));
    recovered->jobs.clear();
    while (house.sealer->step()) {
    }
    NK_CHECK(house.sealer->waiting() == 0);
    return 0;
}
