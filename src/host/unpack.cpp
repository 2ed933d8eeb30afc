// Unpacks as it reads: the memory is two buffers and the library's window, whatever the file's
// size. zstd's window is held to its default maximum (128 MiB); a file that asks for more is
// refused by the library.

#include <algorithm>
#include <array>
#include <vector>

#include <zlib.h>
#include <zstd.h>

#include "host/byte_reader.h"

namespace nk::host {

namespace {

constexpr std::size_t buffer_bytes = 256 * 1024;

// Gives back the bytes that were looked at, then the rest.
class LookedAt : public ByteReader {
public:
    explicit LookedAt(std::unique_ptr<ByteReader> rest) : rest_(std::move(rest)) {}

    // Reads until `count` bytes are there or the source ends.
    Result<Bytes> look(std::size_t count) {
        while (front_.size() < count) {
            std::array<std::uint8_t, 64> more{};
            NK_TAKE(
                const auto got,
                rest_->read(std::span(more).first(std::min(more.size(), count - front_.size()))));
            if (got == 0)
                break;
            front_.insert(front_.end(), more.begin(), more.begin() + std::ptrdiff_t(got));
        }
        return Bytes(front_);
    }
    Result<std::size_t> read(std::span<std::uint8_t> out) override {
        if (used_ == front_.size())
            return rest_->read(out);
        const std::size_t take = std::min(out.size(), front_.size() - used_);
        std::copy_n(front_.begin() + std::ptrdiff_t(used_), take, out.begin());
        used_ += take;
        return take;
    }
    bool is_ready(int wait_ms) override {
        return used_ < front_.size() || rest_->is_ready(wait_ms);
    }
    [[nodiscard]] double progress() const override { return rest_->progress(); }
    [[nodiscard]] bool is_live() const override { return rest_->is_live(); }

private:
    std::unique_ptr<ByteReader> rest_;
    std::vector<std::uint8_t> front_;
    std::size_t used_ = 0;
};

// What gzip and zstd have in common: packed bytes in a buffer, and where we are in it.
class Unpacker : public ByteReader {
public:
    Unpacker(std::unique_ptr<ByteReader> packed, std::string kind)
        : packed_(std::move(packed)), kind_(std::move(kind)), buffer_(buffer_bytes) {}

    Result<std::size_t> read(std::span<std::uint8_t> out) override {
        for (;;) {
            if (input_.empty() && !has_more_inside_ && !is_packed_over_) {
                NK_TAKE(const auto got, packed_->read(buffer_));
                input_ = Bytes(buffer_).first(got);
                is_packed_over_ = got == 0;
            }
            NK_TAKE(const auto made, step(out));
            has_more_inside_ = made == out.size();
            if (made > 0)
                return made;
            if (!is_packed_over_)
                continue;
            if (!is_whole_)
                return refuse(Code::cut_off, Blame::peer, "its " + kind_ + " data is cut off");
            return std::size_t{0};
        }
    }
    bool is_ready(int wait_ms) override {
        return !input_.empty() || has_more_inside_ || is_packed_over_ || packed_->is_ready(wait_ms);
    }
    [[nodiscard]] double progress() const override { return packed_->progress(); }
    [[nodiscard]] bool is_live() const override { return packed_->is_live(); }

protected:
    // Takes from the front of input_, which may be empty, and fills the front of `out`; says how
    // much came out, and sets is_whole_.
    virtual Result<std::size_t> step(std::span<std::uint8_t> out) = 0;

    [[nodiscard]] tl::unexpected<Error> damaged(const char* why) const {
        return refuse(Code::malformed, Blame::peer,
                      "its " + kind_ + " data is damaged (" + why + ")");
    }

