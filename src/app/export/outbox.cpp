#include "app/export/outbox.h"

#include <memory>
#include <utility>

namespace nk::app {

// Tells what of it failed from what was to be read for it.
class Outbox::Watched final : public File {
public:
    Watched(Outbox& box, std::unique_ptr<File> file) : box_(box), file_(std::move(file)) {}

    Result<void> write(Bytes bytes) override {
        if (box_.is_stopped_())
            return refuse(Code::busy, Blame::owner, "it was stopped");
        return box_.noted(file_->write(bytes));
    }
    Result<void> write_at(std::uint64_t offset, Bytes bytes) override {
        return box_.noted(file_->write_at(offset, bytes));
    }
    Result<std::size_t> read_at(std::uint64_t offset, std::span<std::uint8_t> out) override {
        return file_->read_at(offset, out);
    }
    Result<std::uint64_t> size() override { return file_->size(); }
    Result<void> sync() override { return box_.noted(file_->sync()); }

private:
    Outbox& box_;
    std::unique_ptr<File> file_;
};

Result<void> Outbox::noted(Result<void> outcome) {
    has_failed_ = has_failed_ || !outcome;
    return outcome;
}

void Outbox::drop(const std::string& part) {
    if (const auto state = disk_.state(part); state && !state->is_folder)
        (void)disk_.remove_tree(part);
}

Result<void> Outbox::fill(const std::string& part, const Fill& fill) {
    drop(part);
    auto filled = [&]() -> Result<void> {
        auto made = disk_.create(part);
        if (!made) {
            has_failed_ = true;
            return tl::unexpected(made.error());
        }
        Watched file(*this, *std::move(made));
        NK_TRY(fill(file));
        return file.sync();
    }();
    if (!filled)
        drop(part);
    return filled;
}

Result<void> Outbox::appear(const std::string& part, const std::string& path) {
    auto done = noted(disk_.rename(part, path));
    if (!done)
        drop(part);
    return done;
}

Result<void> Outbox::make_folders(const std::string& folder) {
    return noted(disk_.make_folders(folder));
}

}  // namespace nk::app
