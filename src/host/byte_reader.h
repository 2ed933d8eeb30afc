#pragma once
// Bytes that come one after another: from a file, from standard input, from memory, or unpacked
// from another reader. Capture files are read through one of these.

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "base/bytes.h"
#include "base/result.h"

namespace nk::host {

class ByteReader {
public:
    virtual ~ByteReader() = default;
    // At least one byte into `out`, unless the end was reached: then zero.
    virtual Result<std::size_t> read(std::span<std::uint8_t> out) = 0;
    // False when read() would have to wait; waits at most `wait_ms` to find out.
    virtual bool is_ready(int wait_ms) = 0;
    // How much of the source was read, 0..1; negative when that cannot be known.
    [[nodiscard]] virtual double progress() const = 0;
    // True when the bytes come as they are made, so that waiting for them is in order.
    [[nodiscard]] virtual bool is_live() const { return false; }
};

// "-" is standard input. The error names the file.
Result<std::unique_ptr<ByteReader>> open_bytes(const std::string& path);

// The bytes must outlive the reader.
std::unique_ptr<ByteReader> memory_bytes(Bytes bytes);

// Looks at the first bytes and unpacks gzip (RFC 1952, also several members) and zstd (RFC 8878);
// anything else is handed on as it is. `start` gets the first bytes of what comes out.
Result<std::unique_ptr<ByteReader>> unpacked(std::unique_ptr<ByteReader> packed,
                                             std::string& start);

}  // namespace nk::host
