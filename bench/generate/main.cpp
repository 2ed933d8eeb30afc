// naklank-generate: writes a capture of many calls whose truth is known, for benchmarks and tests.
//
// The same options and seed give the same bytes. With --truth it also writes what a recorder must
// find: each party's counts, and the SHA-256 of its track as 16-bit little-endian samples from its
// first delivered packet to its last, silence where one was lost or held.

#include <fstream>
#include <memory>
#include <utility>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "generator.h"
#include "interface_sender.h"
#include "pcap_file.h"

namespace {

int refused(const nk::Error& error) {
    fmt::print(stderr, "{}\n", error.what);
    return 1;
}

// The file, or the interface; of an interface also itself, to be asked how it went.
struct Output {
    std::unique_ptr<nk::generate::FrameSink> sink;
    const nk::generate::InterfaceSender* sender = nullptr;
};

nk::Result<Output> open_output(const nk::generate::Options& options) {
    Output out;
    if (options.to_interface.empty()) {
        NK_TAKE(out.sink, nk::generate::PcapFile::create(options.output, options.nanoseconds));
        return out;
    }
    NK_TAKE(auto sender, nk::generate::InterfaceSender::open(options.to_interface, options.speed));
    out.sender = sender.get();
    out.sink = std::move(sender);
    return out;
}

int generate(const nk::generate::Options& options) {
    auto output = open_output(options);
    if (!output)
        return refused(output.error());
    nk::generate::CaptureWriter out(*output->sink, {options.vlan, options.twice});
    nk::generate::Generator generator(options, out);
    const nlohmann::json calls = generator.run();
    if (const auto finished = out.finish(); !finished)
        return refused(finished.error());
    if (!options.truth.empty()) {
        std::ofstream truth(options.truth);
        truth << nlohmann::json{{"packets", out.packets()}, {"calls", calls}}.dump(1) << '\n';
        if (!truth.flush()) {
            fmt::print(stderr, "{}: cannot be written\n", options.truth);
            return 1;
        }
    }
    if (output->sender == nullptr) {
        fmt::print("{}: {} packets, {} bytes\n", options.output, out.packets(), out.bytes());
        return 0;
    }
    const auto counts = output->sender->counts();
    fmt::print("{}: {} packets sent in {:.3f} s; late by {:.3f} ms on average, {:.3f} ms at most\n",
               options.to_interface, counts.sent, static_cast<double>(counts.lasted_ns) / 1e9,
               static_cast<double>(counts.late_mean_ns) / 1e6,
               static_cast<double>(counts.late_max_ns) / 1e6);
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    nk::generate::Options options;
    CLI::App app{"Writes a capture of generated telephone calls with a known truth."};
    auto* where = app.add_option_group("where to");
    where->require_option(1);
    where->add_option("-o,--output", options.output, "the pcap file to write");
    where->add_option("--to-interface", options.to_interface,
                      "send it there instead, each packet at its time (needs CAP_NET_RAW)");
    app.add_option("--speed", options.speed, "to an interface: so many times faster")
        ->check(CLI::Range(0.01, 1'000.0));
    app.add_option("--truth", options.truth, "also write the truth, as JSON");
    app.add_option("--calls", options.calls, "how many calls")->check(CLI::Range(1, 1'000'000));
    app.add_option("--seconds", options.seconds, "of talk in each call")
        ->check(CLI::Range(0.02, 86'400.0));
    app.add_option("--codec", options.codec, "PCMA, PCMU, mixed (by turns) or L16 (16 kHz)")
        ->check(CLI::IsMember({"PCMA", "PCMU", "mixed", "L16"}));
    app.add_option("--stagger", options.stagger_s, "seconds over which the calls begin");
    app.add_option("--loss", options.loss_percent, "percent of the RTP packets lost")
        ->check(CLI::Range(0.0, 99.0));
    app.add_option("--burst", options.loss_burst, "packets lost in a row, on average")
        ->check(CLI::Range(1.0, 1'000.0));
    app.add_option("--reorder", options.reorder_percent, "percent overtaken by later ones");
    app.add_option("--reorder-ms", options.reorder_ms, "how much later those come");
    app.add_option("--duplicate", options.duplicate_percent, "percent that come twice");
    app.add_option("--jitter-ms", options.jitter_ms, "delay at random up to this, order kept");
    app.add_option("--drift-ppm", options.drift_ppm,
                   "callers' clocks are slow by so much, those of the called fast")
        ->check(CLI::Range(0.0, 1'000.0));
    app.add_option("--hold", options.hold_s, "seconds each call is held, its caller silent");
    app.add_flag("--ssrc-change", options.ssrc_change, "the called party's stream starts anew");
    app.add_flag("--double", options.twice, "every packet is captured twice");
    app.add_flag("--ipv6", options.ipv6, "IPv6 instead of IPv4");
    app.add_flag("--vlan", options.vlan, "with an 802.1Q tag");
    app.add_flag("--no-bye", options.no_bye, "no call is ever hung up");
    app.add_flag("--nanoseconds", options.nanoseconds, "time stamps in nanoseconds");
    app.add_option("--seed", options.seed, "of all chance");
    CLI11_PARSE(app, argc, argv);
    return generate(options);
}
