#include "listener/desks/imports.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include <nlohmann/json.hpp>

#include "base/limits.h"
#include "base/rfc3339.h"
#include "base/utf8.h"
#include "listener/detail/json_reply.h"
#include "listener/form.h"
#include "listener/problem.h"

namespace nk::listener {

namespace {

using Json = nlohmann::ordered_json;
using purpose::Role;

constexpr purpose::Roles who_brings{Role::owner, Role::manager, Role::trainer, Role::employee,
                                    Role::family};
constexpr std::size_t batches_receiving_max = 20;
constexpr std::size_t batches_kept_max = 20;  // of an account
constexpr std::size_t files_max = 100'000;    // of a batch
constexpr std::uint64_t file_bytes_max = 64ULL << 30U;
constexpr std::size_t results_at_once = 500;
constexpr Nanos program_waits_max = seconds(20);
constexpr Nanos tried_again_after = minutes(10);
constexpr int tries_max = 6;
constexpr std::size_t wrong_max = 1'000;
constexpr std::size_t people_told = 20;
constexpr Nanos told_every = milliseconds(500);
constexpr Nanos untouched_max = hours(24 * 7);  // then what was sent of it goes
constexpr Nanos kept_for_a_day = hours(24);

// As a path below a folder of ours: no part of it leads anywhere else.
std::optional<std::string> plain_path(const std::string& text) {
    std::string out;
    std::string rest = as_utf8(text);
    while (!rest.empty()) {
        const auto slash = std::min(rest.find('/'), rest.size());
        const auto part = rest.substr(0, slash);
        rest.erase(0, std::min(slash + 1, rest.size()));
        if (part.empty() || part == ".")
            continue;
        if (part == ".." || part.size() > 255 || part.find('\0') != std::string::npos)
            return std::nullopt;
        out += (out.empty() ? "" : "/") + part;
    }
    return out.empty() ? std::nullopt : std::optional(out);
}

// A name to which that can be added, its own ending kept.
std::string with_room_for(std::string_view more, const std::string& name) {
    constexpr std::size_t name_bytes_max = 255;
    constexpr std::size_t ending_bytes_max = 10;
    if (name.size() + more.size() <= name_bytes_max)
        return name;
    const auto dot = name.rfind('.');
    const bool has_ending = dot != std::string::npos && name.size() - dot <= ending_bytes_max;
    const std::string ending = has_ending ? name.substr(dot) : "";
    return std::string(cut_utf8(name, name_bytes_max - more.size() - ending.size())) + ending;
}

std::string parent_of(const std::string& path) {
    return path.substr(0, path.rfind('/'));
}

}  // namespace

void ImportDesk::add_routes(std::vector<Route>& routes) {
    RouteBook book(routes, *this);
    book.add("GET", "imports", Access::signed_in, Scope::read, &ImportDesk::list);
    book.add("POST", "imports", Access::signed_in, Scope::write, &ImportDesk::begin);
    book.add("GET", "imports/*", Access::signed_in, Scope::read, &ImportDesk::get);
    book.add("DELETE", "imports/*", Access::signed_in, Scope::write, &ImportDesk::remove);
    book.add("POST", "imports/*/files", Access::signed_in, Scope::write, &ImportDesk::add_file);
    book.add("GET", "imports/*/files/*", Access::signed_in, Scope::read, &ImportDesk::get_file);
    book.add("PATCH", "imports/*/files/*", Access::signed_in, Scope::write,
             &ImportDesk::send_piece);
    book.add("POST", "imports/*/start", Access::signed_in, Scope::write, &ImportDesk::start);
    book.add("GET", "imports/*/results", Access::signed_in, Scope::read, &ImportDesk::get_results);
}

std::string ImportDesk::folder_of(const std::string& id) const {
    return counter_.options().state + "/imports/" + id;
}

std::string ImportDesk::part_path(const Batch& batch, std::size_t number) const {
    return folder_of(batch.id) + "/parts/" + std::to_string(number);
}

ImportDesk::Batch* ImportDesk::by_id(const std::string& id) {
    const auto at = std::find_if(batches_.begin(), batches_.end(),
                                 [&](const auto& batch) { return batch.id == id; });
    return at == batches_.end() ? nullptr : &*at;
}

ImportDesk::Batch* ImportDesk::of_ones_own(const Asked& ask) {
    auto* batch = by_id(ask->parts[1]);
    if (batch != nullptr && batch->account == ask->account->id)
        return batch;
    ask->answer(not_found());
    return nullptr;
}

std::optional<std::size_t> ImportDesk::file_of(const Asked& ask, const Batch& batch) {
    const auto& text = ask->parts[3];
    std::size_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error == std::errc() && end == text.data() + text.size() && number < batch.files.size())
        return number;
    ask->answer(not_found());
    return std::nullopt;
}

