#include "app/metrics.h"

#include <string_view>

#include <fmt/format.h>

#include "host/disk_probe.h"

namespace nk::app {

namespace {

class Text {
public:
    void counter(std::string_view name, std::string_view help, std::uint64_t value) {
        add(name, help, "counter", value);
    }
    void gauge(std::string_view name, std::string_view help, std::uint64_t value) {
        add(name, help, "gauge", value);
    }
    std::string take() { return std::move(text_); }

private:
    void add(std::string_view name, std::string_view help, std::string_view kind,
             std::uint64_t value) {
        text_ += fmt::format("# HELP naklank_{0} {1}\n# TYPE naklank_{0} {2}\nnaklank_{0} {3}\n",
                             name, help, kind, value);
    }
    std::string text_;
};

void add_siprec(Text& text, SiprecDoor& door) {
    auto& server = door.server();
    const auto& siprec = server.counts();
    const auto& media = door.media().counts();
    const auto sip = door.sip().counts();
    text.gauge("calls_in_progress", "Recording sessions that run.", server.in_progress());
    text.counter("calls_total", "Recording sessions that were answered.", siprec.calls);
    text.counter("calls_refused_total", "Calls answered with 503 for want of room.",
                 siprec.refused);
    text.counter("calls_rejected_total", "Calls that could not be recorded.", siprec.rejected);
    text.counter("calls_not_allowed_total", "Requests from addresses that may not record here.",
                 siprec.not_allowed);
    text.counter("sip_messages_total", "SIP messages that came.", siprec.sip_messages);
    text.counter("sip_unreadable_total", "Of them, those that could not be read.",
                 siprec.sip_unreadable);
    text.counter("sip_transactions_refused_total", "Requests answered with 503: the table is full.",
                 server.transactions().refused);
    text.gauge("sip_connections", "TCP and TLS connections.", door.sip().connections());
    text.counter("sip_connections_refused_total", "Connections beyond a limit.", sip.refused);
    text.counter("media_packets_total", "RTP packets handed to a call.", siprec.media);
    text.counter("media_strangers_total", "RTP packets from somebody else.", siprec.strangers);
    text.counter("media_other_total", "Packets to our ports that are no call's RTP or RTCP.",
                 siprec.other);
    text.counter("media_dropped_by_kernel_total", "Media packets the kernel dropped.",
                 media.dropped);
    text.gauge("media_ports_in_use", "Pairs of UDP ports.", server.ports().in_use());
    text.gauge("media_ports", "Pairs of UDP ports that there are.", server.ports().size());
}

}  // namespace

std::string metrics_text(Run& run, SiprecDoor* door, const std::string& archive) {
    Text text;
    if (door != nullptr)
        add_siprec(text, *door);
    text.counter("calls_begun_late_total",
                 "Calls whose beginning was dropped, because the disk did not keep up.",
                 run.recorder().counts().begun_late);
    text.counter("packets_dropped_by_us_total", "Packets of running calls that were not kept.",
                 run.recorder().counts().dropped_by_us);
    text.gauge("journal_pending_bytes", "Bytes that wait for the disk.",
               run.journal().pending_bytes());
    text.gauge("journal_lag_milliseconds", "Age of the oldest that is not safe on the disk.",
               static_cast<std::uint64_t>(to_ms(run.journal().lag())));
    text.gauge("journal_failing", "1 while the disk does not take the journal.",
               run.is_in_trouble() ? 1 : 0);
    text.gauge("seals_waiting", "Calls that are over and not sealed yet.", run.sealer().waiting());
    text.gauge("seals_failed", "Calls that could not be sealed and are tried again.",
               run.sealer().failed());
    text.counter("recordings_total", "Recordings sealed.", run.sealed());
    if (const auto folder = host::folder_state(archive)) {
        text.gauge("disk_free_bytes", "Room on the archive's disk, for us.", folder->bytes_free);
        text.gauge("disk_bytes", "The archive's disk.", folder->bytes);
    }
    return text.take();
}

}  // namespace nk::app
