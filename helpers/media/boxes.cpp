#include "boxes.h"

#include <array>
#include <cstring>
#include <optional>
#include <string_view>

namespace nk::media {

namespace {

constexpr std::uint64_t transcript_bytes_max = 8 * 1024 * 1024;
constexpr int boxes_max = 4'096;  // looked at, in all

struct Box {
    std::uint64_t body = 0;
    std::uint64_t end = 0;
    std::array<char, 4> kind{};
};

class Boxes {
public:
    explicit Boxes(const ReadAt& read) : read_(read) {}

    // Calls `see` for each box between two places, until it says that it has seen enough.
    template <class See>
    bool each(std::uint64_t from, std::uint64_t to, const See& see) {
        while (from + 8 <= to && ++looked_at_ <= boxes_max) {
            const auto box = box_at(from, to);
            if (!box)
                return false;
            if (see(*box))
                return true;
            from = box->end;
        }
        return false;
    }

private:
    static std::uint64_t big(const std::uint8_t* bytes, int count) {
        std::uint64_t value = 0;
        for (int i = 0; i < count; ++i)
            value = value << 8U | bytes[i];
        return value;
    }
    [[nodiscard]] std::optional<Box> box_at(std::uint64_t at, std::uint64_t to) const {
        std::array<std::uint8_t, 16> head{};
        const auto got = read_(at, head);
        if (got < 8)
            return std::nullopt;
        Box box;
        std::memcpy(box.kind.data(), head.data() + 4, 4);
        auto size = big(head.data(), 4);
        box.body = at + 8;
        if (size == 1) {  // a larger one follows, of 64 bits
            if (got < 16)
                return std::nullopt;
            size = big(head.data() + 8, 8);
            box.body = at + 16;
        } else if (size == 0) {
            size = to - at;  // to the end
        }
        if (size > to - at || at + size < box.body)
            return std::nullopt;
        box.end = at + size;
        return box;
    }

    const ReadAt& read_;
    int looked_at_ = 0;
};

bool is(const Box& box, std::string_view kind) {
    return std::string_view(box.kind.data(), box.kind.size()) == kind;
}

}  // namespace

std::string transcript_in(const ReadAt& read, std::uint64_t file_bytes) {
    Boxes boxes(read);
    std::string found;
    const auto inside = [&](const Box& box, std::string_view kind, const auto& next) {
        return is(box, kind) && boxes.each(box.body, box.end, next);
    };
    const auto take = [&](const Box& box) {
        if (!is(box, "tsrp") || box.end - box.body > transcript_bytes_max)
            return false;
        found.resize(box.end - box.body);
        found.resize(read(box.body, {reinterpret_cast<std::uint8_t*>(found.data()), found.size()}));
        return true;
    };
    const auto in_udta = [&](const Box& box) { return inside(box, "udta", take); };
    const auto in_trak = [&](const Box& box) { return inside(box, "trak", in_udta); };
    boxes.each(0, file_bytes, [&](const Box& box) { return inside(box, "moov", in_trak); });
    return found;
}

}  // namespace nk::media
