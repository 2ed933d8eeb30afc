#include "pcap_file.h"

#include <array>
#include <cerrno>
#include <cstring>

namespace nk::generate {

namespace {

constexpr std::size_t file_buffer_bytes = 1 << 20;

void put_le32(std::uint8_t* p, std::uint32_t v) {
    for (int i = 0; i < 4; ++i)
        p[i] = static_cast<std::uint8_t>(v >> (8 * i));
}

}  // namespace

Result<std::unique_ptr<FrameSink>> PcapFile::create(const std::string& path, bool nanoseconds) {
    std::FILE* file = std::fopen(path.c_str(), "wb");
    if (file == nullptr)
        return refuse(Code::io, Blame::machine, path + ": " + std::strerror(errno));
    return std::make_unique<PcapFile>(file, path, nanoseconds);
}

PcapFile::PcapFile(std::FILE* file, std::string path, bool nanoseconds)
    : file_(file), path_(std::move(path)), nanoseconds_(nanoseconds) {
    std::setvbuf(file, nullptr, _IOFBF, file_buffer_bytes);
    std::array<std::uint8_t, 24> head{};
    put_le32(head.data(), nanoseconds ? 0xa1b23c4d : 0xa1b2c3d4);
    head[4] = 2;
    head[6] = 4;
    put_le32(head.data() + 16, 65'535);
    put_le32(head.data() + 20, 1);  // LINKTYPE_ETHERNET
    failed_ = std::fwrite(head.data(), head.size(), 1, file) != 1;
}

void PcapFile::take(std::int64_t at_ns, Bytes frame) {
    std::array<std::uint8_t, 16> record{};
    const std::int64_t fraction = at_ns % 1'000'000'000;
    put_le32(record.data(), static_cast<std::uint32_t>(at_ns / 1'000'000'000));
    put_le32(record.data() + 4,
             static_cast<std::uint32_t>(nanoseconds_ ? fraction : fraction / 1'000));
    put_le32(record.data() + 8, static_cast<std::uint32_t>(frame.size()));
    put_le32(record.data() + 12, static_cast<std::uint32_t>(frame.size()));
    if (std::fwrite(record.data(), record.size(), 1, file_.get()) != 1 ||
        std::fwrite(frame.data(), frame.size(), 1, file_.get()) != 1)
        failed_ = true;
}

Result<void> PcapFile::finish() {
    if (failed_ || std::fflush(file_.get()) != 0)
        return refuse(Code::io, Blame::machine, path_ + ": " + std::strerror(errno));
    return {};
}

}  // namespace nk::generate
