#pragma once
// What load is to be made; each field is an option of naklank-siprec-load.

#include <cstdint>
#include <string>

namespace nk::load {

struct Options {
    std::string to;  // the recorder's SIP address and port
    bool is_tcp = false;
    std::string from = "127.0.0.1";  // the address that SIP and media come from
    std::uint32_t calls = 10;        // in progress at once
    double seconds = 10;             // of each call
    double minutes = 1;              // as long new calls begin
    double rate = 20;                // new calls a second, at most
};

}  // namespace nk::load
