// `naklank export`: where the bytes go. A file appears under its name when it is whole, and never
// takes the place of another one unasked.

#include <cstdio>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "app/aside.h"
#include "app/commands.h"
#include "app/export/outbox.h"
#include "app/export/reader.h"
#include "app/json.h"
#include "app/open_archive.h"
#include "app/text.h"
#include "archive/layout.h"
#include "archive/original.h"
#include "archive/reading.h"
#include "host/real_disk.h"
#include "host/signals.h"

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

using recording::RecordingFacts;

std::string suffix_of(const std::string& path) {
    const auto suffix = fs::path(path).extension().string();
    return suffix.empty() ? suffix : suffix.substr(1);
}

// What was asked for, else what the file's own name says, else what was brought as it came, and WAV
// of what was recorded here.
archive::ExportFormat format_for(const RecordingFacts& facts, const ExportCommand& options) {
    using archive::ExportFormat;
    if (options.format)
        return *options.format;
    const bool is_as_it_came = facts.brought && options.what.track.empty() && !options.what.trim;
    const auto suffix = suffix_of(options.output);
    if (is_as_it_came && suffix == archive::usual_ending(facts, ExportFormat::original))
        return ExportFormat::original;
    if (const auto named = archive::export_format_named(suffix))
        return *named;
    return is_as_it_came ? ExportFormat::original : ExportFormat::wav;
}

// One recording on its way out.
struct Leaving {
    std::string id;
    std::optional<RecordingFacts> facts;  // none: it is not as it was sealed, which is told later
    archive::ExportOptions what;

    [[nodiscard]] std::string file_name() const {
        const std::string track = what.track.empty() ? "" : "-" + what.track;
        const auto ending = facts ? archive::usual_ending(*facts, what.format)
                                  : std::string(archive::name_of(what.format));
        return id + track + (what.trim ? "-trimmed" : "") + "." + ending;
    }
};

class Export {
public:
    explicit Export(const ExportCommand& options) : options_(options) {}
    int run();

private:
    Result<std::string> export_one(const std::string& part);
    [[nodiscard]] Result<std::string> path_for(const Leaving& leaving) const;
    Result<void> to_output(Leaving leaving);
    Result<void> to_file(const Leaving& leaving, const std::string& path);
    Result<void> write(const Leaving& leaving, File& out) {
        return archive::export_recording(
            disk_, [this] { return reader_.find(); }, options_.archive, leaving.id, leaving.what,
            out);
    }

    const ExportCommand& options_;
    host::RealDisk disk_;
    host::StopFlag stop_;
    Reader reader_;
    Outbox outbox_{disk_, [this] { return stop_.is_raised(); }};
};

Result<std::string> Export::path_for(const Leaving& leaving) const {
    std::error_code ignored;
    const bool is_folder = !options_.output.empty() && (options_.output.back() == '/' ||
                                                        fs::is_directory(options_.output, ignored));
    if (options_.output.empty())
        return leaving.file_name();
    if (is_folder)
        return (fs::path(options_.output) / leaving.file_name()).string();
    if (options_.ids.size() > 1)
        return refuse(Code::refused, Blame::owner,
                      "several recordings need a folder: " + options_.output + " is none");
    return options_.output;
}

Result<void> Export::to_output(Leaving leaving) {
    leaving.what.into_pipe = true;
    if (leaving.facts && !archive::writes_in_one_sweep(*leaving.facts, leaving.what))
        return refuse(Code::unsupported, Blame::owner,
                      "a FLAC that is made anew is finished at its head, which a pipe does not "
                      "allow: use --format wav, or -o FILE");
    OutputFile out;
    NK_TRY(write(leaving, out));
    return out.sync();
}

Result<void> Export::to_file(const Leaving& leaving, const std::string& path) {
    if (disk_.exists(path) && !options_.force)
        return refuse(Code::exists, Blame::owner, path + " exists; --force writes over it");
    const std::string part = path + ".naklank-part";
    NK_TRY(outbox_.fill(part, [&](File& file) { return write(leaving, file); }));
    return outbox_.appear(part, path);
}

// The path written, "-" for standard output.
Result<std::string> Export::export_one(const std::string& part) {
    Leaving leaving{{}, std::nullopt, options_.what};
    NK_TAKE(leaving.id, recording_named("export", disk_, options_.archive, part));
    if (auto facts = archive::read_facts(disk_, options_.archive, leaving.id))
        leaving.facts = *std::move(facts);
    if (leaving.facts)
        leaving.what.format = format_for(*leaving.facts, options_);
    const bool is_silent = leaving.facts && !leaving.facts->brought && is_unheard(*leaving.facts);
    if (is_silent && leaving.what.format != archive::ExportFormat::json)
        say_aside("naklank export: nothing in {} could be decoded; its sound is silence\n",
                  leaving.id);
    if (options_.output == "-") {
        NK_TRY(to_output(leaving));
        return options_.output;
    }
    NK_TAKE(auto path, path_for(leaving));
    NK_TRY(to_file(leaving, path));
    return path;
}

int Export::run() {
    Json done = Json::array();
    int exit_code = exit_fine;
    for (const auto& part : options_.ids) {
        const auto path = export_one(part);
        if (!path) {
            exit_code = say("export", path.error());
            break;
        }
        if (options_.json)
            done.push_back({{"id", part}, {"path", fs::absolute(*path).string()}});
        else if (*path != "-")
            fmt::print("{}\n", terminal_text(*path));
    }
    if (options_.json)
        fmt::print("{}", json_text(done));
    return exit_code;
}

}  // namespace

int export_recordings(const ExportCommand& options) {
    if (options.output == "-" && (options.ids.size() > 1 || options.json)) {
        say_aside("naklank export: standard output takes one recording and no --json\n");
        return exit_unusable;
    }
    return Export(options).run();
}

}  // namespace nk::app
