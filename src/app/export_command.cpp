// `naklank export`: where the bytes go. A file appears under its name when it is whole, and never
// takes the place of another one unasked.

#include <array>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <utility>

#include <fmt/format.h>

#include "app/aside.h"
#include "app/commands.h"
#include "app/json.h"
#include "app/open_archive.h"
#include "app/text.h"
#include "archive/layout.h"
#include "archive/reading.h"
#include "host/real_disk.h"

namespace nk::app {

namespace {

namespace fs = std::filesystem;

// Standard output as a file that can only grow.
class OutputFile final : public File {
public:
    Result<void> write(Bytes bytes) override {
        if (std::fwrite(bytes.data(), 1, bytes.size(), stdout) != bytes.size())
            return refuse(Code::io, Blame::machine, "standard output does not take the bytes");
        return {};
    }
    Result<void> write_at(std::uint64_t, Bytes) override { return no_way_back(); }
    Result<std::size_t> read_at(std::uint64_t, std::span<std::uint8_t>) override {
        return no_way_back();
    }
    Result<std::uint64_t> size() override { return no_way_back(); }
    Result<void> sync() override {
        if (std::fflush(stdout) != 0)
            return refuse(Code::io, Blame::machine, "standard output does not take the bytes");
        return {};
    }

private:
    static tl::unexpected<Error> no_way_back() {
        return refuse(Code::unsupported, Blame::owner, "a pipe has no way back");
    }
};

std::string file_name_for(const std::string& id, const archive::ExportOptions& what) {
    const std::string track = what.track.empty() ? "" : "-" + what.track;
    return id + track + (what.trim ? "-trimmed" : "") + "." +
           std::string(archive::name_of(what.format));
}

Result<std::string> path_for(const std::string& id, const ExportCommand& options) {
    std::error_code ignored;
    const bool is_folder = !options.output.empty() && (options.output.back() == '/' ||
                                                       fs::is_directory(options.output, ignored));
    if (options.output.empty())
        return file_name_for(id, options.what);
    if (is_folder)
        return (fs::path(options.output) / file_name_for(id, options.what)).string();
    if (options.ids.size() > 1)
        return refuse(Code::refused, Blame::owner,
                      "several recordings need a folder: " + options.output + " is none");
    return options.output;
}

Result<void> to_output(Disk& disk, const std::string& id, const ExportCommand& options) {
    if (!archive::writes_in_one_sweep(options.what))
        return refuse(Code::unsupported, Blame::owner,
                      "a FLAC of a track or a trimmed one is finished at its head, which a pipe "
                      "does not allow: use --format wav, or -o FILE");
    OutputFile out;
    NK_TRY(archive::export_recording(disk, options.archive, id, options.what, out));
    return out.sync();
}

Result<void> to_file(Disk& disk, const std::string& id, const std::string& path,
                     const ExportCommand& options) {
    if (disk.exists(path) && !options.force)
        return refuse(Code::exists, Blame::owner, path + " exists; --force writes over it");
    const std::string part = path + ".naklank-part";
    std::error_code ignored;  // what is left of a broken-off export; never a folder
    fs::remove(part, ignored);
    const auto written = [&]() -> Result<void> {
        NK_TAKE(const auto file, disk.create(part));
        NK_TRY(archive::export_recording(disk, options.archive, id, options.what, *file));
        return file->sync();
    }();
    if (!written) {
        fs::remove(part, ignored);
        return written;
    }
    return disk.rename(part, path);
}

// The path written, "-" for standard output.
Result<std::string> export_one(Disk& disk, const std::string& part, const ExportCommand& options) {
    NK_TAKE(const auto id, recording_named("export", disk, options.archive, part));
    if (const auto facts = archive::read_facts(disk, options.archive, id);
        facts && is_unheard(*facts) && options.what.format != archive::ExportFormat::json)
        say_aside("naklank export: nothing in {} could be decoded; its sound is silence\n", id);
    if (options.output == "-") {
        NK_TRY(to_output(disk, id, options));
        return options.output;
    }
    NK_TAKE(auto path, path_for(id, options));
    NK_TRY(to_file(disk, id, path, options));
    return path;
}

}  // namespace

int export_recordings(const ExportCommand& options) {
    host::RealDisk disk;
    if (options.output == "-" && (options.ids.size() > 1 || options.json)) {
        say_aside("naklank export: standard output takes one recording and no --json\n");
        return exit_unusable;
    }
    Json done = Json::array();
    int exit_code = exit_fine;
    for (const auto& part : options.ids) {
        const auto path = export_one(disk, part, options);
        if (!path) {
            say_aside("naklank export: {}\n", terminal_text(path.error().what));
            exit_code = path.error().blame == Blame::owner ? exit_unusable : exit_wrong_data;
            break;
        }
        if (options.json)
            done.push_back({{"id", part}, {"path", fs::absolute(*path).string()}});
        else if (*path != "-")
            fmt::print("{}\n", terminal_text(*path));
    }
    if (options.json)
        fmt::print("{}", json_text(done));
    return exit_code;
}

}  // namespace nk::app
