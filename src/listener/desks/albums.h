#pragma once
// Albums of a family, and libraries that a company trains with: calls put together, for people who
// are let in. They lie in the archive's albums.json.

#include <vector>

#include "archive/house_files.h"
#include "listener/counter.h"

namespace nk::listener {

class AlbumDesk {
public:
    explicit AlbumDesk(Counter& counter) : counter_(counter) {}
    void add_routes(std::vector<Route>& routes);
    // From the archive, to the list.
    void read();

private:
    void list(const Asked& ask);
    void add(const Asked& ask);
    void change(const Asked& ask);
    void remove(const Asked& ask);
    void put_in(const Asked& ask);
    void take_out(const Asked& ask);
    [[nodiscard]] bool is_filled_in(const Asked& ask, archive::Album& album) const;
    [[nodiscard]] archive::Album* known_to(const Ask& ask);
    [[nodiscard]] archive::Album* of_ones_own(const Asked& ask);
    bool keep(const Asked& ask, std::vector<archive::Album> albums, custody::Event event);
    void tell_list();
    [[nodiscard]] Album in_list(const archive::Album& album) const;
    [[nodiscard]] Album door_of(const archive::Album& album) const;
    [[nodiscard]] std::string json_of(const Ask& ask, const archive::Album& album,
                                      const std::vector<std::uint64_t>& counts) const;
    [[nodiscard]] std::string json_of(const Ask& ask, const archive::Album& album) const;

    Counter& counter_;
    std::vector<archive::Album> albums_;
    bool is_readable_ = true;
};

}  // namespace nk::listener
