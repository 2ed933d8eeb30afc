#pragma once
// Whether any of some files was written or replaced since it was last asked.

#include <string>
#include <vector>

#include <sys/stat.h>

namespace nk::host {

class FileWatch {
public:
    explicit FileWatch(std::vector<std::string> paths) : paths_(std::move(paths)) {
        (void)has_changed();
    }
    // A file that cannot be seen just now has not changed: it is being replaced.
    bool has_changed() {
        std::vector<Seen> now;
        for (const auto& path : paths_) {
            struct stat about{};
            if (!path.empty() && ::stat(path.c_str(), &about) != 0)
                return false;
            now.push_back(
                {about.st_ino, about.st_mtim.tv_sec, about.st_mtim.tv_nsec, about.st_size});
        }
        const bool is_other = now != seen_;
        seen_ = std::move(now);
        return is_other;
    }

private:
    struct Seen {
        ino_t inode;
        time_t seconds;
        long nanoseconds;
        off_t bytes;
        bool operator==(const Seen&) const = default;
    };
    std::vector<std::string> paths_;
    std::vector<Seen> seen_;
};

}  // namespace nk::host
