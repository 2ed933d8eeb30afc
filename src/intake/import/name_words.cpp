// The words of name_text.h. What telephones and apps write in front of names differs by language
// and by version, and no maker publishes it: these are what people's files show, and what the
// words mean. A folder that has another one teaches it (file_name.h).

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "intake/import/name_text.h"

namespace nk::importing {

namespace {

// In front of a name or a number, and never part of one.
constexpr std::string_view prefixes =
    "Call recording|Call recordings|Call record|CallRecord|CallRecording|Recorded call|"
    "Phone call recording|Phone recording|Phone call|Voice call|Gespreksopname|"
    "Gespreksopnamen|Gespreksopnames|Gesprekopname|Oproepopname|Oproepopnamen|"
    "Oproep opname|Opname gesprek|Opname van gesprek|Opname oproep|Opname van oproep|"
    "Opgenomen gesprek|Opgenomen oproep|Gesprek opnemen|Oproep opnemen|Telefoongesprek|"
    "Telefoonopname|Belopname|Anrufaufzeichnung|Anrufaufnahme|Anruf-Aufnahme|"
    "Gesprächsaufnahme|Gesprächsaufzeichnung|Aufgezeichneter Anruf|Telefonaufnahme|"
    "Anruf aufzeichnen|Aufnahme Anruf|Enregistrement d'appel|Enregistrement d’appel|"
    "Enregistrement de l'appel|Enregistrement de l’appel|Enregistrement appel|"
    "Enregistrement des appels|Enregistrement téléphonique|Appel enregistré|"
    "Grabación de llamada|Grabación de llamadas|Grabación llamada|Grabacion de llamada|"
    "Llamada grabada|Registrazione chiamata|Registrazione chiamate|"
    "Registrazione della chiamata|Registrazione di chiamata|Chiamata registrata|"
    "Gravação de chamada|Gravação de chamadas|Gravação da chamada|Gravação de ligação|"
    "Chamada gravada|Înregistrare apel|Înregistrarea apelului|Înregistrare apeluri|"
    "Запись вызова|Запись вызовов|Запись звонка|Запись звонков|Запись разговора|"
    "Записанный вызов|Запис виклику|Запис дзвінка|Запис розмови|Запис на обаждане|"
    "Запис на разговор|Nagranie rozmowy|Nagranie połączenia|Nagrywanie połączeń|"
    "Nagrywanie rozmów|Nahrávka hovoru|Záznam hovoru|Nahrávání hovorů|Nahrávanie hovoru|"
    "Snimak poziva|Snimka poziva|Snimanje poziva|Posnetek klica|Skambučio įrašas|"
    "Zvana ieraksts|Samtalsinspelning|Inspelat samtal|Inspelning av samtal|"
    "Opkaldsoptagelse|Optagelse af opkald|Samtaleopptak|Opptak av samtale|"
    "Puhelun tallenne|Puhelutallenne|Kõne salvestis|Hívásrögzítés|Hívásfelvétel|"
    "Εγγραφή κλήσης|Ηχογράφηση κλήσης|Arama kaydı|Çağrı kaydı|Görüşme kaydı|통화 녹음|통화녹음|"
    "通話録音|通話の録音|通話 録音|通话录音|通話錄音|电话录音|電話錄音|Ghi âm cuộc gọi|Rekaman "
    "panggilan|"
    "Perekaman panggilan|Rakaman panggilan|บันทึกการโทร|บันทึกเสียงการโทร|कॉल रिकॉर्डिंग|"
    "تسجيل المكالمة|تسجيل مكالمة|تسجيل المكالمات|הקלטת שיחה|ضبط تماس|ضبط مکالمه";

// These alone, where a name could have stood; in front of other words they may be part of a name.
constexpr std::string_view lone_prefixes =
    "Call|Calls|Phone|Gesprek|Oproep|Bellen|Anruf|Gespräch|Appel|Llamada|Chiamata|"
    "Chamada|Ligação|Apel|Вызов|Звонок|Виклик|Дзвінок|Обаждане|Połączenie|Rozmowa|Hovor|"
    "Poziv|Klic|Arama|Çağrı|Samtal|Opkald|Samtale|Puhelu|Hívás|Κλήση|통화|通話|通话|电话|電話|来电|"
    "去电|Panggilan|Cuộc gọi|โทร|कॉल|مكالمة|المكالمة|שיחה|تماس";

constexpr std::string_view stop_words =
    "audio|aud|von|from|to|naar|an|with|img|vid|pxl|mvi|dsc|rec|record|recording|recordings|"
    "recorder|voice|"
    "voicenote|voicememo|note|memo|memos|sound|track|file|untitled|copy|new|my|mic|"
    "standard|default|auto|mono|stereo|opname|opnames|opnemen|nieuwe|spraak|spraakmemo|"
    "spraakopname|geluid|kopie|stem|aufnahme|neue|sprachaufnahme|sprachmemo|"
    "enregistrement|nouvel|vocal|grabación|grabacion|nueva|nota|voz|registrazione|nuova|"
    "gravação|запись|новая|голос|диктофон|nagranie|nowe|kayıt|ses|녹음|음성|录音|新录音|録音|"
    "新規録音|"
    "at|om|um|the|a|of|van|met|mit|with|screen|video|part|deel|unknown|telefoon|phone|"
    "tel|mobile|mobiel|call|calls|gesprek|gesprekken|oproep|anruf|appel|llamada|chiamata|"
    "chamada|вызов|звонок|통화|通话|通話|wa|gsm";

constexpr std::string_view withheld_words =
    "unknown|unknown number|unknown caller|unknown contact|null|none|private|"
    "private number|private caller|anonymous|withheld|number withheld|restricted|"
    "no number|no caller id|hidden|hidden number|blocked|unavailable|n/a|undefined|-1|-2|"
    "onbekend|onbekend nummer|onbekende beller|anoniem|privé|privénummer|privé-nummer|"
    "afgeschermd|afgeschermd nummer|verborgen|verborgen nummer|nummer onbekend|"
    "geen nummer|geheim|geheim nummer|unbekannt|anonym|unbekannte nummer|unterdrückt|"
    "privat|inconnu|numéro inconnu|masqué|numéro masqué|anonyme|numéro privé|desconocido|"
    "número desconocido|número privado|privado|anónimo|oculto|sconosciuto|anonimo|"
    "privato|desconhecido|неизвестный|неизвестный номер|неизвестно|скрытый номер|"
    "номер скрыт|невідомий|nieznany|numer prywatny|prywatny|zastrzeżony|bilinmeyen|"
    "gizli numara|özel numara|알 수 없음|발신번호 표시제한|未知|未知号码|私人号码|非通知|不明";

struct Directions {
    std::string_view direction;
    bool is_short;
    std::string_view words;
};

constexpr std::array directions{
    Directions{"in", true, "in"},
    Directions{"out", true, "out|uit"},
    Directions{
        "in", false,
        "↓|↙|↘|←|incoming|inbound|received|incall|inkomend|inkomende|ingaand|ingaande|"
        "binnenkomend|binnenkomende|ontvangen|eingehend|eingehender|eingehende|ankommend|"
        "entrant|reçu|entrante|entrada|recibida|in arrivo|recebida|входящий|входящая|вхідний|"
        "przychodzące|příchozí|gelen|inkommande|indgående|수신|呼入|来电|着信"},
    Directions{
        "out", false,
        "↑|↗|→|outgoing|outbound|placed|dialed|dialled|outcall|gebeld|uitgaand|uitgaande|"
        "ausgehend|ausgehender|ausgehende|abgehend|sortant|émis|saliente|realizada|in uscita|"
        "uscita|efetuada|исходящий|исходящая|вихідний|wychodzące|odchozí|giden|utgående|"
        "udgående|발신|呼出|去电|発信"},
    Directions{"conference", false, "conference|conferentie|groepsgesprek|konferenz|conférence"},
    Directions{"conference", true, "conf"},
};

constexpr std::array<std::string_view, 12> months{
    "january|jan|januari|januar|janvier|enero|ene|gennaio|gen",
    "february|feb|februari|februar|février|febrero|febbraio",
    "march|mar|maart|mrt|märz|mär|mars|marzo",
    "april|apr|avril|abril|abr|aprile",
    "may|mei|mai|mayo|maggio|mag",
    "june|jun|juni|juin|junio|giugno|giu",
    "july|jul|juli|juillet|julio|luglio|lug",
    "august|aug|augustus|août|agosto|ago",
    "september|sep|sept|septembre|septiembre|settembre|set",
    "october|oct|okt|oktober|octobre|octubre|ottobre|ott",
    "november|nov|novembre|noviembre",
    "december|dec|dezember|dez|décembre|déc|diciembre|dic|dicembre",
};

std::vector<std::string> split(std::string_view words) {
    std::vector<std::string> out;
    while (!words.empty()) {
        const auto end = std::min(words.find('|'), words.size());
        out.push_back(folded(words.substr(0, end)));
        words.remove_prefix(std::min(end + 1, words.size()));
    }
    return out;
}

std::vector<std::string> longest_first(std::string_view words) {
    auto out = split(words);
    std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) {
        return a.size() != b.size() ? a.size() > b.size() : a < b;
    });
    return out;
}

