#pragma once
// Addresses as the wire room's own words (base/address.h).

#include "base/address.h"

namespace nk::wire {

using nk::Endpoint;
using nk::EndpointHash;
using nk::hash_of;
using nk::IpAddress;
using nk::mix;
using nk::parse_ip;

}  // namespace nk::wire
