#include "app/site.h"

#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

#include "base/bytes.h"
#include "base/digest.h"
#include "base/limits.h"

namespace nk::app {

namespace {

namespace fs = std::filesystem;

constexpr std::array<std::pair<std::string_view, std::string_view>, 12> types{{
    {".html", "text/html; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".json", "application/json"},
    {".webmanifest", "application/manifest+json"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".ico", "image/x-icon"},
    {".woff2", "font/woff2"},
    {".txt", "text/plain; charset=utf-8"},
    {".map", "application/json"},
    {".wasm", "application/wasm"},
}};

std::string type_of(const std::string& path) {
    for (const auto& [ending, type] : types)
        if (path.ends_with(ending))
            return std::string(type);
    return "application/octet-stream";
}

// Nothing from elsewhere, nothing inline, in nobody's frame; and a link's secret is told to nobody.
const std::vector<HttpHeader>& guards() {
    static const std::vector<HttpHeader> headers{
        {"Content-Security-Policy",
         "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
         "media-src 'self' blob:; connect-src 'self'; font-src 'self'; manifest-src 'self'; "
         "worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"},
        {"Referrer-Policy", "no-referrer"},
        {"X-Frame-Options", "DENY"},
        {"Cross-Origin-Opener-Policy", "same-origin"},
        {"Cross-Origin-Resource-Policy", "same-origin"},
        {"Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"}};
    return headers;
}

bool takes_gzip(const HttpRequest& request) {
    return request.header("accept-encoding").value_or("").find("gzip") != std::string_view::npos;
}

}  // namespace

std::string Site::usual_folder() {
    std::error_code ignored;
    const auto program = fs::read_symlink("/proc/self/exe", ignored).parent_path();
    for (const auto* place : {"../share/naklank/web", "../../web/dist"})
        if (fs::exists(program / place / "index.html", ignored))
            return (program / place).lexically_normal().string();
    return {};
}

Result<Site> Site::read(const std::string& folder) {
    Site site;
    if (folder.empty())
        return site;
    std::error_code error;
    fs::recursive_directory_iterator at(folder, error);
    for (; !error && at != fs::recursive_directory_iterator(); at.increment(error)) {
        if (!at->is_regular_file())
            continue;
        if (site.files_.size() >= limits::site_files_max ||
            at->file_size() > limits::site_file_bytes_max)
            return refuse(Code::limit, Blame::owner, folder + " is too large for a web site");
        std::ifstream in(at->path(), std::ios::binary);
        std::string bytes((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
        if (!in)
            return refuse(Code::io, Blame::owner, at->path().string() + " cannot be read");
        auto path = "/" + fs::relative(at->path(), folder).generic_string();
        const bool is_zipped = path.ends_with(".gz");
        if (is_zipped)
            path.resize(path.size() - 3);
        auto& page = site.files_[path];
        if (is_zipped) {
            page.zipped = std::move(bytes);
            continue;
        }
        page.type = type_of(path);
        page.etag = "\"" + sha256_hex(as_bytes(bytes)).substr(0, 32) + "\"";
        page.is_for_ever = path.starts_with("/assets/");
        page.bytes = std::move(bytes);
    }
    if (error)
        return refuse(Code::io, Blame::owner, folder + " cannot be read: " + error.message());
    std::erase_if(site.files_, [](const auto& one) { return one.second.etag.empty(); });
    return site;
}

HttpReply Site::answer(const HttpRequest& request) const {
    if (request.method != "GET" && request.method != "HEAD")
        return {.status = 405, .body = "There is nothing to send here.\n"};
    auto file = files_.find(request.path());
    const bool is_asset = request.path().starts_with("/assets/");
    if (file == files_.end() && !is_asset)
        file = files_.find("/index.html");
    if (file == files_.end())
        return {.status = 404,
                .body = files_.empty() ? "The pages of the window are not installed beside this "
                                         "program; --site says where they lie.\n"
                                       : "There is no such file.\n"};
    const auto& page = file->second;
    HttpReply reply{.content_type = page.type};
    reply.headers = guards();
    reply.headers.push_back({"ETag", page.etag});
    reply.headers.push_back(
        {"Cache-Control", page.is_for_ever ? "public, max-age=31536000, immutable" : "no-cache"});
    reply.headers.push_back({"Vary", "Accept-Encoding"});
    if (request.header("if-none-match") == page.etag) {
        reply.status = 304;
        return reply;
    }
    if (!page.zipped.empty() && takes_gzip(request)) {
        reply.headers.push_back({"Content-Encoding", "gzip"});
        reply.body = page.zipped;
    } else {
        reply.body = page.bytes;
    }
    return reply;
}

}  // namespace nk::app