using Words = std::set<std::string, std::less<>>;

Words set_of(std::string_view words) {
    const auto all = split(words);
    return {all.begin(), all.end()};
}

constexpr std::string_view joints = " _-@:,.";

// How many bytes of `text` have that folded form: folding may change how many a letter has, so the
// fronts of `text` are tried from letter to letter.
std::size_t bytes_of_front(std::string_view text, std::string_view folded_front) {
    const std::size_t guess = folded_front.size();
    if (guess <= text.size() && folded(text.substr(0, guess)) == folded_front)
        return guess;
    for (std::size_t end = 1; end <= std::min(text.size(), 2 * guess); ++end) {
        const bool is_letters_end =
            end == text.size() || (static_cast<unsigned char>(text[end]) & 0xc0U) != 0x80;
        if (is_letters_end && folded(text.substr(0, end)) == folded_front)
            return end;
    }
    return 0;
}

}  // namespace

bool is_withheld(std::string_view text) {
    static const Words words = set_of(withheld_words);
    return words.contains(folded(trimmed(text, " _<>()")));
}

bool is_stop_word(std::string_view word) {
    static const Words words = set_of(stop_words);
    const auto without_number = trimmed(word, "0123456789");
    return without_number.empty() || words.contains(folded(without_number));
}

DirectionWord direction_of(std::string_view word) {
    static const auto known = [] {
        std::map<std::string, DirectionWord, std::less<>> out;
        for (const auto& some : directions)
            for (auto& one : split(some.words))
                out.emplace(std::move(one), DirectionWord{some.direction, some.is_short});
        return out;
    }();
    const auto found = known.find(folded(word));
    return found == known.end() ? DirectionWord{} : found->second;
}

