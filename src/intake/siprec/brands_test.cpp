#include "intake/siprec/brands.h"

#include <gtest/gtest.h>

namespace nk::siprec {
namespace {

using Texts = std::vector<std::string>;

Texts keys_of(const std::string& session_id, const std::string& extension = "") {
    const std::string xml =
        "<recording><session id='" + session_id + "'>" + extension + "</session></recording>";
    return keys_in(*wire::parse_rs_metadata(as_bytes(xml)));
}

TEST(siprec_brands, find_a_ucid_however_it_is_written) {
    const Texts key{"ucid:0123456789ABCDEF"};
    EXPECT_EQ(keys_of("00FA080123456789ABCDEF"), key);
    EXPECT_EQ(keys_of("1", "<AvayaUCID> fa080123456789abcdef</AvayaUCID>"), key);
    EXPECT_EQ(keys_of("1", "<ucid>04FA080123456789ABCDEF;encoding=hex</ucid>"), key);
}

TEST(siprec_brands, take_nothing_else_for_a_ucid) {
    for (const auto* id :
         {"", "FA08", "00FA080123456789ABCDE", "00FA080123456789ABCDEF0", "00FA080123456789ABCDEG",
          "00FA080000000000000000", "11FA080123456789ABCDEF", "urn:uuid:00FA080123456789ABCDEF"})
        EXPECT_EQ(keys_of(id), Texts{}) << id;
}

RecordUri read_uri(const std::string& uri) {
    const std::string invite = "INVITE " + uri + " SIP/2.0\r\nCall-ID: c\r\n\r\n";
    return read_record_uri(*wire::parse_sip(as_bytes(invite)));
}

TEST(siprec_brands, read_the_parties_of_a_record_uri) {
    const auto both = read_uri("sip:record=1@192.0.2.1;OTHERDN=7002;calluuid=U;dn=7001;recordDN=9");
    ASSERT_EQ(both.parties.size(), 2U);
    EXPECT_EQ(both.parties[0].number, "7001");
    EXPECT_EQ(both.parties[1].number, "7002");
    EXPECT_EQ(both.keys, Texts{"genesys-call:U"});
}

TEST(siprec_brands, take_no_other_uri_for_a_record_uri) {
    for (const auto* uri :
         {"sip:recorder@192.0.2.1;dn=7001", "sip:record=1@192.0.2.1;recordDN=7001;calluuid=U",
          "sip:record=1@192.0.2.1;dn=;calluuid=U", "sip:192.0.2.1;record=1", "sip:record=1"}) {
        EXPECT_TRUE(read_uri(uri).parties.empty()) << uri;
        EXPECT_TRUE(read_uri(uri).keys.empty()) << uri;
    }
}

}  // namespace
}  // namespace nk::siprec
