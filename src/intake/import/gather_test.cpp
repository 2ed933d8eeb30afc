#include "intake/import/gather.h"

#include <gtest/gtest.h>

#include "base/rfc3339.h"
#include "intake/import/testing_zone.h"

namespace nk::importing {
namespace {

using call::Fact;
using call::Source;
using call::Sureness;
using testing::DutchZone;
using Texts = std::vector<std::string>;

FoundFile named(std::string path) {
    FoundFile out;
    out.path = std::move(path);
    return out;
}

Gathered with(const FoundFile& file) {
    return gather(file, DutchZone());
}

std::string start_by_tags(std::vector<Tag> tags, std::optional<Nanos> length = std::nullopt) {
    auto file = named("opname.m4a");
    file.tags = std::move(tags);
    file.length = length;
    const auto out = with(file);
    return out.started.empty() ? "none" : out.started;
}

WallTime at(std::string_view text) {
    return wall_time_in(text).value();
}

TEST(gather, a_name_that_says_all_leaves_nothing_unsure) {
    const auto out = with(named("20240614_113922.459+0200_in_+31205550101_Oma.oga"));
    EXPECT_EQ(out.started, "2024-06-14T11:39:22.459+02:00");
    EXPECT_EQ(out.sureness, Sureness::sure);
    EXPECT_EQ(out.direction, "in");
    EXPECT_EQ(out.numbers, Texts{"+31205550101"});
    EXPECT_EQ(out.names, Texts{"Oma"});
    EXPECT_EQ(out.kind, "call");
    EXPECT_EQ(out.recorder, "bcr");
    EXPECT_FALSE(out.is_unsure);
    EXPECT_EQ(out.why, Texts{});
}

TEST(gather, the_sidecar_is_believed_before_the_name_and_the_name_stays_a_finding) {
    auto file = named("20240614_113922.459+0200_in_+31205550101_JANSEN.oga");
    file.sidecar = read_sidecar(R"({"timestamp_unix_ms": 1718357962459,
        "timestamp": "2024-06-14T11:39:22.459+02:00", "direction": "in",
        "calls": [{"phone_number": "+31205550101", "contact_name": "Oma"}],
        "output": {"recording": {"buffer_overruns": 2}}})",
                                DutchZone())
                       .value();
    const auto out = with(file);
    EXPECT_EQ(out.names, Texts{"Oma"});
    EXPECT_EQ(out.lacks, Texts{"buffer-overruns"});
    std::size_t names = 0;
    for (const auto& one : out.findings)
        names += one.fact == Fact::name ? 1 : 0;
    EXPECT_EQ(names, 2U);
}

TEST(gather, the_folder_tells_the_number_that_the_name_has_not) {
    const auto out = with(named("Music/PhoneRecord/0205550101/20240614_113922.amr"));
    EXPECT_EQ(out.started, "2024-06-14T11:39:22+02:00");
    EXPECT_EQ(out.remark, "zone-assumed");
    EXPECT_EQ(out.numbers, Texts{"0205550101"});
    EXPECT_EQ(out.kind, "call");
    EXPECT_EQ(out.direction, "");
    EXPECT_FALSE(out.is_unsure);
}

TEST(gather, a_day_of_folders_does_not_beat_the_time_in_the_name) {
    const auto out =
        with(named("ACRPhone/2024/06/14/+31205550101/+31205550101-0-1718357962000.m4a"));
    EXPECT_EQ(out.started, "2024-06-14T11:39:22+02:00");
    EXPECT_FALSE(out.is_unsure);
}

TEST(gather, the_phones_list_tells_direction_and_number_that_the_name_has_not) {
    auto file = named("Call recording Oma_240614_113922.m4a");
    file.logged = wire::LoggedCall{.number = "+31 20 555 01 01",
                                   .name = "Oma Jansen",
                                   .started = at("2024-06-14T09:39:10Z"),
                                   .length = seconds(60),
                                   .type = wire::LoggedCall::Type::out,
                                   .subscription = {}};
    const auto out = with(file);
    EXPECT_EQ(out.started, "2024-06-14T11:39:22+02:00");  // the name's own
    EXPECT_EQ(out.direction, "out");
    EXPECT_EQ(out.numbers, Texts{"+31205550101"});
    EXPECT_EQ(out.names, Texts{"Oma"});
}