int month_named(std::string_view word) {
    static const auto known = [] {
        std::map<std::string, int, std::less<>> out;
        for (std::size_t i = 0; i < months.size(); ++i)
            for (auto& one : split(months[i]))
                out.emplace(std::move(one), static_cast<int>(i) + 1);
        return out;
    }();
    const auto found = known.find(folded(trimmed(word, ".")));
    return found == known.end() ? 0 : found->second;
}

std::string_view without_prefix(std::string_view text, std::string_view learnt) {
    static const auto known = longest_first(prefixes);
    static const Words lone = set_of(lone_prefixes);
    if (!learnt.empty() && text.starts_with(learnt))
        return trimmed(text.substr(learnt.size()), joints);
    const std::string lower = folded(text);
    for (const auto& prefix : known) {
        if (!lower.starts_with(prefix))
            continue;
        const bool is_all = lower.size() == prefix.size();
        if (is_all || joints.find(lower[prefix.size()]) != std::string_view::npos) {
            const auto rest = text.substr(bytes_of_front(text, prefix));
            return rest.empty() ? rest : rest.substr(1);
        }
    }
    return lone.contains(lower) ? std::string_view{} : text;
}

bool is_prefix(std::string_view text) {
    return without_prefix(trimmed(text)).empty();
}

}  // namespace nk::importing
