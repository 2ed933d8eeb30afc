// A flat map from path to file; a folder is a path without a body. Paths are compared as they are
// written, less doubled and trailing slashes.

#include "base/memory_disk.h"

#include <algorithm>
#include <set>

#include "base/check.h"

namespace nk {

namespace {

std::string tidy(const std::string& path) {
    std::string out;
    for (const char c : path)
        if (c != '/' || out.empty() || out.back() != '/')
            out += c;
    if (out.size() > 1 && out.back() == '/')
        out.pop_back();
    return out;
}

std::string parent_of(const std::string& path) {
    const std::size_t slash = path.rfind('/');
    return slash == std::string::npos ? "" : path.substr(0, std::max<std::size_t>(slash, 1));
}

bool is_root(const std::string& path) {
    return path.empty() || path == "/" || path == ".";
}

bool is_under(const std::string& path, const std::string& folder) {
    return path.size() > folder.size() && path.starts_with(folder) && path[folder.size()] == '/';
}

tl::unexpected<Error> absent(const std::string& path) {
    return refuse(Code::not_found, Blame::machine, path + ": there is no such file or folder");
}

}  // namespace

// Counts operations and says which one fails.
struct MemoryDisk::Fuse {
    std::uint64_t operations = 0;
    std::uint64_t blows_at = 0;
    Code code = Code::disk_full;
    Failing how = Failing::from_then_on;
    bool has_blown = false;
    std::set<std::string> locked;  // paths

    Result<void> burn(const std::string& path) {
        ++operations;
        const bool fails = blows_at != 0 &&
                           (how == Failing::once ? operations == blows_at : operations >= blows_at);
        if (!fails)
            return {};
        has_blown = true;
        return refuse(code, Blame::machine, path + ": the disk was told to fail here");
    }
};

struct MemoryDisk::Body {
    std::vector<std::uint8_t> bytes;
    std::vector<std::uint8_t> synced;
    // What a failed sync took from memory and never brought to the disk, unless it is written
    // again.
    std::size_t lost_from = 0;
    std::size_t lost_to = 0;
    std::uint64_t unreadable_from = 0;
    std::uint64_t unreadable_to = 0;

    void write(std::size_t at, Bytes piece) {
        if (bytes.size() < at + piece.size())
            bytes.resize(at + piece.size());
        std::copy(piece.begin(), piece.end(), bytes.begin() + static_cast<std::ptrdiff_t>(at));
        if (at <= lost_from && at + piece.size() > lost_from)
            lost_from = std::min(lost_to, at + piece.size());
    }
    void lose_unsynced() {
        lost_from = lost_from < lost_to ? std::min(lost_from, synced.size()) : synced.size();
        lost_to = bytes.size();
    }
    void sync() {
        synced = bytes;
        for (std::size_t i = lost_from; i < std::min(lost_to, synced.size()); ++i)
            synced[i] = 0;
    }
};

class MemoryDisk::MemoryFile : public File {
public:
    MemoryFile(std::shared_ptr<Fuse> fuse, std::shared_ptr<Body> body, std::string path)
        : fuse_(std::move(fuse)), body_(std::move(body)), path_(std::move(path)) {}