    Bytes input_;
    bool is_whole_ = true;  // the bytes may end here

private:
    std::unique_ptr<ByteReader> packed_;
    std::string kind_;
    std::vector<std::uint8_t> buffer_;
    bool has_more_inside_ = false;  // the library may hold output that did not fit
    bool is_packed_over_ = false;
};

class GzipReader : public Unpacker {
public:
    explicit GzipReader(std::unique_ptr<ByteReader> packed) : Unpacker(std::move(packed), "gzip") {
        is_made_ = inflateInit2(&stream_, 16 + MAX_WBITS) == Z_OK;  // 16: gzip's own header
    }
    ~GzipReader() override {
        if (is_made_)
            inflateEnd(&stream_);
    }
    GzipReader(const GzipReader&) = delete;
    GzipReader& operator=(const GzipReader&) = delete;

protected:
    Result<std::size_t> step(std::span<std::uint8_t> out) override {
        if (!is_made_)
            return refuse(Code::io, Blame::machine, "there is no memory to unpack it");
        if (is_whole_) {
            // RFC 1952 2.2: members follow one another. Zeros after the last are a tape's filling.
            while (has_begun_ && !input_.empty() && input_[0] == 0)
                input_ = input_.subspan(1);
            if (input_.empty())
                return std::size_t{0};
            inflateReset(&stream_);
            has_begun_ = true;
            is_whole_ = false;
        }
        stream_.next_in = const_cast<Bytef*>(input_.data());
        stream_.avail_in = static_cast<uInt>(input_.size());
        stream_.next_out = out.data();
        stream_.avail_out = static_cast<uInt>(out.size());
        const int answer = inflate(&stream_, Z_NO_FLUSH);
        if (answer != Z_OK && answer != Z_STREAM_END && answer != Z_BUF_ERROR)
            return damaged(stream_.msg != nullptr ? stream_.msg : zError(answer));
        is_whole_ = answer == Z_STREAM_END;
        input_ = input_.last(stream_.avail_in);
        return out.size() - stream_.avail_out;
    }

private:
    z_stream stream_{};
    bool is_made_ = false;
    bool has_begun_ = false;
};

class ZstdReader : public Unpacker {
public:
    explicit ZstdReader(std::unique_ptr<ByteReader> packed)
        : Unpacker(std::move(packed), "zstd"), stream_(ZSTD_createDStream(), ZSTD_freeDStream) {}

protected:
    Result<std::size_t> step(std::span<std::uint8_t> out) override {
        if (!stream_)
            return refuse(Code::io, Blame::machine, "there is no memory to unpack it");
        if (is_whole_ && input_.empty())
            return std::size_t{0};
        ZSTD_inBuffer in{.src = input_.data(), .size = input_.size(), .pos = 0};
        ZSTD_outBuffer to{.dst = out.data(), .size = out.size(), .pos = 0};
        const std::size_t answer = ZSTD_decompressStream(stream_.get(), &to, &in);
        if (ZSTD_isError(answer) != 0)
            return damaged(ZSTD_getErrorName(answer));
        is_whole_ = answer == 0;  // a frame is whole; another may follow
        input_ = input_.subspan(in.pos);
        return to.pos;
    }

private:
    std::unique_ptr<ZSTD_DStream, std::size_t (*)(ZSTD_DStream*)> stream_;
};

bool is_gzip(Bytes start) {
    return start.size() >= 2 && start[0] == 0x1f && start[1] == 0x8b;
}

bool is_zstd(Bytes start) {
    if (start.size() < 4)
        return false;
    const std::uint32_t magic = be32(start.data());
    // RFC 8878 3.1.1 and 3.1.2 (a file may begin with a frame that is to be skipped).
    return magic == 0x28b52ffd || (magic & 0xf0ffffff) == 0x502a4d18;
}

}  // namespace

Result<std::unique_ptr<ByteReader>> unpacked(std::unique_ptr<ByteReader> packed,
                                             std::string& start) {
    constexpr std::size_t magic_bytes = 24;  // a pcap file's head
    auto front = std::make_unique<LookedAt>(std::move(packed));
    NK_TAKE(const auto first, front->look(magic_bytes));
    std::unique_ptr<ByteReader> plain;
    if (is_gzip(first))
        plain = std::make_unique<GzipReader>(std::move(front));
    else if (is_zstd(first))
        plain = std::make_unique<ZstdReader>(std::move(front));
    if (!plain) {
        start = as_text(first);
        return front;
    }
    auto behind = std::make_unique<LookedAt>(std::move(plain));
    NK_TAKE(const auto inner, behind->look(magic_bytes));
    start = as_text(inner);
    return behind;
}

}  // namespace nk::host
