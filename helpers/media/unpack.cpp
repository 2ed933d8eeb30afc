#include <memory>

#include <archive.h>
#include <archive_entry.h>
#include <unistd.h>

#include "base/media_protocol.h"
#include "reply.h"
#include "verbs.h"

namespace nk::media {

namespace {

constexpr std::size_t read_bytes = 64 * 1024;
constexpr std::size_t path_bytes_max = 4'096;

struct FreeArchive {
    void operator()(archive* a) const { archive_read_free(a); }
};

std::string trouble(archive* from) {
    const char* text = archive_error_string(from);
    return text == nullptr ? "it cannot be read" : text;
}

PackedFile described(archive_entry* entry) {
    PackedFile file;
    // UTF-8 where the archive says what its names are in, else its bytes.
    const char* path = archive_entry_pathname_utf8(entry);
    if (path == nullptr)
        path = archive_entry_pathname(entry);
    file.path = path == nullptr ? "" : std::string(path).substr(0, path_bytes_max);
    if (archive_entry_mtime_is_set(entry) != 0)
        file.modified = WallTime{} + seconds(archive_entry_mtime(entry));
    file.bytes = static_cast<std::uint64_t>(std::max<la_int64_t>(archive_entry_size(entry), 0));
    return file;
}

Result<void> pass_on(archive* from) {
    for (;;) {
        const void* bytes = nullptr;
        std::size_t size = 0;
        la_int64_t offset = 0;  // holes do not matter: nobody's sound has any
        const int status = archive_read_data_block(from, &bytes, &size, &offset);
        if (status == ARCHIVE_EOF)
            return {};
        if (status < ARCHIVE_WARN)
            return refuse(Code::malformed, Blame::owner, trouble(from));
        if (size > 0)
            say(media_protocol::Piece::bytes, {static_cast<const std::uint8_t*>(bytes), size});
    }
}

}  // namespace

Result<void> unpack() {
    const std::unique_ptr<archive, FreeArchive> from(archive_read_new());
    archive_read_support_format_zip(from.get());
    archive_read_support_format_tar(from.get());
    archive_read_support_format_7zip(from.get());
    archive_read_support_filter_gzip(from.get());
    archive_read_support_filter_bzip2(from.get());
    archive_read_support_filter_xz(from.get());
    archive_read_support_filter_zstd(from.get());
    if (archive_read_open_fd(from.get(), STDIN_FILENO, read_bytes) != ARCHIVE_OK)
        return refuse(Code::unsupported, Blame::owner,
                      "it cannot be opened as an archive: " + trouble(from.get()));
    for (std::uint64_t files = 0;; ++files) {
        archive_entry* entry = nullptr;
        const int status = archive_read_next_header(from.get(), &entry);
        if (status == ARCHIVE_EOF)
            return {};
        if (status < ARCHIVE_WARN)
            return refuse(files == 0 ? Code::unsupported : Code::malformed, Blame::owner,
                          trouble(from.get()));
        if (archive_entry_filetype(entry) != AE_IFREG)
            continue;
        if (archive_entry_is_encrypted(entry) != 0)
            return refuse(Code::refused, Blame::owner,
                          "what lies in it is locked with a password: unpack it yourself, and "
                          "import the folder");
        say(media_protocol::Piece::file, media_protocol::write_file(described(entry)));
        NK_TRY(pass_on(from.get()));
    }
}

}  // namespace nk::media
