#include "intake/import/file_kind.h"

#include <algorithm>
#include <array>
#include <utility>

namespace nk::importing {

namespace {

using namespace std::string_view_literals;

std::string_view ending_of(std::string_view name) {
    const auto slash = name.rfind('/');
    if (slash != std::string_view::npos)
        name.remove_prefix(slash + 1);
    const auto dot = name.rfind('.');
    return dot == std::string_view::npos ? ""sv : name.substr(dot + 1);
}

std::string in_lower_case(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return out;
}

// Endings of recordings of telephones, and of what recorders of all times made.
constexpr auto sounds = std::to_array<std::string_view>(
    {"3ga",  "3gp",  "3gpp", "aac", "aif",  "aiff", "amr", "ape", "au",  "awb",
     "caf",  "dss",  "flac", "gsm", "m4a",  "m4b",  "m4r", "mka", "mkv", "mp2",
     "mp3",  "mp4",  "oga",  "ogg", "opus", "qcp",  "snd", "voc", "w64", "wav",
     "wave", "weba", "webm", "wma", "wv",   "evrc", "mov", "spx"});
constexpr auto archives =
    std::to_array<std::string_view>({"7z", "tar", "tbz2", "tgz", "txz", "tzst", "zip"});
constexpr auto squeezed = std::to_array<std::string_view>({"bz2", "gz", "xz", "zst"});
// Documents that are zip files by their heads.
constexpr auto not_to_unpack = std::to_array<std::string_view>(
    {"apk", "docx", "epub", "jar", "odp", "ods", "odt", "pptx", "xlsx", "xpi"});

template <std::size_t n>
bool has(const std::array<std::string_view, n>& all, std::string_view one) {
    return std::find(all.begin(), all.end(), one) != all.end();
}

// A frame of MPEG sound or of AAC begins with eleven ones, and is of a version that there is and of
// layer II or III; a JPEG (FF D8) and UTF-16 (FF FE) are none.
bool is_mpeg_frame(std::string_view head) {
    if (head.size() < 3 || static_cast<std::uint8_t>(head[0]) != 0xff)
        return false;
    const auto second = static_cast<std::uint8_t>(head[1]);
    const bool is_adts = (second & 0xf6U) == 0xf0;
    const auto version = second >> 3U & 3U;
    const auto layer = second >> 1U & 3U;
    const auto rates = static_cast<std::uint8_t>(head[2]);
    const bool is_mpeg = (second & 0xe0U) == 0xe0 && version != 1 && (layer == 1 || layer == 2) &&
                         (rates >> 4U) != 15 && (rates >> 2U & 3U) != 3;
    return is_adts || is_mpeg;
}

// What a file of sound begins with.
bool sounds_by_its_head(std::string_view head) {
    const auto at = [&](std::size_t offset, std::string_view magic) {
        return head.size() >= offset + magic.size() && head.substr(offset, magic.size()) == magic;
    };
    if (at(0, "RIFF") || at(0, "RF64"))
        return at(8, "WAVE") || at(8, "QLCM");
    if (at(4, "ftyp")) {
        // Pictures have the same container.
        constexpr auto pictures = std::to_array<std::string_view>(
            {"heic", "heix", "hevc", "heim", "heis", "mif1", "msf1", "avif", "avis", "crx "});
        return head.size() >= 12 && !has(pictures, head.substr(8, 4));
    }
    if (at(0, "FORM"))
        return at(8, "AIFF") || at(8, "AIFC");
    constexpr auto magics = std::to_array<std::string_view>(
        {"OggS", "fLaC", "ID3", "#!AMR", "#!SILK", "caff", ".snd", "MAC ", "wvpk", "TTA1",
         "\x30\x26\xb2\x75\x8e\x66\xcf\x11"sv, "\x1a\x45\xdf\xa3"sv, "Creative Voice File"});
    return std::any_of(magics.begin(), magics.end(), [&](auto magic) { return at(0, magic); }) ||
           is_mpeg_frame(head);
}

bool is_archive_by_its_head(std::string_view head) {
    constexpr auto magics =
        std::to_array<std::string_view>({"PK\x03\x04"sv, "PK\x05\x06"sv, "7z\xbc\xaf\x27\x1c"sv});
    const bool is_tar = head.size() > 262 && head.substr(257, 5) == "ustar";
    return is_tar || std::any_of(magics.begin(), magics.end(),
                                 [&](auto magic) { return head.starts_with(magic); });
}

}  // namespace

FileKind kind_of(std::string_view name, Bytes first_bytes) {
    if (first_bytes.empty())
        return FileKind::empty;
    const auto ending = in_lower_case(ending_of(name));
    const auto head = as_text(first_bytes);
    if (ending == "json" || ending == "html" || ending == "htm")
        return FileKind::sidecar;
    if (ending == "vcf" || head.starts_with("BEGIN:VCARD"))
        return FileKind::contacts;
    if (ending == "xml")
        return head.find("<calls") != std::string_view::npos ? FileKind::call_log : FileKind::other;
    if (has(not_to_unpack, ending))
        return FileKind::other;
    if (is_archive_by_its_head(head))
        return FileKind::archive;
    if (sounds_by_its_head(head))
        return FileKind::sound;
    if (has(archives, ending))
        return FileKind::archive;
    if (has(squeezed, ending))  // "phone.tar.gz", not "notes.txt.gz"
        return in_lower_case(ending_of(name.substr(0, name.size() - ending.size() - 1))) == "tar"
                   ? FileKind::archive
                   : FileKind::other;
    return has(sounds, ending) ? FileKind::sound : FileKind::other;
}

std::string original_extension(std::string_view name) {
    const auto ending = in_lower_case(ending_of(name));
    const bool is_plain =
        !ending.empty() && ending.size() <= 8 &&
        ending.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789") == std::string::npos;
    return is_plain ? ending : "bin";
}

}  // namespace nk::importing
