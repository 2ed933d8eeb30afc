#pragma once
// A File in memory for this room's tests, which can be told to fail at its n-th write.

#include <algorithm>
#include <vector>

#include "base/disk.h"

namespace nk::sound {

class TestFile : public File {
public:
    TestFile() = default;
    explicit TestFile(std::vector<std::uint8_t> all) : bytes(std::move(all)) {}

    Result<void> write(Bytes more) override {
        NK_TRY(count_write());
        bytes.insert(bytes.end(), more.begin(), more.end());
        return {};
    }
    Result<void> write_at(std::uint64_t offset, Bytes over) override {
        NK_TRY(count_write());
        if (offset + over.size() > bytes.size())
            return refuse(Code::broken, Blame::ourselves, "write_at grew the file");
        std::copy(over.begin(), over.end(), bytes.begin() + static_cast<std::ptrdiff_t>(offset));
        return {};
    }
    Result<std::size_t> read_at(std::uint64_t offset, std::span<std::uint8_t> out) override {
        if (offset >= bytes.size())
            return 0;
        const auto count = std::min<std::size_t>(out.size(), bytes.size() - offset);
        std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(offset), count, out.begin());
        return count;
    }
    Result<std::uint64_t> size() override { return bytes.size(); }
    Result<void> sync() override { return {}; }

    std::vector<std::uint8_t> bytes;
    std::size_t writes = 0;
    std::size_t fails_at = 0;  // 0: never

private:
    Result<void> count_write() {
        if (++writes == fails_at)
            return refuse(Code::disk_full, Blame::machine, "the disk is full");
        return {};
    }
};

}  // namespace nk::sound
