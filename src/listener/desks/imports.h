#pragma once
// What people bring from their own machines: a batch of files, sent in pieces that can be gone on
// with, then read into the archive. What is on its way lies in <state>/imports/<id>/, and goes when
// the batch is over: its files are recordings by then, or were named as none.

#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "listener/bringer.h"
#include "listener/counter.h"
#include "listener/desks/events.h"
#include "listener/preparing.h"
#include "listener/stores/batches.h"

namespace nk::listener {

// A recording that a program on a telephone sends by itself.
struct SentByProgram {
    std::string name;
    Bytes sound;
    std::string sidecar;  // JSON that is laid beside it; empty: none
    std::string note;     // what somebody wrote about it
    purpose::Purpose purpose = purpose::Purpose::wording;
    std::string zone;
};

class ImportDesk {
public:
    ImportDesk(Counter& counter, EventDesk& events, Bringer* bringer)
        : counter_(counter), events_(events), bringer_(bringer), preparing_(counter, bringer) {}
    void add_routes(std::vector<Route>& routes);
    // Batches that were being sent when the service ended.
    void read();
    void tick();
    [[nodiscard]] Preparing& preparing() { return preparing_; }
    // Answers the ask, when what was sent is a recording.
    void bring_one(const Asked& ask, SentByProgram sent);

private:
    enum class State : std::uint8_t { receiving, waiting, running, done, stopped };
    struct Sent {
        std::string path;  // in the folder
        std::uint64_t bytes = 0;
        std::uint64_t offset = 0;
        std::optional<WallTime> modified{};
        std::unique_ptr<File> out{};  // while its pieces come
    };
    struct Batch {
        std::string id;
        std::string account;
        State state = State::receiving;
        BringWish wish{};
        std::vector<Sent> files{};
        WallTime began;
        std::optional<WallTime> ended{};
        MonoTime touched{};
        std::vector<BroughtOne> results{};
        std::uint64_t total = 0;
        std::uint64_t counts[4] = {};  // recording, known, left, failed
        std::uint64_t messages = 0;
        std::uint64_t unsure = 0;
        std::uint64_t people = 0;
        std::uint64_t enriched = 0;
        std::map<std::string, std::uint64_t> with{};
        std::vector<std::string> wrong{};
        MonoTime told{};
        // Of a program that sent one file: its note, and who waits for what became of it.
        std::string note{};
        Asked waiting{};
        MonoTime answered_by{};
        std::optional<MonoTime> again_at{};  // something could not be brought
        int tries = 0;
    };
    void list(const Asked& ask);
    void begin(const Asked& ask);
    void get(const Asked& ask);
    void remove(const Asked& ask);
    void add_file(const Asked& ask);
    void get_file(const Asked& ask);
    void send_piece(const Asked& ask);
    void start(const Asked& ask);
    void get_results(const Asked& ask);

    [[nodiscard]] Batch* of_ones_own(const Asked& ask);
    [[nodiscard]] Batch* by_id(const std::string& id);
    // Nullopt, and the ask is answered, when there is no such file.
    [[nodiscard]] static std::optional<std::size_t> file_of(const Asked& ask, const Batch& batch);
    [[nodiscard]] std::string folder_of(const std::string& id) const;
    [[nodiscard]] std::string part_path(const Batch& batch, std::size_t number) const;
    Batch batch_of(const std::string& id, const KeptBatch& kept);
    Result<void> open_part(const Batch& batch, std::size_t number, Sent& file);
    Result<void> end_file(const Batch& batch, std::size_t number, Sent& file);
    Batch* make_batch(const Asked& ask, Batch batch);
    bool launch(const Asked& ask, Batch& batch);
    Result<void> put_whole(Batch& batch, const std::string& path, Bytes bytes);
    void answer_program(Batch& batch);
    void keep_note(const Batch& batch, const std::string& id);
    static bool was_told(const Batch& batch, const BroughtOne& one);
    void try_again(Batch& batch);
    void forget_old(const std::string& account);
    bool hand_over(Batch& batch);
    void take_news(const std::string& id, BringNews news);
    void tell(Batch& batch, bool at_once);
    [[nodiscard]] static std::string json_of(const Batch& batch);

    Counter& counter_;
    EventDesk& events_;
    Bringer* bringer_;
    std::list<Batch> batches_;  // the newest first
    Preparing preparing_;
};

}  // namespace nk::listener
