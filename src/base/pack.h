#pragma once
// Values to bytes and back, for files that only Naklank reads: little-endian whole numbers, and
// text with its length in front. An Unpacker that runs out of bytes gives zeros and empty text from
// then on and says so once, at the end: is_good().

#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/bytes.h"

namespace nk {

static_assert(std::endian::native == std::endian::little, "numbers are copied as they lie");

// Requires: sizeof(T) bytes from `p` on.
template <class T>
T get_le(const std::uint8_t* p) {
    static_assert(std::is_integral_v<T>);
    T value{};
    std::memcpy(&value, p, sizeof value);
    return value;
}
template <class T>
void put_le(std::uint8_t* p, T value) {
    static_assert(std::is_integral_v<T>);
    std::memcpy(p, &value, sizeof value);
}

class Packer {
public:
    explicit Packer(std::vector<std::uint8_t>& out) : out_(out) {}
    template <class T>
    void number(T value) {
        const std::size_t at = out_.size();
        out_.resize(at + sizeof value);
        put_le(out_.data() + at, value);
    }
    void flag(bool value) { number<std::uint8_t>(value ? 1 : 0); }
    void text(std::string_view value) {
        number(static_cast<std::uint32_t>(value.size()));
        out_.insert(out_.end(), value.begin(), value.end());
    }

private:
    std::vector<std::uint8_t>& out_;
};

class Unpacker {
public:
    explicit Unpacker(Bytes bytes) : rest_(bytes) {}
    template <class T>
    T number() {
        if (rest_.size() < sizeof(T)) {
            fail();
            return {};
        }
        const T value = get_le<T>(rest_.data());
        rest_ = rest_.subspan(sizeof(T));
        return value;
    }
    bool flag() { return number<std::uint8_t>() != 0; }
    std::string text() { return std::string(as_text(bytes(number<std::uint32_t>()))); }
    Bytes bytes(std::size_t size) {
        if (rest_.size() < size) {
            fail();
            return {};
        }
        const Bytes piece = rest_.first(size);
        rest_ = rest_.subspan(size);
        return piece;
    }
    // How many of a list of things follow, each at least `bytes_each` long; a count that cannot be
    // true is a failure, and zero.
    std::size_t count(std::size_t bytes_each, std::size_t most) {
        const auto claimed = number<std::uint32_t>();
        if (claimed > most || claimed > rest_.size() / bytes_each) {
            fail();
            return 0;
        }
        return claimed;
    }
    [[nodiscard]] bool is_good() const { return is_good_; }
    [[nodiscard]] bool is_empty() const { return rest_.empty(); }

private:
    void fail() {
        is_good_ = false;
        rest_ = {};
    }
    Bytes rest_;
    bool is_good_ = true;
};

}  // namespace nk
