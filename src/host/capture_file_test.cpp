#include "host/capture_file.h"

#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>

#include <gtest/gtest.h>
#include <pcap/pcap.h>
#include <rapidcheck/gtest.h>
#include <stdlib.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

namespace nk::host {
namespace {

namespace fs = std::filesystem;
using Buffer = std::vector<std::uint8_t>;

template <class T>
void put(Buffer& out, T value) {
    const auto* p = reinterpret_cast<const std::uint8_t*>(&value);
    out.insert(out.end(), p, p + sizeof value);
}

Buffer pcap_header(std::uint32_t dlt, std::uint32_t magic = 0xa1b23c4d) {
    Buffer out;
    put(out, magic);
    put(out, std::uint16_t{2});
    put(out, std::uint16_t{4});
    put(out, std::uint64_t{0});
    put(out, std::uint32_t{65'535});
    put(out, dlt);
    return out;
}

void add_packet(Buffer& out, std::uint32_t second, const Buffer& bytes, std::uint32_t more = 0) {
    put(out, second);
    put(out, std::uint32_t{123'456'789});
    put(out, static_cast<std::uint32_t>(bytes.size()));
    put(out, static_cast<std::uint32_t>(bytes.size()) + more);
    out.insert(out.end(), bytes.begin(), bytes.end());
}

// Packet i is i + 1 bytes of i.
Buffer capture_of(std::size_t packets, std::uint32_t dlt = DLT_EN10MB) {
    Buffer out = pcap_header(dlt);
    for (std::size_t i = 0; i < packets; ++i)
        add_packet(out, 1'000 + static_cast<std::uint32_t>(i),
                   Buffer(i + 1, static_cast<std::uint8_t>(i)));
    return out;
}

void add_block(Buffer& out, std::uint32_t type, const Buffer& body) {
    put(out, type);
    put(out, static_cast<std::uint32_t>(body.size() + 12));
    out.insert(out.end(), body.begin(), body.end());
    put(out, static_cast<std::uint32_t>(body.size() + 12));
}

Buffer pcapng_of(const std::vector<std::uint16_t>& link_types,
                 const std::vector<std::uint32_t>& interface_of_packets) {
    Buffer out;
    Buffer section;
    put(section, 0x1a2b3c4dU);
    put(section, std::uint16_t{1});
    put(section, std::uint16_t{0});
    put(section, ~std::uint64_t{0});
    add_block(out, 0x0a0d0d0a, section);
    for (const std::uint16_t type : link_types) {
        Buffer interface;
        put(interface, type);
        put(interface, std::uint16_t{0});
        put(interface, std::uint32_t{0});
        add_block(out, 1, interface);
    }
    for (const std::uint32_t from : interface_of_packets) {
        Buffer packet;
        put(packet, from);
        put(packet, std::uint32_t{0});
        put(packet, std::uint32_t{5'000'000});  // microseconds
        put(packet, std::uint32_t{4});
        put(packet, std::uint32_t{4});
        put(packet, std::uint32_t{0x01020304});
        add_block(out, 6, packet);
    }
    return out;
}

Buffer gzipped(const Buffer& plain) {
    Buffer out(compressBound(plain.size()) + 64);
    z_stream s{};
    EXPECT_EQ(deflateInit2(&s, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY), Z_OK);
    s.next_in = const_cast<Bytef*>(plain.data());
    s.avail_in = static_cast<uInt>(plain.size());
    s.next_out = out.data();
    s.avail_out = static_cast<uInt>(out.size());
    EXPECT_EQ(deflate(&s, Z_FINISH), Z_STREAM_END);
    out.resize(s.total_out);
    deflateEnd(&s);
    return out;
}

Buffer zstd_packed(const Buffer& plain) {
    Buffer out(ZSTD_compressBound(plain.size()));
    out.resize(ZSTD_compress(out.data(), out.size(), plain.data(), plain.size(), 3));
    return out;
}

Buffer joined(Buffer a, const Buffer& b) {
    a.insert(a.end(), b.begin(), b.end());
    return a;
}

Buffer front(const Buffer& b, std::size_t size) {
    return {b.begin(), b.begin() + static_cast<std::ptrdiff_t>(size)};
}

struct Outcome {
    std::size_t packets = 0;
    std::optional<Error> error;
    bool at_open = false;
};

// One by one, or with what else is at hand.
Outcome read_all(Result<std::unique_ptr<PacketSource>> source, std::size_t at_once = 1,
                 std::vector<Buffer>* kept = nullptr) {
    if (!source)
        return {.packets = 0, .error = source.error(), .at_open = true};
    Outcome out;
    std::vector<CapturedPacket> at_hand(at_once);
    for (;;) {
        const auto next = (*source)->next(at_hand[0]);
        if (!next) {
            out.error = next.error();
            break;
        }
        if (*next == PacketSource::Next::end)
            break;
        if (*next != PacketSource::Next::packet)
            continue;
        const std::size_t count = 1 + (*source)->more(std::span(at_hand).subspan(1));
        out.packets += count;
        for (std::size_t i = 0; kept != nullptr && i < count; ++i)
            kept->emplace_back(at_hand[i].bytes.begin(), at_hand[i].bytes.end());
    }
    EXPECT_EQ((*source)->counts().received, out.packets);
    return out;
}

Outcome read_all(const Buffer& bytes) {
    return read_all(open_capture_bytes(bytes, "call.pcap"));
}

// A folder of its own that goes with the test.
class Folder {
public:
    Folder() {
        std::string pattern = (fs::temp_directory_path() / "nk-capture-XXXXXX").string();
        path_ = mkdtemp(pattern.data());
    }
    ~Folder() {
        std::error_code error;
        fs::remove_all(path_, error);
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    [[nodiscard]] std::string write(const std::string& name, const Buffer& bytes) const {
        const std::string path = path_ + "/" + name;
        std::ofstream(path, std::ios::binary)
            .write(reinterpret_cast<const char*>(bytes.data()),
                   static_cast<std::streamsize>(bytes.size()));
        return path;
    }
    [[nodiscard]] const std::string& path() const { return path_; }

private:
    std::string path_;
};

TEST(CaptureFile, gives_every_packet_with_its_time_length_and_link) {
    Buffer bytes = pcap_header(DLT_LINUX_SLL);
    add_packet(bytes, 7, {1, 2, 3}, 10);
    auto source = open_capture_bytes(bytes, "call.pcap");
    ASSERT_TRUE(source);
    CapturedPacket packet;
    ASSERT_EQ((*source)->next(packet), PacketSource::Next::packet);
    EXPECT_EQ(packet.time.ns, 7'123'456'789);
    EXPECT_EQ(Buffer(packet.bytes.begin(), packet.bytes.end()), (Buffer{1, 2, 3}));
    EXPECT_EQ(packet.wire_bytes, 13U);
    EXPECT_EQ(packet.link, LinkType::linux_sll);
    EXPECT_EQ((*source)->next(packet), PacketSource::Next::end);
    EXPECT_EQ((*source)->next(packet), PacketSource::Next::end);
}

TEST(CaptureFile, reads_times_in_microseconds_too) {
    Buffer bytes = pcap_header(DLT_EN10MB, 0xa1b2c3d4);
    put(bytes, std::uint32_t{7});
    put(bytes, std::uint32_t{5});
    put(bytes, std::uint64_t{0});
    auto source = open_capture_bytes(bytes, "call.pcap");
    ASSERT_TRUE(source);
    CapturedPacket packet;
    ASSERT_EQ((*source)->next(packet), PacketSource::Next::packet);
    EXPECT_EQ(packet.time.ns, 7'000'005'000);
}

TEST(CaptureFile, knows_the_link_types_by_their_numbers) {
    const std::map<std::uint32_t, LinkType> known{
        {0, LinkType::null},         {1, LinkType::ethernet}, {9, LinkType::ppp},
        {50, LinkType::ppp},         {101, LinkType::raw},    {108, LinkType::loop},
        {113, LinkType::linux_sll},  {228, LinkType::raw},    {229, LinkType::raw},
        {276, LinkType::linux_sll2},
    };
    for (const auto& [number, type] : known) {
        const Buffer bytes = capture_of(1, number);
        auto source = open_capture_bytes(bytes, "call.pcap");
        ASSERT_TRUE(source) << number;
        CapturedPacket packet;
        ASSERT_EQ((*source)->next(packet), PacketSource::Next::packet);
        EXPECT_EQ(packet.link, type) << number;
    }
}

TEST(CaptureFile, refuses_a_link_type_by_name) {
    const auto out = read_all(capture_of(1, 105));
    ASSERT_TRUE(out.at_open);
    EXPECT_EQ(out.error->code, Code::unsupported);
    EXPECT_NE(out.error->what.find("802.11"), std::string::npos) << out.error->what;
}

TEST(CaptureFile, reads_pcapng) {
    EXPECT_EQ(read_all(pcapng_of({1}, {0, 0, 0})).packets, 3U);
    EXPECT_EQ(read_all(pcapng_of({1, 1}, {0, 1, 0})).packets, 3U);
}

TEST(CaptureFile, says_so_when_the_interfaces_of_a_pcapng_differ) {
    const auto out = read_all(pcapng_of({1, 113}, {0, 1, 0}));
    ASSERT_TRUE(out.error);
    EXPECT_EQ(out.packets, 0U);
    EXPECT_NE(out.error->what.find("interface"), std::string::npos) << out.error->what;
}

TEST(CaptureFile, unpacks_gzip_and_its_members) {
    const Buffer plain = capture_of(200);
    EXPECT_EQ(read_all(gzipped(plain)).packets, 200U);
    const Buffer members =
        joined(gzipped(front(plain, 1'000)), gzipped({plain.begin() + 1'000, plain.end()}));
    EXPECT_EQ(read_all(members).packets, 200U);
    const auto padded = read_all(joined(members, Buffer(512, 0)));
    EXPECT_EQ(padded.packets, 200U);
    EXPECT_FALSE(padded.error);
}

TEST(CaptureFile, unpacks_zstd_and_its_frames) {
    const Buffer plain = capture_of(200);
    EXPECT_EQ(read_all(zstd_packed(plain)).packets, 200U);
    const Buffer frames =
        joined(zstd_packed(front(plain, 1'000)), zstd_packed({plain.begin() + 1'000, plain.end()}));
    EXPECT_EQ(read_all(frames).packets, 200U);
    const Buffer skipped{0x50, 0x2a, 0x4d, 0x18, 4, 0, 0, 0, 1, 2, 3, 4};
    EXPECT_EQ(read_all(joined(skipped, frames)).packets, 200U);
}

TEST(CaptureFile, unpacks_long_runs_that_fill_its_buffers) {
    Buffer plain = pcap_header(DLT_EN10MB);
    for (std::uint32_t i = 0; i < 100; ++i)
        add_packet(plain, i, Buffer(60'000, 0));
    for (const Buffer& packed : {gzipped(plain), zstd_packed(plain)}) {
        const auto out = read_all(packed);
        EXPECT_EQ(out.packets, 100U);
        EXPECT_FALSE(out.error) << out.error->what;
    }
}

// The same file as a machine of the other byte order writes it.
Buffer turned(Buffer bytes) {
    const auto turn = [&](std::size_t at, std::size_t size) {
        std::reverse(bytes.begin() + std::ptrdiff_t(at), bytes.begin() + std::ptrdiff_t(at + size));
    };
    for (const auto& [at, size] : {std::pair{0U, 4U}, {4U, 2U}, {6U, 2U}, {16U, 4U}, {20U, 4U}})
        turn(at, size);
    for (std::size_t at = 24; at < bytes.size();) {
        const std::size_t captured = bytes[at + 8] + 256U * bytes[at + 9];
        for (std::size_t i = 0; i < 4; ++i)
            turn(at + 4 * i, 4);
        at += 16 + captured;
    }
    return bytes;
}

TEST(CaptureFile, is_read_whatever_machine_wrote_it) {
    for (const std::uint32_t magic : {0xa1b2c3d4U, 0xa1b23c4dU}) {
        Buffer bytes = pcap_header(DLT_LINUX_SLL, magic);
        add_packet(bytes, 3'000'000'000, Buffer(300, 7), 20);  // beyond what 31 bits count
        for (const Buffer& file : {bytes, turned(bytes)}) {
            const auto source = open_capture_bytes(file, "call.pcap");
            ASSERT_TRUE(source) << source.error().what;
            CapturedPacket packet;
            ASSERT_EQ((*source)->next(packet), PacketSource::Next::packet);
            EXPECT_EQ(packet.link, LinkType::linux_sll);
            EXPECT_EQ(packet.bytes.size(), 300U);
            EXPECT_EQ(packet.wire_bytes, 320U);
            const std::int64_t fraction = magic == 0xa1b2c3d4 ? 123'456'789'000 : 123'456'789;
            EXPECT_EQ(packet.time.ns, 3'000'000'000 * 1'000'000'000 + fraction);
            EXPECT_EQ((*source)->next(packet), PacketSource::Next::end);
        }
    }
}

TEST(CaptureFile, gives_everything_before_a_cut_and_says_where) {
    const Buffer whole = capture_of(10);
    const auto out = read_all(front(whole, whole.size() - 3));
    EXPECT_EQ(out.packets, 9U);
    ASSERT_TRUE(out.error);
    EXPECT_FALSE(out.at_open);
    EXPECT_EQ(out.error->code, Code::cut_off);
    EXPECT_NE(out.error->what.find("call.pcap is cut off after packet 9, at byte " +
                                   std::to_string(whole.size() - 3)),
              std::string::npos)
        << out.error->what;
}

TEST(CaptureFile, gives_everything_before_the_damage_and_says_where) {
    Buffer bytes = capture_of(5);
    const std::size_t damaged_at = bytes.size();
    add_packet(bytes, 1, Buffer(10, 1));
    bytes[damaged_at + 11] = 0x7f;  // a captured length of 2 GB
    const auto out = read_all(bytes);
    EXPECT_EQ(out.packets, 5U);
    ASSERT_TRUE(out.error);
    EXPECT_EQ(out.error->code, Code::malformed);
    EXPECT_NE(out.error->what.find("after packet 5, at byte"), std::string::npos)
        << out.error->what;
}

TEST(CaptureFile, says_when_the_packing_is_cut_or_damaged) {
    const Buffer plain = capture_of(200);
    for (Buffer packed : {gzipped(plain), zstd_packed(plain)}) {
        const auto cut = read_all(front(packed, packed.size() - 20));
        ASSERT_TRUE(cut.error);
        EXPECT_EQ(cut.error->code, Code::cut_off) << cut.error->what;
        packed[packed.size() / 2] ^= 0xff;
        packed[packed.size() / 2 + 1] ^= 0xff;
        const auto damaged = read_all(packed);
        ASSERT_TRUE(damaged.error);
        EXPECT_FALSE(damaged.error->what.empty());
    }
    const auto trailing = read_all(joined(gzipped(plain), {'j', 'u', 'n', 'k'}));
    EXPECT_EQ(trailing.packets, 200U);
    ASSERT_TRUE(trailing.error);
    EXPECT_EQ(trailing.error->code, Code::malformed);
}

TEST(CaptureFile, refuses_what_is_no_capture_and_says_what_it_found) {
    const auto wav = read_all(Buffer{'R', 'I', 'F', 'F', 1, 2, 3, 4});
    ASSERT_TRUE(wav.at_open);
    EXPECT_EQ(wav.error->code, Code::unsupported);
    EXPECT_NE(wav.error->what.find("RIFF"), std::string::npos);
    EXPECT_NE(read_all(Buffer{}).error->what.find("empty"), std::string::npos);
    EXPECT_NE(read_all(Buffer{1, 2, 0xab}).error->what.find("01 02 ab"), std::string::npos);
    const auto short_header = read_all(front(capture_of(0), 20));
    ASSERT_TRUE(short_header.at_open);
    EXPECT_EQ(short_header.error->code, Code::cut_off) << short_header.error->what;
}

TEST(CaptureFile, refuses_a_file_that_is_absent_or_a_folder) {
    const Folder folder;
    const auto absent = read_all(open_capture_file(folder.path() + "/absent.pcap"));
    ASSERT_TRUE(absent.at_open);
    EXPECT_EQ(absent.error->code, Code::not_found);
    EXPECT_NE(absent.error->what.find("absent.pcap"), std::string::npos);
    const auto is_folder = read_all(open_capture_file(folder.path()));
    ASSERT_TRUE(is_folder.at_open);
    EXPECT_EQ(is_folder.error->code, Code::unsupported);
}

TEST(CaptureFile, tells_how_far_it_is) {
    const Folder folder;
    Buffer plain = pcap_header(DLT_EN10MB);
    for (std::uint32_t i = 0; i < 40; ++i)
        add_packet(plain, i, Buffer(60'000, 0));
    auto source = open_capture_file(folder.write("call.pcap", plain));
    ASSERT_TRUE(source);
    CapturedPacket packet;
    ASSERT_EQ((*source)->next(packet), PacketSource::Next::packet);
    EXPECT_GT((*source)->progress(), 0.0);
    EXPECT_LT((*source)->progress(), 0.5);
    while ((*source)->next(packet) != PacketSource::Next::end) {
    }
    EXPECT_DOUBLE_EQ((*source)->progress(), 1.0);
}

// Puts a pipe where standard input was, for as long as it lives.
class PipedInput {
public:
    PipedInput() {
        std::array<int, 2> ends{};
        EXPECT_EQ(pipe(ends.data()), 0);
        saved_ = dup(STDIN_FILENO);
        dup2(ends[0], STDIN_FILENO);
        close(ends[0]);
        write_end_ = ends[1];
    }
    ~PipedInput() {
        finish();
        dup2(saved_, STDIN_FILENO);
        close(saved_);
    }
    PipedInput(const PipedInput&) = delete;
    PipedInput& operator=(const PipedInput&) = delete;
    void write(const Buffer& bytes) const {
        EXPECT_EQ(::write(write_end_, bytes.data(), bytes.size()), ssize_t(bytes.size()));
    }
    void finish() {
        if (write_end_ >= 0)
            close(write_end_);
        write_end_ = -1;
    }

private:
    int saved_ = -1;
    int write_end_ = -1;
};

TEST(CaptureFile, reads_standard_input_as_it_comes) {
    PipedInput input;
    const Buffer whole = capture_of(2);
    input.write(front(whole, 24 + 17));
    auto source = open_capture_file("-");
    ASSERT_TRUE(source);
    CapturedPacket packet;
    EXPECT_EQ((*source)->next(packet), PacketSource::Next::packet);
    EXPECT_EQ((*source)->next(packet), PacketSource::Next::idle);
    EXPECT_LT((*source)->progress(), 0);
    input.write({whole.begin() + 24 + 17, whole.end()});
    EXPECT_EQ((*source)->next(packet), PacketSource::Next::packet);
    input.finish();
    EXPECT_EQ((*source)->next(packet), PacketSource::Next::end);
}

TEST(CaptureFile, unpacks_standard_input) {
    PipedInput input;
    input.write(gzipped(capture_of(50)));
    input.finish();
    EXPECT_EQ(read_all(open_capture_file("-")).packets, 50U);
}

// Wherever a capture is cut, the whole packets before the cut are given, no more and no fewer.
RC_GTEST_PROP(CaptureFileProperty, any_cut_gives_the_whole_packets_before_it, ()) {
    const auto packets = *rc::gen::inRange<std::size_t>(1, 30);
    const Buffer whole = capture_of(packets);
    const auto keep = *rc::gen::inRange<std::size_t>(24, whole.size() + 1);
    std::size_t fit = 0;
    std::size_t at = 24;
    while (fit < packets && at + 16 + fit + 1 <= keep)
        at += 16 + ++fit;
    const auto at_once = *rc::gen::inRange<std::size_t>(1, 20);
    const Buffer cut = front(whole, keep);
    const auto out = read_all(open_capture_bytes(cut, "call.pcap"), at_once);
    RC_ASSERT(out.packets == fit);
    RC_ASSERT(out.error.has_value() == (at != keep));
}

TEST(CaptureFile, gives_the_same_packets_many_at_once) {
    const Buffer plain = capture_of(2'000);  // two megabytes: more than is read at a time
    std::vector<Buffer> one_by_one;
    EXPECT_EQ(read_all(open_capture_bytes(plain, "call.pcap"), 1, &one_by_one).packets, 2'000U);
    for (const Buffer& bytes : {plain, gzipped(plain)}) {
        std::vector<Buffer> many;
        EXPECT_FALSE(read_all(open_capture_bytes(bytes, "call.pcap"), 16, &many).error);
        EXPECT_TRUE(many == one_by_one);
    }
}

fs::path corpus() {
    const char* told = std::getenv("NK_CORPUS");
    return told != nullptr ? fs::path(told) : fs::path(NK_SOURCE_DIR) / "../shared/corpus";
}

// The number of frames in a manifest's line, by the file's name.
std::map<std::string, std::size_t> manifest() {
    std::map<std::string, std::size_t> out;
    std::ifstream in(corpus() / "pcap/MANIFEST.tsv");
    std::size_t name_column = 0;
    std::size_t frames_column = 0;
    for (std::string line; std::getline(in, line);) {
        std::vector<std::string> cells;
        std::size_t from = 0;
        for (std::size_t tab = 0; tab != std::string::npos; from = tab + 1) {
            tab = line.find('\t', from);
            cells.push_back(line.substr(from, tab == std::string::npos ? tab : tab - from));
        }
        if (frames_column == 0) {
            for (std::size_t i = 0; i < cells.size(); ++i) {
                name_column = cells[i] == "file" ? i : name_column;
                frames_column = cells[i] == "frames" ? i : frames_column;
            }
        } else if (cells.size() > frames_column && !cells[frames_column].empty()) {
            out[cells[name_column]] = std::strtoul(cells[frames_column].c_str(), nullptr, 10);
        }
    }
    return out;
}

TEST(OthersCaptures, give_as_many_packets_as_their_manifest_says) {
    const auto files = manifest();
    if (files.empty())
        GTEST_SKIP() << "the corpus is not here; NK_CORPUS names its folder";
    for (const auto& [name, frames] : files) {
        if (!fs::exists(corpus() / "pcap" / name))
            continue;
        const auto out = read_all(open_capture_file((corpus() / "pcap" / name).string()));
        if (out.at_open && out.error->what.find("Sniffer") != std::string::npos)
            continue;  // a format that libpcap does not read either
        EXPECT_EQ(out.packets, frames) << name << ": " << (out.error ? out.error->what : "");
    }
}

}  // namespace
}  // namespace nk::host
