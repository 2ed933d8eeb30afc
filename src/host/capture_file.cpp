// What is not plain pcap goes to libpcap, which reads from a stdio stream; ours is a cookie stream
// over a ByteReader, so that plain, packed and piped captures take one path, and an error keeps its
// own words on its way through.

#include "host/capture_file.h"

#include <array>
#include <cstdio>
#include <limits>
#include <optional>

#include <pcap/pcap.h>
#include <stdio_ext.h>

#include "host/byte_reader.h"
#include "host/link_type.h"
#include "host/pcap_records.h"

namespace nk::host {

namespace {

constexpr std::size_t stdio_buffer_bytes = 256 * 1024;
constexpr int idle_wait_ms = 100;

// What the stdio stream reads from.
struct Feed {
    std::unique_ptr<ByteReader> reader;
    std::uint64_t given = 0;  // bytes that stdio has taken
    std::optional<Error> error;
};

ssize_t feed_read(void* cookie, char* out, std::size_t size) {
    Feed& feed = *static_cast<Feed*>(cookie);
    auto got = feed.reader->read({reinterpret_cast<std::uint8_t*>(out), size});
    if (!got) {
        feed.error = std::move(got.error());
        return -1;
    }
    feed.given += *got;
    return static_cast<ssize_t>(*got);
}

// Only tells where it is, which is what ftello asks.
int feed_seek(void* cookie, off64_t* offset, int whence) {
    const Feed& feed = *static_cast<Feed*>(cookie);
    if (whence != SEEK_CUR || *offset != 0)
        return -1;
    *offset = static_cast<off64_t>(feed.given);
    return 0;
}

struct CloseFile {
    void operator()(std::FILE* file) const { (void)std::fclose(file); }
};
struct ClosePcap {
    void operator()(pcap_t* pcap) const { pcap_close(pcap); }
};
using FileHandle = std::unique_ptr<std::FILE, CloseFile>;
using PcapHandle = std::unique_ptr<pcap_t, ClosePcap>;

// Saturates: a damaged or hostile capture may carry any number here.
WallTime wall_time(const timeval& tv) {
    std::int64_t ns = 0;
    if (__builtin_mul_overflow(std::int64_t{tv.tv_sec}, std::int64_t{1'000'000'000}, &ns) ||
        __builtin_add_overflow(ns, std::int64_t{tv.tv_usec}, &ns))
        ns = tv.tv_sec < 0 ? std::numeric_limits<std::int64_t>::min()
                           : std::numeric_limits<std::int64_t>::max();
    return {ns};
}

class CaptureFile : public PacketSource {
public:
    CaptureFile(std::unique_ptr<Feed> feed, PcapHandle pcap, LinkType link, std::string name)
        : feed_(std::move(feed)), pcap_(std::move(pcap)), link_(link), name_(std::move(name)) {}

    Result<Next> next(CapturedPacket& out) override {
        if (failed_)
            return tl::unexpected<Error>(*failed_);
        if (feed_->reader->is_live() && !has_bytes())
            return Next::idle;
        pcap_pkthdr* header = nullptr;
        const u_char* bytes = nullptr;
        switch (pcap_next_ex(pcap_.get(), &header, &bytes)) {
            case 1:
                ++counts_.received;
                out.time = wall_time(header->ts);
                out.bytes = Bytes(bytes, header->caplen);
                out.wire_bytes = header->len;
                out.link = link_;
                return Next::packet;
            case PCAP_ERROR_BREAK:
                return Next::end;
            default:
                failed_ = what_stopped_us();
                return tl::unexpected<Error>(*failed_);
        }
    }
    [[nodiscard]] SourceCounts counts() const override { return counts_; }
    [[nodiscard]] double progress() const override { return feed_->reader->progress(); }

private:
    [[nodiscard]] std::uint64_t bytes_read() const {
        const off_t at = ftello(pcap_file(pcap_.get()));
        return at < 0 ? feed_->given : static_cast<std::uint64_t>(at);
    }
    bool has_bytes() {
        return bytes_read() < feed_->given || feed_->reader->is_ready(idle_wait_ms);
    }

    Error what_stopped_us() {
        Error error{
            .code = Code::malformed, .blame = Blame::peer, .what = pcap_geterr(pcap_.get())};
        if (feed_->error)
            error = *feed_->error;
        else if (error.what.find("truncated") != std::string::npos)
            error.code = Code::cut_off;
        error.what = name_ + (error.code == Code::cut_off ? " is cut off" : " cannot be read on") +
                     " after packet " + std::to_string(counts_.received) + ", at byte " +
                     std::to_string(bytes_read()) + ": " + error.what;
        return error;
    }

    std::unique_ptr<Feed> feed_;
    PcapHandle pcap_;  // closes the stdio stream, which reads from feed_
    LinkType link_;
    std::string name_;
    SourceCounts counts_;
    std::optional<Error> failed_;
};

std::string in_hex(std::string_view bytes) {
    static constexpr std::string_view digits = "0123456789abcdef";
    std::string out;
    for (const char c : bytes) {
        const auto byte = static_cast<std::uint8_t>(c);
        out += out.empty() ? "" : " ";
        out += digits[byte >> 4];
        out += digits[byte & 15];
    }
    return out;
}

bool is_pcap_or_pcapng(std::string_view start) {
    if (start.size() < 4)
        return false;
    for (const std::uint32_t magic : {0xa1b2c3d4U, 0xa1b23c4dU, 0xa1b2cd34U, 0x0a0d0d0aU}) {
        const std::uint32_t is = be32(as_bytes(start).data());
        if (is == magic || is == __builtin_bswap32(magic))
            return true;
    }
    return false;
}

// What the first bytes say a file is, when it is not a capture.
std::string what_it_is(std::string_view start) {
    struct Known {
        std::string_view magic;
        std::string_view name;
    };
    static constexpr std::array known{
        Known{"BZh", "a bzip2 file"},
        Known{"\xfd"
              "7zXZ",
              "an xz file"},
        Known{"PK\x03\x04", "a zip file"},
        Known{"RIFF", "a RIFF file, such as WAV"},
        Known{"fLaC", "a FLAC file"},
        Known{"OggS", "an Ogg file"},
        Known{"snoop", "a snoop capture"},
        Known{"XCP", "a capture of Network Associates Sniffer"},
        Known{"\x04\x22\x4d\x18", "an LZ4 file"},
        Known{"\x1f\x8b", "packed with gzip twice"},
    };
    if (start.empty())
        return "it is empty";
    for (const Known& one : known)
        if (start.starts_with(one.magic))
            return "it is " + std::string(one.name);
    return "it begins with the bytes " + in_hex(start);
}

Result<PcapHandle> open_pcap(Feed& feed, const std::string& name, std::string_view start) {
    if (!is_pcap_or_pcapng(start))
        return refuse(Code::unsupported, Blame::owner,
                      name + " is not a pcap or pcapng capture: " + what_it_is(start));
    FileHandle file(fopencookie(
        &feed, "r", {.read = feed_read, .write = nullptr, .seek = feed_seek, .close = nullptr}));
    if (!file)
        return refuse(Code::io, Blame::machine, name + " cannot be read: there is no memory");
    (void)std::setvbuf(file.get(), nullptr, _IOFBF, stdio_buffer_bytes);
    (void)__fsetlocking(file.get(), FSETLOCKING_BYCALLER);
    std::array<char, PCAP_ERRBUF_SIZE> why{};
    PcapHandle pcap(pcap_fopen_offline_with_tstamp_precision(file.get(), PCAP_TSTAMP_PRECISION_NANO,
                                                             why.data()));
    if (!pcap) {
        if (feed.error)
            return refuse(feed.error->code, feed.error->blame,
                          name + " cannot be read: " + feed.error->what);
        const std::string reason = why.data();
        const bool is_cut = reason.find("truncated") != std::string::npos;
        return refuse(is_cut ? Code::cut_off : Code::unsupported, Blame::owner,
                      name + " cannot be read as a capture: " + reason);
    }
    (void)file.release();  // pcap_close closes it from now on
    return pcap;
}

Result<std::unique_ptr<PacketSource>> open_reader(std::unique_ptr<ByteReader> packed,
                                                  const std::string& name) {
    std::string start;
    auto plain = unpacked(std::move(packed), start);
    if (!plain)
        return refuse(plain.error().code, plain.error().blame,
                      name + " cannot be read: " + plain.error().what);
    if (const auto head = pcap_head(as_bytes(start)))
        return pcap_records(*std::move(plain), *head, name);
    auto feed = std::make_unique<Feed>(
        Feed{.reader = *std::move(plain), .given = 0, .error = std::nullopt});
    NK_TAKE(auto pcap, open_pcap(*feed, name, start));
    const int dlt = pcap_datalink(pcap.get());
    const auto link = link_type_of(dlt);
    if (!link) {
        const char* known = pcap_datalink_val_to_description_or_dlt(dlt);
        return refuse(Code::unsupported, Blame::owner,
                      name + " holds packets of a link type that Naklank does not read: " + known +
                          " (" + std::to_string(dlt) + ")");
    }
    return std::make_unique<CaptureFile>(std::move(feed), std::move(pcap), *link, name);
}

}  // namespace

Result<std::unique_ptr<PacketSource>> open_capture_file(const std::string& path) {
    NK_TAKE(auto reader, open_bytes(path));
    return open_reader(std::move(reader), path == "-" ? "standard input" : path);
}

Result<std::unique_ptr<PacketSource>> open_capture_bytes(Bytes bytes, const std::string& name) {
    return open_reader(memory_bytes(bytes), name);
}

}  // namespace nk::host
