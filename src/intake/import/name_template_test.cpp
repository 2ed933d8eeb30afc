#include "intake/import/name_template.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/rfc3339.h"
#include "intake/import/import_limits.h"
#include "intake/import/testing_zone.h"

namespace nk::importing {
namespace {

using testing::DutchZone;

NameTemplate made(std::string_view text) {
    auto out = NameTemplate::compile(text);
    EXPECT_TRUE(out) << text << ": " << out.error().what;
    return out ? *std::move(out) : *NameTemplate::compile(bcr_default_template);
}

std::string joined(const std::vector<std::string>& texts) {
    std::string out;
    for (const auto& text : texts)
        out.append(out.empty() ? "" : ",").append(text);
    return out;
}

// "time direction sim numbers names": what is not there is a dash; "no" when it does not fit.
std::string read(std::string_view text, std::string_view name) {
    const auto named = made(text).read(name);
    if (!named)
        return "no";
    const auto sim = named->extras.find("sim");
    std::string out;
    for (const auto& one :
         {named->started
              ? started(*named->started, DutchZone(), call::Source::file_name, call::Sureness::sure)
                    .value
              : std::string{},
          named->direction, sim == named->extras.end() ? std::string{} : sim->second,
          joined(named->numbers), joined(named->names)})
        out.append(out.empty() ? "" : " ").append(one.empty() ? "-" : one);
    return out;
}

std::string error_of(std::string_view text) {
    const auto out = NameTemplate::compile(text);
    return out ? "none" : out.error().what;
}

NameFacts facts() {
    NameFacts out;
    out.started = wall_time_in("2024-06-14T09:39:22.45Z").value();
    out.offset_s = 7200;
    out.zone_name = "Europe/Amsterdam";
    out.direction = "in";
    out.numbers = {"+31205550101"};
    out.contact_names = {"Oma"};
    return out;
}

std::string write(std::string_view text, const NameFacts& some) {
    const auto out = made(text).write(some);
    return out ? *out : "refused: " + out.error().what;
}

TEST(name_template, bcrs_default_reads_bcrs_names) {
    EXPECT_EQ(read(bcr_default_template, "20240614_113922.45+0200_in_sim2_+31205550101_Oma.oga"),
              "2024-06-14T11:39:22.450+02:00 in 2 +31205550101 Oma");
    EXPECT_EQ(read(bcr_default_template, "20240614_113922+0000.oga"),
              "2024-06-14T11:39:22+00:00 - - - -");
    EXPECT_EQ(read(bcr_default_template, "20240614_113922+0200_out__21#.oga"),
              "2024-06-14T11:39:22+02:00 out - *21# -");
    EXPECT_EQ(read(bcr_default_template, "20240614_113922+0200_out_(020) 555-01.01_Oma.oga"),
              "2024-06-14T11:39:22+02:00 out - 0205550101 Oma");
    EXPECT_EQ(read(bcr_default_template, "20240614_113922+0200_in_unknown.oga"),
              "2024-06-14T11:39:22+02:00 in - - -");
    EXPECT_EQ(read(bcr_default_template, "20240614_113922+0200_conference_112,144_Jan,Oma.oga"),
              "2024-06-14T11:39:22+02:00 conference - 112,144 Jan,Oma");
    EXPECT_EQ(read(bcr_default_template, "opa zingt.mp3"), "no");
    EXPECT_EQ(read(bcr_default_template, "20241399_113922+0200_in.oga"), "no");
}

TEST(name_template, reads_dates_in_javas_patterns) {
    for (const auto& [pattern, name] : std::vector<std::pair<std::string, std::string>>{
             {"yyyy-MM-dd @ h.mm.ss a", "2024-06-14 @ 11.39.22 AM"},
             {"yyyy-MM-dd_HH:mm:ss", "2024-06-14_11_39_22"},
             {"d MMM yyyy HH.mm.ss", "14 Jun 2024 11.39.22"},
             {"EEEE d MMMM yyyy 'om' HH.mm.ss", "Friday 14 juni 2024 om 11.39.22"},
             {"yyMMddHHmmss", "240614113922"},
             {"yyyyMMdd'T'HHmmssXXX", "20240614T113922+02:00"},
             {"yyyyMMdd'T'HHmmssX", "20240614T093922Z"},
             {"yyyyMMddHHmmssZ", "20240614113922+0200"},
             {"unix_s", "1718357962"},
             {"unix_ms", "1718357962000"},
             {"yyyy-MM-dd HH.mm.ss VV", "2024-06-14 11.39.22 Europe_Amsterdam"},
             {"yyyy'''s' MM dd HH mm ss", "2024's 06 14 11 39 22"}})
        EXPECT_EQ(read("{date:" + pattern + "}[_{phone_number}|]", name + "_112.oga"),
                  "2024-06-14T11:39:22+02:00 - - 112 -")
            << pattern;
}

TEST(name_template, reads_folders_when_it_has_some) {
    const auto* text = "{date:yyyy/MM/dd}/{contact_name}/{date:HHmmss}";
    EXPECT_EQ(read(text, "anything/2024/06/14/Oma/113922.m4a"),
              "2024-06-14T11:39:22+02:00 - - - Oma");
    EXPECT_EQ(read(text, "06/14/Oma/113922.m4a"), "no");
}

TEST(name_template, reads_what_bcr_guis_words_say) {
    EXPECT_EQ(read("{contact_name}@{phone_number}_{date:year}{date:month}{date:day}{date:hours}"
                   "{date:minutes}{date:seconds}",
                   "Jan de Boer@0612345678_20240614113922.amr"),
              "2024-06-14T11:39:22+02:00 - - 0612345678 Jan de Boer");
    EXPECT_EQ(read("{date:year}-{date:month}-{date:day} {date:hours}.{date:minutes} {date:ampm} "
                   "{date:tzHours}{date:tzMinutes}",
                   "2024-06-14 05.39 PM -0330.amr"),
              "2024-06-14T17:39:00-03:30 - - - -");
}

TEST(name_template, reads_patterns_as_bcr_gui_has_them) {
    EXPECT_EQ(read("^{date}(_{direction})?(_sim{sim_slot})?_{phone_number}(_{contact_name})?",
                   "20240614_113922.45+0200_in_sim1_+31205550101_Oma.oga"),
              "2024-06-14T11:39:22.450+02:00 in 1 +31205550101 Oma");
    EXPECT_EQ(read("^{contact_name}-{date:year2}{date:month}{date:day}{date:hours}{date:minutes}",
                   "Oma-2406141139.mp3"),
              "2024-06-14T11:39:00+02:00 - - - Oma");
    EXPECT_EQ(read(R"(^[A-Z]{2,4}\d+ {phone_number} {date:unix_s})", "REC12 112 1718357962.mp3"),
              "2024-06-14T11:39:22+02:00 - - 112 -");
    EXPECT_EQ(write("^{date}", facts()),
              "refused: a pattern that begins with ^ reads names and writes none");
}

TEST(name_template, passes_over_what_any_says) {
    EXPECT_EQ(read("{any} met {contact_name} op {date:dd-MM-yyyy HH.mm}",
                   "Gesprek 12 met Oma op 14-06-2024 11.39.mp3"),
              "2024-06-14T11:39:00+02:00 - - - Oma");
}

TEST(name_template, escapes_take_the_meaning_away) {
    EXPECT_EQ(read(R"(\[{contact_name}\]_{date:unix_s}_a\\b\{c\}\|)", "[Oma]_1718357962_a_b{c}_"),
              "2024-06-14T11:39:22+02:00 - - - Oma");
    EXPECT_EQ(write(R"(\[{contact_name}\]\{\}\|\\)", facts()), "[Oma]{}__");
}

TEST(name_template, writes_bcrs_names) {
    auto some = facts();
    EXPECT_EQ(write(bcr_default_template, some), "20240614_113922.45+0200_in_+31205550101_Oma");
    some.sim_slot = 1;
    EXPECT_EQ(write("{direction}[_sim{sim_slot}|]", some), "in");
    EXPECT_EQ(write("{direction}[_sim{sim_slot:always}|]", some), "in_sim1");
    some.has_several_sims = true;
    EXPECT_EQ(write("{direction}[_sim{sim_slot}|]", some), "in_sim1");
    some.contact_names.clear();
    some.call_log_name = "Bakker & zn.";
    some.numbers = {"*21#"};
    EXPECT_EQ(write(bcr_default_template, some),
              "20240614_113922.45+0200_in_sim1__21#_Bakker & zn.");
    some.numbers.clear();
    some.direction.clear();
    some.call_log_name.clear();
    some.started = wall_time_in("2024-06-14T09:39:22Z").value();
    some.offset_s = 0;
    EXPECT_EQ(write(bcr_default_template, some), "20240614_093922+0000_sim1");
}

TEST(name_template, writes_dates_in_javas_patterns) {
    EXPECT_EQ(write("{date:EEE d MMM yyyy, h.mm a 'in' VV}", facts()),
              "Fri 14 Jun 2024, 11.39 AM in Europe/Amsterdam");
    EXPECT_EQ(write("{date:yy M dd HH:mm:ss.SSS XXX}", facts()), "24 6 14 11_39_22.450 +02_00");
    auto noon = facts();
    noon.started = wall_time_in("2024-06-14T10:05:00Z").value();
    EXPECT_EQ(write("{date:h hh K k H a}", noon), "12 12 0 12 12 PM");
    noon.started = wall_time_in("2024-06-13T22:05:00Z").value();
    EXPECT_EQ(write("{date:h hh K k H a}", noon), "12 12 0 24 0 AM");
    EXPECT_EQ(write("{date:unix_ms}", facts()), "1718357962450");
    EXPECT_EQ(write("{date:MMMM EEEE X x Z}", facts()), "June Friday +02 +02 +0200");
}

TEST(name_template, only_a_date_and_the_template_make_folders) {
    auto some = facts();
    some.contact_names = {"Jan/Oma: \"<hier>\""};
    EXPECT_EQ(write("{date:yyyy/MM}/{contact_name}/x", some), "2024/06/Jan_Oma_ __hier__/x");
    some.contact_names = {".."};
    EXPECT_EQ(write("{contact_name}/./x//y", some), "x/y");
}

TEST(name_template, of_alternatives_the_first_that_is_known_is_written) {
    auto some = facts();
    EXPECT_EQ(write("[{caller_name}|{contact_name}|niemand]", some), "Oma");
    some.contact_names.clear();
    EXPECT_EQ(write("[{caller_name}|{contact_name}|niemand]", some), "niemand");
    EXPECT_EQ(write("[[{caller_name}|{contact_name}]_x|y]", some), "y");
    EXPECT_EQ(write("{contact_name}", some),
              "refused: the template needs {contact_name}, which is not known of this call; "
              "[{contact_name}|] does without");
}

TEST(name_template, errors_say_where_and_what) {
    EXPECT_EQ(error_of("Oma é {dat}"),
              "at letter 7: there is no variable {dat}; there are date, direction, sim_slot, "
              "phone_number, contact_name, caller_name, call_log_name, any");
    EXPECT_EQ(error_of("{date"), "at letter 1: a { has no } that ends it");
    EXPECT_EQ(error_of("{date}[x"), "at letter 7: a [ has no ] that ends it");
    EXPECT_EQ(error_of("{date}]"),
              "at letter 7: ] stands alone; with \\ in front of it, it is itself");
    EXPECT_EQ(error_of("{date}|"),
              "at letter 7: | stands alone; with \\ in front of it, it is itself");
    EXPECT_EQ(error_of("a\\b{date}"), "at letter 2: \\ stands in front of \\ { } [ ] or | alone");
    EXPECT_EQ(error_of("{direction:x}"), "at letter 1: {direction} has nothing behind a colon");
    EXPECT_EQ(error_of("{phone_number:x}"),
              "at letter 1: {phone_number} knows E.164, international, national, digits_only, "
              "formatted behind its colon, and not \"x\"");
    EXPECT_EQ(error_of("{date:yyyy-QQ}"),
              "at letter 1: the letter Q of a date is not known here; y M d H h m s S a E Z X x "
              "VV are");
    EXPECT_EQ(error_of("{date:yyyy 'x}"),
              "at letter 1: a text in a date begins with ' and does not end with it");
    EXPECT_EQ(error_of("Oma"), "the template has no variable that says anything, like {date}");
    EXPECT_EQ(error_of("{any}"), "the template has no variable that says anything, like {date}");
    EXPECT_NE(error_of("^(?=x){date}"), "none");
    EXPECT_NE(error_of("^({date}"), "none");
    EXPECT_NE(error_of(std::string(limits::template_bytes_max + 1, 'x')), "none");
    EXPECT_NE(error_of(std::string(20, '[') + "{date}" + std::string(20, ']')), "none");
}

TEST(name_template, a_preview_tells_what_each_name_gives) {
    const std::vector<std::string> names{"Oma 1718357962.mp3", "anders.mp3"};
    const auto rows = preview(made("{contact_name} {date:unix_s}"), names);
    ASSERT_EQ(rows.size(), 2U);
    EXPECT_EQ(rows[0].file_name, names[0]);
    ASSERT_TRUE(rows[0].read);
    EXPECT_EQ(rows[0].read->names, std::vector<std::string>{"Oma"});
    EXPECT_FALSE(rows[1].read);
}

RC_GTEST_PROP(name_template, what_bcrs_default_writes_it_reads_back, ()) {
    NameFacts some;
    some.started =
        WallTime{*rc::gen::inRange<std::int64_t>(1'000'000'000, 2'000'000'000) * 1'000'000'000 +
                 *rc::gen::inRange<std::int64_t>(0, 999) * 1'000'000};
    some.offset_s = *rc::gen::inRange(-44, 50) * 900;
    some.direction = *rc::gen::element<std::string>("in", "out", "");
    if (*rc::gen::arbitrary<bool>())
        some.numbers = {"+31" + std::to_string(*rc::gen::inRange(100'000'000, 999'999'999))};
    if (*rc::gen::arbitrary<bool>())
        some.contact_names = {*rc::gen::element<std::string>("Oma", "Jan de Boer", "Ærø")};
    const auto text = made(bcr_default_template).write(some).value();
    const auto named = made(bcr_default_template).read(text + ".oga");
    RC_ASSERT(named.has_value());
    RC_ASSERT(moment_of(*named->started, FixedZone(0)) == some.started);
    RC_ASSERT(named->started->offset_s == some.offset_s);
    RC_ASSERT(named->direction == some.direction);
    RC_ASSERT(named->numbers == some.numbers);
    RC_ASSERT(named->names == some.contact_names);
}

}  // namespace
}  // namespace nk::importing
