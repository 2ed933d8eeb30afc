#pragma once
// Until when a certificate holds.

#include <string>

#include "base/result.h"
#include "base/time.h"

namespace nk::host {

struct CertificateTimes {
    WallTime from;
    WallTime to;
};
// Of the first certificate of a PEM file, our own one.
Result<CertificateTimes> certificate_times(const std::string& path);

}  // namespace nk::host
