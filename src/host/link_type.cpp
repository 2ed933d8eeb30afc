#include "host/link_type.h"

#include <pcap/pcap.h>

namespace nk::host {

std::optional<LinkType> link_type_of(int dlt) {
    switch (dlt) {
        case DLT_EN10MB:
            return LinkType::ethernet;
        case DLT_NULL:
            return LinkType::null;
        case DLT_LOOP:
            return LinkType::loop;
        case DLT_RAW:
        case DLT_IPV4:
        case DLT_IPV6:
        case 14:  // DLT_RAW as OpenBSD numbers it
            return LinkType::raw;
        case DLT_LINUX_SLL:
            return LinkType::linux_sll;
        case DLT_LINUX_SLL2:
            return LinkType::linux_sll2;
        case DLT_PPP:
        case DLT_PPP_SERIAL:
            return LinkType::ppp;
        default:
            return std::nullopt;
    }
}

std::optional<LinkType> link_type_of_file(std::uint32_t number) {
    switch (number & 0xffffU) {  // those whose number in a file is another
        case 50:                 // LINKTYPE_PPP_HDLC
            return LinkType::ppp;
        case 101:  // LINKTYPE_RAW
            return LinkType::raw;
        case 108:  // LINKTYPE_LOOP
            return LinkType::loop;
        default:
            return link_type_of(static_cast<int>(number & 0xffffU));
    }
}

}  // namespace nk::host
