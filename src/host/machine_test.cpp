#include "host/machine.h"

#include <filesystem>

#include <gtest/gtest.h>
#include <stdlib.h>

#include "host/disk_probe.h"

namespace nk::host {
namespace {

using Ports = std::vector<std::uint16_t>;

TEST(machine, reads_the_local_ports_of_a_socket_table) {
    EXPECT_EQ(ports_in_socket_table(
                  "  sl  local_address rem_address   st tx_queue rx_queue\n"
                  "  488: 0100007F:0035 00000000:0000 07 00000000:00000000 00:00000000\n"
                  " 9999: 00000000000000000000000000000000:14E6 0000:0000 07\n"),
              (Ports{53, 5'350}));
    EXPECT_EQ(ports_in_socket_table(""), Ports{});
    EXPECT_EQ(ports_in_socket_table("one\n\n:\n a b c\n 1: zz:yy\n"), Ports{});
}

TEST(machine, reads_ranges_of_ports) {
    const auto ranges = port_ranges_in("8080,9000-9100\n");
    ASSERT_EQ(ranges.size(), 2U);
    EXPECT_EQ(ranges[0].first, 8'080);
    EXPECT_EQ(ranges[0].last, 8'080);
    EXPECT_EQ(ranges[1].first, 9'000);
    EXPECT_EQ(ranges[1].last, 9'100);
    EXPECT_TRUE(port_ranges_in("\n").empty());
    EXPECT_TRUE(port_ranges_in("a-b,99999").empty());
}

TEST(machine, knows_something_of_this_one) {
    EXPECT_GE(processors(), 1U);
    EXPECT_GT(file_limit_max(), 3U);
    EXPECT_GE(granted_receive_buffer(4'096).value_or(0), 1'024U);
}

TEST(disk_probe, measures_and_leaves_nothing) {
    std::string folder = (std::filesystem::temp_directory_path() / "nk-probe-XXXXXX").string();
    ASSERT_NE(mkdtemp(folder.data()), nullptr);
    const auto speed = measure_disk(folder, milliseconds(20));
    ASSERT_TRUE(speed) << speed.error().what;
    EXPECT_FALSE(speed->syncs.empty());
    EXPECT_GT(speed->bytes_per_second, 0);
    EXPECT_TRUE(std::filesystem::is_empty(folder));
    const auto state = folder_state(folder);
    ASSERT_TRUE(state);
    EXPECT_TRUE(state->is_folder && state->is_ours);
    EXPECT_EQ(state->mode, 0700U);
    EXPECT_EQ(nearest_folder(folder + "/a/b"), folder);
    std::filesystem::remove(folder);
    EXPECT_FALSE(folder_state(folder));
    EXPECT_FALSE(measure_disk(folder, milliseconds(20)));
}

}  // namespace
}  // namespace nk::host
