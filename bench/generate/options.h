#pragma once
// What a generated capture is to be like; each field is an option of naklank-generate.

#include <cstdint>
#include <string>

namespace nk::generate {

struct Options {
    std::string output;        // -o
    std::string to_interface;  // --to-interface, instead of -o
    double speed = 1;          // --speed: so many times faster than the time stamps
    std::string truth;         // --truth, empty for none
    std::uint32_t calls = 10;
    double seconds = 60;
    std::string codec = "mixed";  // PCMA, PCMU, mixed (by turns), L16 (16,000 samples a second)
    double stagger_s = 30;        // the calls begin evenly over so long
    double loss_percent = 0;
    double loss_burst = 1;  // packets lost in a row, on average
    double reorder_percent = 0;
    double reorder_ms = 50;
    double duplicate_percent = 0;
    double jitter_ms = 0;
    double drift_ppm = 0;  // the callers' clocks are slow by it, the called parties' fast
    double hold_s = 0;
    bool ssrc_change = false;
    bool twice = false;
    bool ipv6 = false;
    bool vlan = false;
    bool no_bye = false;
    bool nanoseconds = false;
    std::uint64_t seed = 1;
};

}  // namespace nk::generate