std::string ImportDesk::json_of(const Batch& batch) {
    constexpr std::string_view states[] = {"receiving", "waiting", "running", "done", "stopped"};
    Json json;
    json["id"] = batch.id;
    json["state"] = states[static_cast<std::size_t>(batch.state)];
    json["began_at"] = rfc3339(batch.began);
    if (batch.ended)
        json["ended_at"] = rfc3339(*batch.ended);
    std::uint64_t received = 0;
    for (const auto& file : batch.files)
        received += file.offset == file.bytes ? 1 : 0;
    json["files"] = batch.files.size();
    json["received"] = received;
    json["done"] = batch.results.size();
    json["total"] = batch.total;
    json["recordings"] = batch.counts[0];
    json["known"] = batch.counts[1];
    json["left"] = batch.counts[2];
    json["failed"] = batch.counts[3];
    json["messages"] = batch.messages;
    json["unsure"] = batch.unsure;
    json["people"] = batch.people;
    json["enriched"] = batch.enriched;
    std::vector<std::pair<std::string, std::uint64_t>> with(batch.with.begin(), batch.with.end());
    std::stable_sort(with.begin(), with.end(),
                     [](const auto& a, const auto& b) { return a.second > b.second; });
    json["with"] = Json::array();
    for (std::size_t i = 0; i < std::min(with.size(), people_told); ++i)
        json["with"].push_back({{"name", as_utf8(with[i].first)}, {"calls", with[i].second}});
    json["others"] = with.size() - std::min(with.size(), people_told);
    json["problems"] = Json::array();
    for (const auto& sentence : batch.wrong)
        json["problems"].push_back(as_utf8(sentence));
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

void ImportDesk::list(const Asked& ask) {
    Json json;
    json["imports"] = Json::array();
    for (const auto& batch : batches_)
        if (batch.account == ask->account->id)
            json["imports"].push_back(Json::parse(json_of(batch)));
    const auto [left, left_ms] = preparing_.left();
    json["to_prepare"] = left;
    json["prepared_in_ms"] = left_ms;
    ask->answer(json_reply(json));
}

void ImportDesk::begin(const Asked& ask) {
    Form form(ask->request);
    Batch batch;
    const auto purpose = form.text("purpose", {1, 20});
    if (const auto named = purpose::purpose_named(purpose))
        batch.wish.purpose = *named;
    else
        form.complain("purpose", "is none that there is");
    batch.wish.zone = form.maybe_text("zone", {0, 60}).value_or("");
    if (bringer_ != nullptr)
        if (auto trouble = bringer_->trouble_with_zone(batch.wish.zone); !trouble.empty())
            form.complain("zone", trouble);
    if (auto refusal = form.refusal())
        return ask->answer(std::move(*refusal));
    if (auto* made = make_batch(ask, std::move(batch)))
        ask->answer({.status = 201, .content_type = "application/json", .body = json_of(*made)});
}

ImportDesk::Batch* ImportDesk::make_batch(const Asked& ask, Batch batch) {
    const auto refuse = [&](HttpReply reply) {
        ask->answer(std::move(reply));
        return nullptr;
    };
    if (bringer_ == nullptr)
        return refuse(problem(503, "no-import", "Nothing can be brought here just now."));
    const auto& account = *ask->account;
    if (!account.roles.has_one_of(who_brings))
        return refuse(not_allowed("not-for-this-role"));
    // Whose number it is owns the calls; an owner hears those of nobody's number as well.
    if (account.numbers.empty() && !account.roles.has_one_of({Role::owner}))
        return refuse(problem(422, "no-number",
                              "Your account has no telephone number: what you bring would be "
                              "nobody's, and you could not hear it. An administrator can give it "
                              "one."));
    if (!account.numbers.empty())
        batch.wish.own_number = account.numbers.front();
    const auto receiving = std::count_if(batches_.begin(), batches_.end(), [&](const auto& one) {
        return one.account == account.id && one.state == State::receiving;
    });
    if (static_cast<std::size_t>(receiving) >= batches_receiving_max)
        return refuse(problem(429, "too-many", "Finish what you began to send first."));
    forget_old(account.id);
    batch.id = counter_.short_id("i");
    batch.account = account.id;
    batch.began = counter_.wall();
    batch.touched = counter_.now();
    batch.wish.folder = folder_of(batch.id) + "/files";
    auto& disk = counter_.house().disk;
    auto kept = disk.make_folders(folder_of(batch.id) + "/parts");
    if (kept)
        kept = disk.make_folders(batch.wish.folder);
    if (kept)
        kept = keep_batch(disk, folder_of(batch.id),
                          {batch.account, batch.began, batch.wish.purpose, batch.wish.own_number,
                           batch.wish.zone, batch.note});
    if (!kept)
        return refuse(counter_.refused(kept.error()));
    batches_.push_front(std::move(batch));
    return &batches_.front();
}

void ImportDesk::get(const Asked& ask) {
    if (const auto* batch = of_ones_own(ask))
        ask->answer({.content_type = "application/json", .body = json_of(*batch)});
}

// What became a recording stays one.
void ImportDesk::remove(const Asked& ask) {
    auto* batch = of_ones_own(ask);
    if (batch == nullptr)
        return;
    if (batch->state == State::waiting || batch->state == State::running) {
        bringer_->stop(batch->id);
    } else {
        (void)counter_.house().disk.remove_tree(folder_of(batch->id));
        const auto id = batch->id;
        batches_.remove_if([&](const auto& one) { return one.id == id; });
    }
    ask->answer({.status = 204});
}

void ImportDesk::add_file(const Asked& ask) {
    auto* batch = of_ones_own(ask);
    if (batch == nullptr)
        return;
    Form form(ask->request);
    Sent file;
    const auto path = plain_path(form.text("path", {1, 2'000}));
    if (!path)
        form.complain("path", "is to be a file's name, with the folders it lies in if you like");
    file.path = path.value_or("");
    file.bytes = static_cast<std::uint64_t>(
        form.maybe_whole("bytes", 0, static_cast<std::int64_t>(file_bytes_max)).value_or(-1));
    if (!form.has("bytes"))
        form.complain("bytes", "is wanted");
    if (const auto modified = form.maybe_text("modified", {10, 40})) {
        file.modified = wall_time_in(*modified);
        if (!file.modified)
            form.complain("modified", "is to be a time like 2021-05-03T14:05:00Z");
    }
    if (auto refusal = form.refusal())
        return ask->answer(std::move(*refusal));
    if (batch->state != State::receiving)
        return ask->answer(problem(409, "started", "This import has begun: begin another one."));
    if (batch->files.size() >= files_max)
        return ask->answer(problem(422, "limit", "An import has at most 100,000 files."));
    const auto same = std::find_if(batch->files.begin(), batch->files.end(),
                                   [&](const auto& one) { return one.path == file.path; });
    // Who was cut off sends it again: it goes on where it was.
    if (same != batch->files.end() && same->bytes == file.bytes) {
        const auto number = static_cast<std::size_t>(same - batch->files.begin());
        return ask->answer(json_reply({{"file", number}, {"offset", same->offset}}));
    }
    if (same != batch->files.end())
        return ask->answer(
            problem(409, "exists", "A file of that name and another size is there."));
    const auto number = batch->files.size();
    batch->files.push_back(std::move(file));
    batch->touched = counter_.now();
    const auto& named = batch->files[number];
    auto kept = keep_file(counter_.house().disk, folder_of(batch->id), number,
                          {named.path, named.bytes, named.modified});
    if (kept && batch->files[number].bytes == 0) {
        kept = open_part(*batch, number, batch->files[number]);
        if (kept)
            kept = end_file(*batch, number, batch->files[number]);
    }
    if (!kept) {
        batch->files.pop_back();
        return ask->answer(counter_.refused(kept.error()));
    }
    ask->answer(json_reply({{"file", number}, {"offset", 0}}, 201));
}

void ImportDesk::get_file(const Asked& ask) {
    const auto* batch = of_ones_own(ask);
    const auto number = batch == nullptr ? std::nullopt : file_of(ask, *batch);
    if (number)
        ask->answer(json_reply({{"file", *number}, {"offset", batch->files[*number].offset}}));
}

void ImportDesk::send_piece(const Asked& ask) {
    auto* batch = of_ones_own(ask);
    const auto number = batch == nullptr ? std::nullopt : file_of(ask, *batch);
    if (!number)
        return;
    auto& file = batch->files[*number];
    const auto header = ask->request.header("upload-offset").value_or("");
    std::uint64_t offset = 0;
    const auto [end, error] = std::from_chars(header.data(), header.data() + header.size(), offset);
    if (error != std::errc() || end != header.data() + header.size() || header.empty())
        return ask->answer(problem(400, "upload-offset",
                                   "The header Upload-Offset is to say where the piece begins."));
    if (batch->state != State::receiving)
        return ask->answer(problem(409, "started", "This import has begun."));
    if (offset != file.offset) {
        auto reply = problem(409, "offset", "The piece does not begin where the last one ended.");
        reply.headers.push_back({"Upload-Offset", std::to_string(file.offset)});
        return ask->answer(std::move(reply));
    }
    const auto& body = ask->request.body;
    if (body.size() > file.bytes - file.offset)
        return ask->answer(problem(422, "bytes", "That is more than the file was said to have."));
    batch->touched = counter_.now();
    auto done = file.out ? Result<void>() : open_part(*batch, *number, file);
    if (done)
        done = file.out->write(as_bytes(body));
    if (!done) {
        file.out.reset();  // it is opened anew, with what is whole of it
        return ask->answer(counter_.refused(done.error()));
    }
    file.offset += body.size();
    if (file.offset == file.bytes)
        if (const auto ended = end_file(*batch, *number, file); !ended)
            return ask->answer(counter_.refused(ended.error()));
    ask->answer(json_reply({{"file", *number}, {"offset", file.offset}}));
}

// A file cannot be opened to be gone on with: what is there is copied into a fresh one.
Result<void> ImportDesk::open_part(const Batch& batch, std::size_t number, Sent& file) {
    auto& disk = counter_.house().disk;
    const auto path = part_path(batch, number);
    const auto fresh = path + ".fresh";
    NK_TRY(disk.remove_tree(fresh));
    NK_TAKE(file.out, disk.create(fresh));
    std::uint64_t copied = 0;
    if (disk.exists(path)) {
        NK_TAKE(const auto before, disk.open_plain(path));
        std::vector<std::uint8_t> piece(256 * 1024);
        while (copied < file.offset) {
            const auto wanted = std::min<std::uint64_t>(piece.size(), file.offset - copied);
            NK_TAKE(const auto got, before->read_at(copied, std::span(piece).first(wanted)));
            if (got == 0)
                break;
            NK_TRY(file.out->write(Bytes(piece).first(got)));
            copied += got;
        }
    }
    file.offset = copied;
    return disk.rename(fresh, path);
}

Result<void> ImportDesk::end_file(const Batch& batch, std::size_t number, Sent& file) {
    auto& disk = counter_.house().disk;
    const auto path = batch.wish.folder + "/" + file.path;
    file.out.reset();
    NK_TRY(disk.make_folders(parent_of(path)));
    return disk.rename(part_path(batch, number), path);
}

void ImportDesk::start(const Asked& ask) {
    auto* batch = of_ones_own(ask);
    if (batch == nullptr)
        return;
    if (batch->state != State::receiving)
        return ask->answer(problem(409, "started", "This import has begun."));
    const auto missing = std::count_if(batch->files.begin(), batch->files.end(),
                                       [](const auto& one) { return one.offset != one.bytes; });
    if (missing > 0 || batch->files.empty())
        return ask->answer(problem(
            409, "not-all-here",
            batch->files.empty() ? "Nothing was sent yet."
                                 : std::to_string(missing) +
                                       " of its files are not here whole: go on sending them, or "
                                       "begin again without them."));
    if (launch(ask, *batch))
        ask->answer({.status = 202, .content_type = "application/json", .body = json_of(*batch)});
}

// False, and the ask is answered, when it cannot begin.
bool ImportDesk::launch(const Asked& ask, Batch& batch) {
    for (const auto& file : batch.files)
        if (file.modified)
            batch.wish.modified[file.path] = *file.modified;
    if (!counter_.tell(*ask, {.what = "import-begun",
                              .detail = std::to_string(batch.files.size()) + " files"}))
        return false;
    // Whatever ends this service, the next one goes on with it.
    auto& disk = counter_.house().disk;
    const auto marker = folder_of(batch.id) + "/started";
    if (!disk.exists(marker))
        if (const auto made = disk.create(marker); !made) {
            ask->answer(counter_.refused(made.error()));
            return false;
        }
    if (hand_over(batch))
        return true;
    ask->answer(problem(503, "busy", "Too many imports wait; try again in a minute."));
    return false;
}

// A file that is here whole.
Result<void> ImportDesk::put_whole(Batch& batch, const std::string& path, Bytes bytes) {
    auto& disk = counter_.house().disk;
    const auto number = batch.files.size();
    Sent file;
    file.path = path;
    file.bytes = bytes.size();
    NK_TRY(keep_file(disk, folder_of(batch.id), number, {path, file.bytes, std::nullopt}));
    NK_TRY(open_part(batch, number, file));
    NK_TRY(file.out->write(bytes));
    NK_TRY(end_file(batch, number, file));
    file.offset = file.bytes;
    batch.files.push_back(std::move(file));
    return {};
}

void ImportDesk::bring_one(const Asked& ask, SentByProgram sent) {
    if (bringer_ != nullptr)
        if (const auto trouble = bringer_->trouble_with_zone(sent.zone); !trouble.empty())
            return ask->answer(problem(422, "zone", trouble));
    Batch wanted;
    wanted.note = std::move(sent.note);
    wanted.wish.purpose = sent.purpose;
    wanted.wish.zone = sent.zone;
    auto* batch = make_batch(ask, std::move(wanted));
    if (batch == nullptr)
        return;
    const auto id = batch->id;
    const auto path = with_room_for(
        ".json",
        plain_path(sent.name.substr(sent.name.find_last_of("/\\") + 1)).value_or("recording"));
    auto done = put_whole(*batch, path, sent.sound);
    if (done && !sent.sidecar.empty())
        done = put_whole(*batch, path + ".json", as_bytes(sent.sidecar));
    std::string().swap(ask->request.body);  // it waits without all that
    if (!done)
        ask->answer(counter_.refused(done.error()));
    if (!done || !launch(ask, *batch)) {
        (void)counter_.house().disk.remove_tree(folder_of(id));
        batches_.remove_if([&](const auto& one) { return one.id == id; });
        return;
    }
    batch->waiting = ask;
    batch->answered_by = counter_.now() + program_waits_max;
}

// A program that sent one file is told what became of it: then it need not keep its own.
void ImportDesk::answer_program(Batch& batch) {
    const auto ask = std::exchange(batch.waiting, nullptr);
    if (!ask)
        return;
    if (!batch.ended)  // it is here and will be brought; nobody knows yet what it is
        return ask->answer(json_reply({{"import", batch.id}}, 202));
    for (const auto& one : batch.results)
        if (one.became == "recording" || one.became == "known") {
            Json json{{"sha256", one.sha256}};
            if (counter_.house().calls.may(ask->viewer, purpose::Action::see, one.id).is_allowed)
                json["call"] = one.id;
            return ask->answer(json_reply(json));
        }
    if (batch.counts[2] > 0 && batch.counts[3] == 0)
        return ask->answer(problem(422, "no-sound", "It is no sound that can be kept."));
    ask->answer(problem(503, "not-brought", "It could not be brought just now; send it again."));
}

// What somebody wrote about it in the telephone, once.
void ImportDesk::keep_note(const Batch& batch, const std::string& id) {
    const auto& accounts = counter_.accounts();
    const auto by = std::find_if(accounts.begin(), accounts.end(),
                                 [&](const auto& one) { return one.id == batch.account; });
    const auto kept = archive::change_notes(
        counter_.house().disk, counter_.options().archive, id, [&](archive::Notes& notes) {
            if (std::any_of(notes.notes.begin(), notes.notes.end(),
                            [&](const auto& one) { return one.text == batch.note; }))
                return false;
            notes.notes.push_back({counter_.short_id("n"), std::nullopt, batch.note, batch.account,
                                   by == accounts.end() ? "" : by->name, counter_.wall(),
                                   std::nullopt});
            return counter_.write_down(
                {.what = "noted", .who = batch.account, .recording = id, .detail = "hook"});
        });
    if (!kept)
        return counter_.house().warn(kept.error().what);
    counter_.on_recording(id);
    counter_.happened("recording.changed", id);
}

bool ImportDesk::hand_over(Batch& batch) {
    const auto& accounts = counter_.accounts();
    batch.wish.names_people = std::any_of(accounts.begin(), accounts.end(), [&](const auto& one) {
        return one.id == batch.account && may_name(one);
    });
    const bool is_taken =
        bringer_->bring(batch.id, batch.wish,
                        [this, id = batch.id](BringNews news) { take_news(id, std::move(news)); });
    if (is_taken)
        batch.state = State::waiting;
    return is_taken;
}

bool ImportDesk::was_told(const Batch& batch, const BroughtOne& one) {
    return std::any_of(batch.results.begin(), batch.results.end(),
                       [&](const auto& before) { return before.path == one.path; });
}

// What could not be brought lies where it was sent to, until it can be.
void ImportDesk::try_again(Batch& batch) {
    batch.again_at.reset();
    ++batch.tries;
    std::erase_if(batch.results, [](const auto& one) { return one.became == "failed"; });
    batch.counts[3] = 0;
    batch.wrong.clear();
    if (hand_over(batch))
        batch.ended.reset();
    else
        batch.again_at = counter_.now() + tried_again_after;
}

void ImportDesk::take_news(const std::string& id, BringNews news) {
    auto* batch = by_id(id);
    if (batch == nullptr)
        return;
    batch->state = State::running;
    batch->total = news.total;
    for (auto& one : news.ones) {
        // Of one that is tried again: what was brought the first time is known now.
        if (batch->tries > 0 && was_told(*batch, one))
            continue;
        constexpr std::string_view kinds[] = {"recording", "known", "left", "failed"};
        const auto* kind = std::find(std::begin(kinds), std::end(kinds), one.became);
        if (kind != std::end(kinds))
            ++batch->counts[kind - std::begin(kinds)];
        if (one.became == "recording") {
            batch->messages += one.is_message ? 1 : 0;
            batch->unsure += one.is_unsure ? 1 : 0;
            if (!one.who.empty())
                ++batch->with[one.who];
        }
        if (!batch->note.empty() && !one.id.empty())
            keep_note(*batch, one.id);
        if (one.became == "known")
            counter_.on_recording(one.id);
        batch->results.push_back(std::move(one));
    }
    for (auto& sentence : news.wrong)
        if (batch->wrong.size() < wrong_max)
            batch->wrong.push_back(std::move(sentence));
    batch->people += news.people;
    batch->enriched += news.enriched;
    if (news.people > 0) {
        counter_.follow_people();
        counter_.write_down({.what = "person-added",
                             .who = batch->account,
                             .detail = std::to_string(news.people) + " by contacts"});
    }
    if (news.is_over) {
        batch->ended = counter_.wall();
        const bool is_tried_again = batch->counts[3] > 0 || news.could_not_begin;
        batch->state = news.was_stopped ? State::stopped : State::done;
        if (is_tried_again && batch->tries < tries_max)
            batch->again_at = counter_.now() + tried_again_after;
        else
            (void)counter_.house().disk.remove_tree(folder_of(id));
        answer_program(*batch);
    }
    tell(*batch, news.is_over);
}

void ImportDesk::get_results(const Asked& ask) {
    const auto* batch = of_ones_own(ask);
    if (batch == nullptr)
        return;
    Query query(ask->request.query());
    const auto from = static_cast<std::size_t>(
        query.whole("from", 0, static_cast<std::int64_t>(files_max) * 100).value_or(0));
    if (auto refusal = query.refusal())
        return ask->answer(std::move(*refusal));
    Json json;
    json["results"] = Json::array();
    const auto to = std::min(batch->results.size(), from + results_at_once);
    for (auto i = from; i < to; ++i) {
        const auto& one = batch->results[i];
        Json result{{"path", as_utf8(one.path)}, {"became", one.became}};
        if (counter_.house().calls.may(ask->viewer, purpose::Action::see, one.id).is_allowed)
            result["call"] = one.id;
        if (!one.sha256.empty())
            result["sha256"] = one.sha256;
        if (!one.why.empty())
            result["why"] = as_utf8(one.why);
        json["results"].push_back(std::move(result));
    }
    if (to < batch->results.size())
        json["next"] = to;
    ask->answer(json_reply(json));
}

void ImportDesk::tell(Batch& batch, bool at_once) {
    const auto now = counter_.now();
    if (!at_once && now - batch.told < told_every)
        return;
    batch.told = now;
    events_.send_to(batch.account, "import", json_of(batch));
}

void ImportDesk::forget_old(const std::string& account) {
    std::size_t kept = 0;
    for (auto at = batches_.begin(); at != batches_.end();) {
        const bool is_old = at->account == account && at->ended.has_value() && !at->again_at &&
                            ++kept >= batches_kept_max;
        at = is_old ? batches_.erase(at) : std::next(at);
    }
}

void ImportDesk::tick() {
    const auto wall = counter_.wall();
    const auto now = counter_.now();
    for (auto at = batches_.begin(); at != batches_.end();) {
        if (at->waiting && now > at->answered_by)
            answer_program(*at);
        if (at->again_at && now > *at->again_at)
            try_again(*at);
        const bool is_forgotten =
            at->state == State::receiving && now - at->touched > untouched_max;
        const bool is_old = at->ended && !at->again_at && wall - *at->ended > kept_for_a_day;
        if (is_forgotten)
            (void)counter_.house().disk.remove_tree(folder_of(at->id));
        at = is_forgotten || is_old ? batches_.erase(at) : std::next(at);
    }
}

ImportDesk::Batch ImportDesk::batch_of(const std::string& id, const KeptBatch& kept) {
    auto& disk = counter_.house().disk;
    Batch batch;
    batch.id = id;
    batch.account = kept.account;
    batch.began = kept.began;
    batch.touched = counter_.now();
    batch.wish.folder = folder_of(id) + "/files";
    batch.wish.purpose = kept.purpose;
    batch.wish.own_number = kept.own_number;
    batch.wish.zone = kept.zone;
    batch.note = kept.note;
    for (auto& one : read_files(disk, folder_of(id))) {
        Sent file;
        file.path = plain_path(one.path).value_or("unnamed");
        file.bytes = one.bytes;
        file.modified = one.modified;
        const bool is_whole = disk.exists(batch.wish.folder + "/" + file.path);
        const auto part = disk.state(part_path(batch, batch.files.size()));
        file.offset = is_whole ? file.bytes : part ? std::min(part->bytes, file.bytes) : 0;
        batch.files.push_back(std::move(file));
    }
    return batch;
}

void ImportDesk::read() {
    auto& disk = counter_.house().disk;
    const auto root = counter_.options().state + "/imports";
    if (!disk.exists(root))
        return;
    const auto entries = disk.list(root);
    if (!entries)
        return counter_.house().warn(entries.error().what);
    for (const auto& entry : *entries) {
        const auto kept = read_batch(disk, folder_of(entry.name));
        if (kept) {
            batches_.push_front(batch_of(entry.name, *kept));
            auto& one = batches_.front();
            for (const auto& file : one.files)
                if (file.modified)
                    one.wish.modified[file.path] = *file.modified;
            if (bringer_ != nullptr && disk.exists(folder_of(one.id) + "/started"))
                (void)hand_over(one);
        } else
            counter_.house().warn("an import that was being sent cannot be gone on with: " +
                                  kept.error().what);
    }
}

}  // namespace nk::listener
