#include "app/window_tls.h"

#include "base/limits.h"
#include "host/certificate.h"
#include "host/machine.h"
#include "host/real_disk.h"
#include "host/self_signed.h"

namespace nk::app {

namespace {

// Browsers take none that holds for longer.
constexpr Nanos holds_for = std::chrono::hours(24 * 397);
constexpr Nanos made_again_before = std::chrono::hours(24 * 30);

}  // namespace

host::TlsFiles own_tls(const std::string& state) {
    return {state + "/certificate.pem", state + "/certificate-key.pem", {}};
}

Result<std::optional<host::TlsFiles>> window_tls(const ServePlan& plan, const Clock& clock) {
    if (plan.http->ip.is_loopback())
        return std::nullopt;
    if (!plan.tls.certificate.empty() && !plan.tls.key.empty())
        return plan.tls;
    const auto own = own_tls(plan.state);
    const auto now = clock.wall();
    const auto known = host::certificate_times(own.certificate);
    if (known && known->to - now > made_again_before)
        return own;
    host::RealDisk disk;
    NK_TRY(make_lasting_folders(disk, plan.state));
    NK_TRY(disk.make_private_folder(plan.state));
    host::SelfSigned about{{host::host_name(), "localhost"}, now, now + holds_for};
    if (!plan.http->ip.is_unspecified())
        about.names.push_back(plan.http->ip.text());
    NK_TRY(host::make_self_signed(own.certificate, own.key, about));
    return own;
}

}  // namespace nk::app