    Result<void> write(Bytes bytes) override {
        const auto ok = fuse_->burn(path_);
        body_->write(end_, ok ? bytes : bytes.first(bytes.size() / 2));
        if (ok)
            end_ += bytes.size();
        return ok;
    }
    Result<void> write_at(std::uint64_t offset, Bytes bytes) override {
        NK_CHECK(offset <= body_->bytes.size() && bytes.size() <= body_->bytes.size() - offset);
        const auto ok = fuse_->burn(path_);
        body_->write(offset, ok ? bytes : bytes.first(bytes.size() / 2));
        return ok;
    }
    Result<std::size_t> read_at(std::uint64_t offset, std::span<std::uint8_t> out) override {
        NK_TRY(fuse_->burn(path_));
        if (offset >= body_->bytes.size())
            return std::size_t{0};
        const std::size_t take = std::min<std::size_t>(out.size(), body_->bytes.size() - offset);
        if (offset < body_->unreadable_to && offset + take > body_->unreadable_from)
            return refuse(Code::io, Blame::machine, path_ + ": the sector cannot be read");
        std::copy_n(body_->bytes.begin() + static_cast<std::ptrdiff_t>(offset), take, out.begin());
        return take;
    }
    Result<std::uint64_t> size() override {
        NK_TRY(fuse_->burn(path_));
        return body_->bytes.size();
    }
    Result<void> sync() override {
        const auto ok = fuse_->burn(path_);
        if (ok)
            body_->sync();
        else
            body_->lose_unsynced();
        return ok;
    }

private:
    std::shared_ptr<Fuse> fuse_;
    std::shared_ptr<Body> body_;
    std::string path_;
    std::size_t end_ = 0;  // what write() has put there
};

class MemoryDisk::MemoryLock : public FileLock {
public:
    MemoryLock(std::shared_ptr<Fuse> fuse, std::string path)
        : fuse_(std::move(fuse)), path_(std::move(path)) {}
    MemoryLock(const MemoryLock&) = delete;
    MemoryLock& operator=(const MemoryLock&) = delete;
    ~MemoryLock() override { fuse_->locked.erase(path_); }

private:
    std::shared_ptr<Fuse> fuse_;
    std::string path_;
};

MemoryDisk::MemoryDisk() : fuse_(std::make_shared<Fuse>()) {}
MemoryDisk::~MemoryDisk() = default;

Result<void> MemoryDisk::need_parent(const std::string& path) const {
    const std::string parent = parent_of(path);
    if (is_root(parent))
        return {};
    const auto found = nodes_.find(parent);
    if (found == nodes_.end() || found->second)
        return absent(parent);
    return {};
}

Result<std::unique_ptr<File>> MemoryDisk::create(const std::string& raw_path) {
    const std::string path = tidy(raw_path);
    NK_TRY(fuse_->burn(path));
    NK_TRY(need_parent(path));
    if (exists(path))
        return refuse(Code::exists, Blame::machine, path + " is there already");
    auto body = std::make_shared<Body>();
    nodes_[path] = body;
    return std::make_unique<MemoryFile>(fuse_, std::move(body), path);
}

Result<std::unique_ptr<File>> MemoryDisk::open(const std::string& raw_path) {
    const std::string path = tidy(raw_path);
    NK_TRY(fuse_->burn(path));
    const auto found = nodes_.find(path);
    if (found == nodes_.end() || !found->second)
        return absent(path);
    return std::make_unique<MemoryFile>(fuse_, found->second, path);
}

Result<std::unique_ptr<File>> MemoryDisk::open_plain(const std::string& path) {
    if (is_link(path))
        return refuse(Code::refused, Blame::machine, path + " is no file");
    return open(path);
}

Result<void> MemoryDisk::make_folders(const std::string& raw_path) {
    const std::string path = tidy(raw_path);
    NK_TRY(fuse_->burn(path));
    for (std::size_t at = 0; at != std::string::npos;) {
        at = path.find('/', at + 1);
        const std::string part = path.substr(0, at);
        const auto found = nodes_.find(part);
        if (found != nodes_.end() && found->second)
            return refuse(Code::exists, Blame::machine, part + " is a file, not a folder");
        if (!is_root(part))
            nodes_[part] = nullptr;
    }
    return {};
}

Result<void> MemoryDisk::rename(const std::string& raw_from, const std::string& raw_to) {
    const std::string from = tidy(raw_from);
    const std::string to = tidy(raw_to);
    NK_TRY(fuse_->burn(from));
    const auto found = nodes_.find(from);
    if (found == nodes_.end())
        return absent(from);
    NK_TRY(need_parent(to));
    if (from == to)
        return {};
    const bool is_folder = !found->second;
    if (const auto there = nodes_.find(to); there != nodes_.end()) {
        const auto after = std::find_if(nodes_.begin(), nodes_.end(),
                                        [&](const auto& node) { return is_under(node.first, to); });
        // As rename(2): a file over a file, a folder over an empty folder.
        if (is_folder != !there->second || after != nodes_.end())
            return refuse(Code::exists, Blame::machine, to + " is there already");
    }
    std::map<std::string, std::shared_ptr<Body>> moved;
    for (auto it = nodes_.begin(); it != nodes_.end();) {
        if (it->first == from || is_under(it->first, from)) {
            moved[to + it->first.substr(from.size())] = it->second;
            it = nodes_.erase(it);
        } else {
            ++it;
        }
    }
    for (auto& [path, body] : moved)
        nodes_[path] = std::move(body);
    // A folder takes along what it remembers; its own new name is for its new parent to remember.
    Nodes remembered;
    for (const auto& [path, body] : settled_)
        if (is_under(path, from))
            remembered[to + path.substr(from.size())] = body;
    settled_.merge(remembered);
    return {};
}

Result<void> MemoryDisk::remove_tree(const std::string& raw_path) {
    const std::string path = tidy(raw_path);
    NK_TRY(fuse_->burn(path));
    std::erase_if(
        nodes_, [&](const auto& node) { return node.first == path || is_under(node.first, path); });
    return {};
}

Result<void> MemoryDisk::remove_empty_folder(const std::string& raw_path) {
    const std::string path = tidy(raw_path);
    NK_TRY(fuse_->burn(path));
    const bool has_some = std::any_of(nodes_.begin(), nodes_.end(),
                                      [&](const auto& node) { return is_under(node.first, path); });
    if (has_some)
        return refuse(Code::exists, Blame::machine, path + ": something lies in it");
    nodes_.erase(path);
    return {};
}

Result<void> MemoryDisk::sync_folder(const std::string& raw_path) {
    const std::string path = tidy(raw_path);
    NK_TRY(fuse_->burn(path));
    const auto found = nodes_.find(path);
    if (!is_root(path) && (found == nodes_.end() || found->second))
        return absent(path);
    const std::string here = path == "." ? "" : path;
    std::erase_if(settled_, [&](const auto& node) {
        const bool is_child = parent_of(node.first) == here;
        return is_child && !nodes_.contains(node.first);
    });
    for (const auto& [name, body] : nodes_)
        if (parent_of(name) == here)
            settled_[name] = body;
    return {};
}

// A settled name counts as long as every folder above it is settled too.
void MemoryDisk::cut_power() {
    nodes_.clear();
    for (const auto& [path, body] : settled_) {  // folders come before what is in them
        const std::string parent = parent_of(path);
        if (!is_root(parent) && !nodes_.contains(parent))
            continue;
        nodes_[path] = body;
        if (body)
            body->bytes = body->synced;
    }
    settled_ = nodes_;
}

Result<std::vector<FolderEntry>> MemoryDisk::list(const std::string& raw_path) {
    const std::string path = tidy(raw_path);
    NK_TRY(fuse_->burn(path));
    const auto found = nodes_.find(path);
    if (!is_root(path) && (found == nodes_.end() || found->second))
        return absent(path);
    std::vector<FolderEntry> out;
    const std::string here = path == "." ? "" : path;
    for (const auto& [name, body] : nodes_)
        if (parent_of(name) == here)
            out.push_back({.name = name.substr(name.rfind('/') + 1),
                           .is_folder = !body,
                           .is_plain = !links_.contains(name)});
    std::sort(out.begin(), out.end(),
              [](const FolderEntry& a, const FolderEntry& b) { return a.name < b.name; });
    return out;
}

Result<FileState> MemoryDisk::state(const std::string& raw_path) {
    const std::string path = tidy(raw_path);
    NK_TRY(fuse_->burn(path));
    const auto found = nodes_.find(path);
    if (found == nodes_.end())
        return absent(path);
    const bool is_folder = !found->second;
    return FileState{.bytes = is_folder ? 0 : found->second->bytes.size(),
                     .modified = std::nullopt,
                     .is_folder = is_folder,
                     .is_plain = !is_link(path)};
}

bool MemoryDisk::exists(const std::string& raw_path) {
    const std::string path = tidy(raw_path);
    return is_root(path) || nodes_.contains(path);
}

bool MemoryDisk::is_link(const std::string& raw_path) {
    return links_.contains(tidy(raw_path));
}

void MemoryDisk::call_a_link(const std::string& path) {
    links_.insert(tidy(path));
}

Result<std::unique_ptr<FileLock>> MemoryDisk::lock(const std::string& raw_path) {
    const std::string path = tidy(raw_path);
    NK_TRY(fuse_->burn(path));
    NK_TRY(need_parent(path));
    if (!fuse_->locked.insert(path).second)
        return refuse(Code::busy, Blame::machine, path + " is in use");
    if (!exists(path))
        nodes_[path] = std::make_shared<Body>();
    return std::make_unique<MemoryLock>(fuse_, path);
}

Result<bool> MemoryDisk::is_held(const std::string& raw_path) {
    const std::string path = tidy(raw_path);
    NK_TRY(fuse_->burn(path));
    if (!exists(path))
        return absent(path);
    return fuse_->locked.contains(path);
}

void MemoryDisk::fail_at(std::uint64_t n, Code code, Failing how) {
    fuse_->blows_at = n == 0 ? 0 : fuse_->operations + n;
    fuse_->code = code;
    fuse_->how = how;
    fuse_->has_blown = false;
}

std::uint64_t MemoryDisk::operations() const {
    return fuse_->operations;
}

bool MemoryDisk::has_failed() const {
    return fuse_->has_blown;
}

std::optional<std::vector<std::uint8_t>> MemoryDisk::contents(const std::string& path) const {
    const auto found = nodes_.find(tidy(path));
    if (found == nodes_.end() || !found->second)
        return std::nullopt;
    return found->second->bytes;
}

void MemoryDisk::put(const std::string& raw_path, std::vector<std::uint8_t> bytes) {
    const std::string path = tidy(raw_path);
    for (std::string folder = parent_of(path); !is_root(folder); folder = parent_of(folder))
        nodes_[folder] = nullptr;
    auto& body = nodes_[path];
    body = std::make_shared<Body>();
    body->bytes = std::move(bytes);
    body->synced = body->bytes;
}

void MemoryDisk::make_unreadable(const std::string& path, std::uint64_t from, std::uint64_t bytes) {
    auto& body = nodes_.at(tidy(path));
    NK_CHECK(body != nullptr);
    body->unreadable_from = from;
    body->unreadable_to = from + bytes;
}

std::vector<std::string> MemoryDisk::files() const {
    std::vector<std::string> out;
    for (const auto& [path, body] : nodes_)
        if (body)
            out.push_back(path);
    return out;
}

}  // namespace nk
