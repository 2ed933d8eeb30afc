// CRC-16 eight bytes at a time: table k holds what a byte does that has k bytes after it.

#include "sound/detail/flac_crc.h"

#include <array>

namespace nk::sound::detail {

namespace {

constexpr std::uint8_t polynomial_8 = 0x07;
constexpr std::uint16_t polynomial_16 = 0x8005;

using Table8 = std::array<std::uint8_t, 256>;
using Tables16 = std::array<std::array<std::uint16_t, 256>, 8>;

constexpr Table8 table_8 = [] {
    Table8 table{};
    for (unsigned byte = 0; byte < 256; ++byte) {
        unsigned crc = byte;
        for (int bit = 0; bit < 8; ++bit)
            crc = (crc << 1U ^ ((crc & 0x80U) != 0 ? polynomial_8 : 0U)) & 0xffU;
        table[byte] = static_cast<std::uint8_t>(crc);
    }
    return table;
}();

constexpr Tables16 tables_16 = [] {
    Tables16 tables{};
    for (unsigned byte = 0; byte < 256; ++byte) {
        unsigned crc = byte << 8U;
        for (int bit = 0; bit < 8; ++bit)
            crc = (crc << 1U ^ ((crc & 0x8000U) != 0 ? polynomial_16 : 0U)) & 0xffffU;
        tables[0][byte] = static_cast<std::uint16_t>(crc);
    }
    for (std::size_t k = 1; k < tables.size(); ++k)
        for (std::size_t byte = 0; byte < 256; ++byte) {
            const unsigned before = tables[k - 1][byte];
            tables[k][byte] = static_cast<std::uint16_t>(before << 8U ^ tables[0][before >> 8U]);
        }
    return tables;
}();

}  // namespace

std::uint8_t flac_crc8(Bytes bytes) {
    std::uint8_t crc = 0;
    for (const std::uint8_t byte : bytes)
        crc = table_8[crc ^ byte];
    return crc;
}

std::uint16_t flac_crc16(Bytes bytes) {
    const auto& t = tables_16;
    unsigned crc = 0;
    const std::uint8_t* at = bytes.data();
    std::size_t left = bytes.size();
    for (; left >= 8; left -= 8, at += 8)
        crc = t[7][(crc >> 8U) ^ at[0]] ^ t[6][(crc & 0xffU) ^ at[1]] ^ t[5][at[2]] ^ t[4][at[3]] ^
              t[3][at[4]] ^ t[2][at[5]] ^ t[1][at[6]] ^ t[0][at[7]];
    for (; left > 0; --left, ++at)
        crc = (crc << 8U & 0xffffU) ^ t[0][(crc >> 8U) ^ *at];
    return static_cast<std::uint16_t>(crc);
}

}  // namespace nk::sound::detail
