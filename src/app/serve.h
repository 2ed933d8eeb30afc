#pragma once
// `naklank serve`: Naklank as a service. Recording clients call in (SIPREC), and what they send is
// recorded; people hear it through the window. Until somebody stops it.

#include <optional>
#include <string>
#include <vector>

namespace nk::app {

struct ServeOptions {
    std::vector<std::string> siprec;    // --siprec udp:0.0.0.0:5060,tcp:...,tls:...
    std::vector<std::string> allow;     // --allow 192.0.2.20, 10.0.0.0/8
    std::string users_file;             // --users-file: name:password, a line each
    std::string media_address;          // --media-address: where clients send media to
    std::string sip_address;            // --sip-address: what our Contact says
    std::string ports = "20000-59999";  // --ports
    std::size_t calls_max = 2'000;      // --calls-max
    std::string tls_certificate;        // --tls-certificate FILE
    std::string tls_key;                // --tls-key FILE
    std::string tls_clients;            // --tls-clients FILE: authorities of client certificates
    std::string http;                   // --http ADDRESS:PORT
    std::string state;                  // --state DIR; empty: .state in the archive
    std::string site;                   // --site DIR; empty: beside the program
    std::string token_file;             // --token-file FILE
    std::vector<std::string> watch;     // --watch DIR, DIR=OWN-NUMBER
    std::string watch_purpose = "wording";  // --watch-purpose
    std::string watch_zone;                 // --watch-zone; empty: the machine's
    std::size_t silence_seconds = 60;       // --silence-seconds
    std::size_t drain_seconds = 30;         // --drain-seconds
    std::optional<std::string> basis;       // --basis
    std::string purpose = "training";       // --purpose
    std::string archive;                    // --archive DIR, already resolved to a path
    std::string notify_socket;              // of the service manager; empty: there is none
    bool json = false;                      // log lines as JSON
};

// Exit code: 0 stopped in order and everything is kept; 1 something could not be kept, or it could
// not begin: a port is taken, the disk refuses; 2 the options are wrong.
int serve(const ServeOptions& options);

}  // namespace nk::app