TEST(gather, the_files_time_is_the_calls_end_and_weak) {
    auto file = named("opa zingt.mp3");
    file.file_time = at("2024-06-14T10:00:00Z");
    file.length = minutes(10);
    const auto out = with(file);
    EXPECT_EQ(out.started, "2024-06-14T11:50:00+02:00");
    EXPECT_EQ(out.sureness, Sureness::weak);
    EXPECT_EQ(out.findings.front().source, Source::file_time);
    EXPECT_TRUE(out.is_unsure);
    EXPECT_EQ(out.why, (Texts{"weak-date", "nobody"}));
}

TEST(gather, a_file_of_which_nothing_is_known_is_unsure) {
    const auto out = with(named("x.mp3"));
    EXPECT_TRUE(out.is_unsure);
    EXPECT_EQ(out.why, (Texts{"no-date", "nobody"}));
    EXPECT_EQ(out.started, "");
    EXPECT_TRUE(out.findings.empty());
}

TEST(gather, a_party_that_is_only_supposed_is_unsure) {
    EXPECT_EQ(with(named("JanDeBoer-20240614113922.aac")).why, Texts{"weak-party"});
}

TEST(gather, a_tag_of_the_recording_itself_counts) {
    EXPECT_EQ(start_by_tags({{"creation_time", "2024-06-14T09:39:22.000000Z"}}),
              "2024-06-14T11:39:22+02:00");
    EXPECT_EQ(start_by_tags({{"com.apple.quicktime.creationdate", "2024-06-14T11:39:22+0200"},
                             {"creation_time", "2024-06-14T09:40:00Z"}}),
              "2024-06-14T11:39:22+02:00");
    EXPECT_EQ(start_by_tags({{"DATE", "2024-06-14 11:39:22"}}), "2024-06-14T11:39:22+02:00");
}

TEST(gather, other_dates_and_clocks_that_were_never_set_do_not_count) {
    for (const auto* key : {"encoded_date", "tagged_date", "purchase_date", "encoding_time", "TDTG",
                            "TDEN", "modification_date", "originaldate"})
        EXPECT_EQ(start_by_tags({{key, "2024-06-14T09:39:22Z"}}), "none") << key;
    for (const auto* value : {"1904-01-01T00:00:00.000000Z", "1970-01-01T00:00:00Z",
                              "1980-01-06T00:00:00Z", "2024", "soon", ""})
        EXPECT_EQ(start_by_tags({{"creation_time", value}}), "none") << value;
}

TEST(gather, androids_muxer_tells_the_end) {
    EXPECT_EQ(
        start_by_tags({{"creation_time", "2024-06-14T09:49:22Z"}, {"com.android.version", "14"}},
                      minutes(10)),
        "2024-06-14T11:39:22+02:00");
}

TEST(gather, a_title_that_is_a_recorders_name_is_read_and_any_other_is_not) {
    auto file = named("track01.m4a");
    file.tags = {{"title", "0d20240614113922p0205550101"}, {"artist", "Somebody"}};
    const auto out = with(file);
    EXPECT_EQ(out.numbers, Texts{"0205550101"});
    EXPECT_EQ(out.recorder, "d_p");
    EXPECT_EQ(out.sureness, Sureness::likely);
    file.tags = {{"title", "Mijn opname 2024-06-14 11.39.22"}};
    EXPECT_EQ(with(file).started, "");
}

TEST(gather, a_template_of_the_users_is_believed_before_our_own_reading) {
    auto file = named("20240614_113922.m4a");
    NamedFile by_template;
    by_template.names = {"Oma"};
    by_template.started = stamp_in("2024-06-14 23:00:00");
    file.by_template = by_template;
    const auto out = with(file);
    EXPECT_EQ(out.names, Texts{"Oma"});
    EXPECT_EQ(out.started, "2024-06-14T23:00:00+02:00");
}

TEST(gather, what_a_person_says_counts_before_all) {
    auto findings = with(named("20240614_113922.459+0200_in_+31205550101_Oma.oga")).findings;
    findings.push_back({Fact::name, "Tante Jo", Source::person, Sureness::sure, {}});
    const auto out = gathered(std::move(findings));
    EXPECT_EQ(out.names, Texts{"Tante Jo"});
    EXPECT_EQ(out.numbers, Texts{"+31205550101"});
}

}  // namespace
}  // namespace nk::importing
