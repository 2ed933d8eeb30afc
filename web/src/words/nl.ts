// Everything the window says in Dutch. The English twin has the same shape; the words are those of docs/LANGUAGE.md.
const count = (n: number, one: string, many: string) => `${n} ${n === 1 ? one : many}`;

export const nl = {
  code: 'nl', locale: 'nl-NL', languageName: 'Nederlands',
  and: 'en', decimal: ',',
  nav: {
    main: 'Hoofdmenu', skip: 'Naar de inhoud', calls: 'Gesprekken', people: 'Mensen', accounts: 'Accounts', log: 'Logboek', settings: 'Instellingen',
    listen: 'Luisteren', search: 'Zoeken', kept: 'Bewaard', signOut: 'Afmelden', signedInAs: (name: string) => `Aangemeld als ${name}`,
  },
  common: {
    save: 'Opslaan', cancel: 'Annuleren', close: 'Sluiten', remove: 'Verwijderen', edit: 'Wijzigen', add: 'Toevoegen', retry: 'Opnieuw proberen', back: 'Terug',
    more: 'Meer tonen', copy: 'Kopiëren', copied: 'Gekopieerd', saved: 'Opgeslagen', loading: 'Even geduld…', any: 'Alles', optional: 'mag leeg blijven', none: 'geen',
    language: 'Taal', required: 'Dit veld is nodig', refusedField: 'Dit kan zo niet', tooShort: (n: number) => `Gebruik ten minste ${n} tekens`, clear: 'Wissen',
  },
  trouble: {
    offlineTitle: 'Geen verbinding', offline: 'Naklank is nu niet te bereiken. Zodra de verbinding er weer is, gaat alles vanzelf verder. Wat u typte, is er nog.',
    offlineBar: 'Geen verbinding. Wat u typt, blijft staan.', failedTitle: 'Dit lukte niet', failed: 'Er ging iets mis bij het ophalen.',
    notFoundTitle: 'Dit is er niet', notFound: 'Deze bladzijde bestaat niet, of u mag haar niet zien.', notSaved: 'Niet opgeslagen. Wat u typte, staat er nog.',
    notAllowed: 'Dit mag u niet.', tooManyTries: (s: number) => `Te vaak geprobeerd. Wacht ${count(s, 'seconde', 'seconden')}.`, home: 'Naar de gesprekken',
  },
  // By the contract's types of problems; what is not here is told in general words.
  problems: {
    'wrong-password': 'Deze naam en dit wachtwoord horen niet bij elkaar.', 'wrong-code': 'Deze code is niet die van de laatste start van Naklank.', 'name-taken': 'Deze naam is al in gebruik.', 'number-taken': 'Een van deze nummers hoort al bij iemand anders.', 'not-yours': 'Dit is van iemand anders.',
    'no-sound': 'Van dit gesprek is geen geluid.', 'not-for-this-role': 'Dat mag u in uw rol niet.', 'not-written-down': 'Dit kon niet in het logboek komen, en daarom gebeurde het niet. Probeer het zo opnieuw.', busy: 'Het is nu te druk. Probeer het zo opnieuw.', 'too-many-tries': 'Te vaak geprobeerd. Wacht even.', limit: 'Er kunnen er niet meer bij.', 'link-closed': 'Deze link opent niets meer.', machine: 'Dit kan nu niet; de server schrijft in zijn logboek waarom.',
  } as Record<string, string>,
  endings: { bye: 'opgehangen', cancelled: 'de beller gaf het op', refused: 'niet aangenomen', 'timed-out': 'viel stil', 'capture-ended': 'de opname stopte', 'recorder-stopped': 'de opnemer viel stil' } as Record<string, string>,
  door: {
    signIn: 'Aanmelden', welcome: 'Welkom terug', name: 'Naam', password: 'Wachtwoord', show: 'Toon', hide: 'Verberg', showPassword: 'Toon wachtwoord', hidePassword: 'Verberg wachtwoord',
    wrong: 'Deze naam en dit wachtwoord horen niet bij elkaar.', code: 'Code van uw authenticator', codeWanted: 'Vul ook de code van uw authenticator in.',
    lostTitle: 'Meld u opnieuw aan', lost: 'U was te lang weg. Wat u typte, staat er nog.',
    motto: 'Wat er gezegd is, klinkt hier na.',
  },
  setUp: {
    title: 'Naklank opzetten', intro: 'Drie vragen en een account. Daarna kunt u luisteren.', forWhom: 'Voor wie is dit?',
    home: 'Voor thuis', homeHint: 'Uw eigen gesprekken en die van uw familie', company: 'Voor een bedrijf', companyHint: 'Medewerkers, teams en leidinggevenden',
    language: 'In welke taal?', where: 'Waar ligt het archief?', whereHint: 'Hier staan de opnames op deze machine. U kunt dit veranderen in het configuratiebestand.', whereUnknown: 'Dat vertelt de server niet.',
    account: 'Uw account', accountHint: 'U wordt de eigenaar: u mag alles instellen en uw eigen gesprekken horen.', name: 'Uw naam', numbers: 'Uw eigen telefoonnummers', numbersHint: 'Eén per regel, bijvoorbeeld +31201234567. Zo weet Naklank welke gesprekken van u zijn.',
    passwordHint: 'Ten minste 10 tekens. Een zinnetje is prima.', code: 'Code voor het opzetten', codeHint: 'Die staat in het venster waarin Naklank gestart is.', finish: 'Klaar, beginnen',
    already: 'Naklank is al opgezet.', notYetTitle: 'Nog niet opgezet', notYet: 'Open de link die Naklank bij de eerste start liet zien, of vul hier de code in.',
  },
  parts: { night: '’s\u00a0nachts', morning: '’s\u00a0ochtends', afternoon: '’s\u00a0middags', evening: '’s\u00a0avonds' },
  time: {
    today: 'Vandaag', yesterday: 'Gisteren', now: 'zojuist',
    seconds: (n: number) => count(n, 'seconde', 'seconden'), minutes: (n: number) => count(n, 'minuut', 'minuten'), hours: (n: number) => `${n} uur`,
    hoursAndMinutes: (h: number, m: number) => `${h} uur en ${count(m, 'minuut', 'minuten')}`, secondsShort: (s: string) => `${s} s`,
    ago: (what: string) => `${what} geleden`, at: (time: string) => `om ${time}`,
  },
  who: {
    with: (names: string) => `met ${names}`, unknown: 'onbekend nummer', you: 'u', together: 'Iedereen samen',
    called: (ours: string) => `belde ${ours}`, calledBy: (ours: string) => `gebeld door ${ours}`, youCalled: 'u belde', calledYou: 'belde u', and: (names: string) => `met ${names}`,
  },
  calls: {
    title: 'Gesprekken', search: 'Zoek op naam of nummer', total: (n: string, one: boolean) => `${n} ${one ? 'gesprek' : 'gesprekken'}`, filters: 'Filters', filtersOn: (n: number) => `Filters (${n})`, clearFilters: 'Alle filters wissen', removeFilter: (what: string) => `Filter wissen: ${what}`,
    emptyTitle: 'Nog geen gesprekken', empty: 'Zodra er een gesprek is opgenomen, staat het hier.', nothingTitle: 'Niets gevonden', nothing: 'Geen gesprek past bij wat u zoekt. Probeer minder letters of wis een filter.',
    list: 'Lijst van gesprekken', when: 'Wanneer', who: 'Wie', length: 'Lengte', about: 'Doel en labels', loadingMore: 'Meer gesprekken worden opgehaald…', end: 'Dit is het oudste gesprek.', endOther: 'Dit zijn ze allemaal.', noSound: 'geen geluid', notAnswered: 'niet opgenomen', notYours: 'niet voor u te horen',
    notes: (n: number) => count(n, 'notitie', 'notities'), kept: 'bewaard', sort: 'Volgorde', newest: 'Nieuwste eerst', oldest: 'Oudste eerst', longest: 'Langste eerst', shortest: 'Kortste eerst',
    from: 'Vanaf', to: 'Tot en met', person: 'Persoon', direction: 'Richting', purpose: 'Doel', door: 'Deur', tag: 'Label', number: 'Nummer',
    lengths: { any: 'Elke lengte', short: 'Korter dan 1 minuut', middle: '1 tot 5 minuten', long: '5 tot 15 minuten', longer: 'Langer dan 15 minuten', other: 'Zelf gekozen' },
    select: (what: string) => `Kies ${what}`, selected: (n: number) => `${count(n, 'gesprek', 'gesprekken')} gekozen`, unselect: 'Keuze wissen', addTag: 'Label toevoegen', tagAdded: (tag: string, n: number) => `Label ‘${tag}’ staat nu op ${count(n, 'gesprek', 'gesprekken')}.`, tagFailed: (n: number) => `Bij ${count(n, 'gesprek', 'gesprekken')} lukte het niet. Die zijn nog gekozen.`, newTag: 'Nieuw label', share: 'Link naar deze lijst kopiëren',
  },
  calm: {
    listenTitle: 'Luisteren', listenTo: (who: string, length: string, day: string) => `Luister naar ${who} – ${length} – ${day}`, searchTitle: 'Zoeken', searchHint: 'Typ een naam of een nummer', searchEmpty: 'Typ hierboven een naam, bijvoorbeeld die van iemand uit uw familie.',
    keptTitle: 'Bewaard', keptEmpty: 'U hebt nog geen gesprek bewaard. Open een gesprek en kies ‘Bewaar dit gesprek’.', more: 'Oudere gesprekken', open: (who: string) => `Open het gesprek met ${who}`,
  },
  call: {
    title: (who: string) => `Gesprek met ${who}`, play: 'Luisteren', pause: 'Pauze', stop: 'Stop', back15: '15 seconden terug', forward15: '15 seconden verder', back15s: '15 s terug', forward15s: '15 s verder', listen: 'Luister', position: 'Plaats in het gesprek', positionText: (at: string, of: string) => `${at} van ${of}`,
    speed: 'Snelheid', speedText: (s: string) => `${s}×`, skipSilence: 'Stiltes overslaan', apart: 'Stemmen links en rechts', volumeOf: (who: string) => `Hoe hard ${who} klinkt`, louder: 'Harder', softer: 'Zachter', soundFailed: 'Het geluid kan nu niet geladen worden.', loadingSound: 'Het geluid komt eraan…', noSound: 'Van dit gesprek is geen geluid.', notHeard: 'U mag zien dat dit gesprek er was, maar het niet horen.', peaksFailed: 'De geluidsgolven zijn er nu niet. Luisteren kan wel.',
    notes: 'Notities', noNotes: 'Nog geen notities. Druk tijdens het luisteren op N, of typ hieronder.', note: 'Notitie', noteAt: (at: string) => `Notitie bij ${at}`, noteAll: 'Notitie over het hele gesprek', atThisSecond: (at: string) => `Bij ${at} in het gesprek`, aboutAll: 'Over het hele gesprek', aboutWhat: 'Waar gaat de notitie over?', addNote: 'Notitie toevoegen', jumpTo: (at: string) => `Ga naar ${at}`, removeNote: 'Notitie verwijderen', editNote: 'Notitie wijzigen', changed: 'gewijzigd', all: 'hele gesprek', useNow: (at: string) => `Neem ${at}`,
    facts: 'Over dit gesprek', purpose: 'Doel', tags: 'Labels', noTags: 'geen labels', addTag: 'Label toevoegen', removeTag: (tag: string) => `Label verwijderen: ${tag}`, keep: 'Bewaar dit gesprek', isKept: 'Dit gesprek is bewaard', letGo: 'Niet langer bewaren', keepHint: 'Een bewaard gesprek wordt nooit vanzelf verwijderd.', download: 'Downloaden', share: 'Delen', more: 'Meer van dit gesprek',
    downloadTitle: 'Gesprek downloaden', downloadHint: 'Een download komt in het logboek.', flac: 'FLAC', flacHint: 'precies zoals opgenomen, half zo groot', wav: 'WAV', wavHint: 'speelt in elk programma',
    ledger: 'Is alles er?', everything: 'Alles wat ons bereikte, staat in deze opname.', voiceComplete: (who: string) => `Van ${who} is alles er.`, voiceMissing: (who: string, s: string, share: string) => `Van ${who} ontbreekt in totaal ${s} (${share}).`, allGaps: (n: number) => `Alle ${n} gaten tonen`, fewerGaps: 'Minder tonen', gapList: 'Wat er ontbreekt', oddities: 'Eigenaardigheden', events: 'Verloop', codec: 'Codec', basis: 'Grondslag', door: 'Deur', sha: 'Vingerafdruk van het geluid (SHA-256)', technical: 'Technische gegevens', packets: (n: string) => `${n} pakketten ontvangen`, conversation: 'Andere opnames van deze uitwisseling', started: 'Begin', ended: 'Einde', recording: 'Opname', times: (n: number) => `${n} keer`,
    keys: 'Toetsen', keysTitle: 'Alles met het toetsenbord', keysOn: 'Deze toetsen gebruiken', keysHint: 'Uit: dan doen losse letters niets, en werken alleen Tab, Enter en de pijlen op de tijdlijn.',
    keyList: { space: 'luisteren of pauze', left: '15 seconden terug', right: '15 seconden verder', home: 'naar het begin', next: 'naar de volgende notitie', previous: 'naar de vorige notitie', note: 'notitie bij deze seconde', slower: 'langzamer', faster: 'sneller', silence: 'stiltes overslaan aan of uit', help: 'deze uitleg' },
    keyNames: { space: 'Spatie', home: 'Home' },
  },
  gaps: {
    'not-begun': (s: string) => `hier was ${s} nog niets te horen: de deelnemer was er nog niet`, loss: (s: string) => `hier ontbreekt ${s}: kwijtgeraakt op het netwerk`, silence: (s: string) => `hier is het ${s} stil: de telefoon stuurde zelf niets`, hold: (s: string) => `hier staat het gesprek ${s} in de wacht`,
    paused: (s: string) => `hier zweeg de telefoon ${s}`, 'key-press': (s: string) => `hier klinkt ${s} een toets`, undecodable: (s: string) => `hier is ${s} wel bewaard, maar niet hoorbaar te maken`, 'dropped-by-us': (s: string) => `hier ontbreekt ${s}: deze machine kon het niet bijhouden`,
    withheld: (s: string) => `hier is ${s} achtergehouden: de opname was gepauzeerd`, 'clock-drift': (s: string) => `hier is ${s} ingevoegd: de klokken liepen ongelijk; er ontbreekt niets`, ended: (s: string) => `hier was ${s} niets meer te horen: de deelnemer was al weg`,
  },
  gapKinds: { 'not-begun': 'nog niet begonnen', loss: 'kwijt op het netwerk', silence: 'stilte', hold: 'in de wacht', paused: 'zweeg', 'key-press': 'toets', undecodable: 'niet hoorbaar', 'dropped-by-us': 'door ons gemist', withheld: 'achtergehouden', 'clock-drift': 'klokverschil', ended: 'afgelopen' },
  gapOf: (who: string, at: string, sentence: string) => `${at}, ${who}: ${sentence}`,
  oddities: {
    'ack-missing': 'De opnameclient heeft ons antwoord nooit bevestigd.', 'began-before-the-capture': 'Het gesprek was al bezig toen de opname begon.', 'bye-missing': 'Het gesprek viel stil zonder dat iemand zichtbaar ophing.',
    'capture-dropped-packets': 'De machine kon het verkeer even niet bijhouden.', 'capture-ended': 'De opname stopte terwijl het gesprek doorging.', 'clock-drift': 'De klok van een telefoon liep ongelijk; de stemmen zijn naast elkaar gehouden.', 'clock-leapt': 'De klok van de machine versprong; de tijdlijn loopt gewoon door.',
    'codec-guessed': 'Niemand noemde de codec; deze paste bij elk pakket.', 'duplicate-packets': 'Pakketten kwamen dubbel aan.', 'branches-left-out': 'Meer vertakkingen dan wij bijhouden; de rest is weggelaten.', 'codecs-left-out': 'Meer codecs dan wij bijhouden; de rest is weggelaten.', 'documents-left-out': 'Meer documenten dan wij bewaren; de rest is weggelaten.',
    'events-left-out': 'Meer gebeurtenissen dan wij bewaren; de rest is weggelaten.', 'key-presses-left-out': 'Meer toetsen dan wij bewaren; de rest is weggelaten.', 'parties-left-out': 'Meer deelnemers dan wij bijhouden; de rest is weggelaten.', 'ports-left-out': 'Meer poorten dan wij bijhouden; de rest is weggelaten.', 'streams-left-out': 'Meer stromen dan wij bijhouden; de rest is weggelaten.', 'tracks-left-out': 'Meer sporen dan wij bewaren; de rest is weggelaten.',
    'goes-on-in-another-recording': 'Het gesprek gaat verder in een andere opname.', 'journal-damaged': 'Een stuk van het journaal was beschadigd; die pakketten ontbreken.', 'key-presses-withheld': 'Er zijn toetsen ingedrukt terwijl de opname gepauzeerd was; welke, is niet bewaard.', 'media-encrypted': 'Het geluid is versleuteld en is niet hoorbaar te maken; het is wel bewaard.',
    'media-from-a-stranger': 'Er kwamen pakketten van een vreemde die niemand genoemd had; die zijn weggelaten.', 'media-from-unnamed-port': 'Pakketten kwamen van een poort die niemand genoemd had.', 'media-without-signalling': 'Wie wie belde, is niet bekend: er was alleen geluid.', 'metadata-malformed': 'De metadata volgen hun vorm niet; wat te lezen was, is gebruikt.', 'metadata-unreadable': 'De metadata zijn niet te lezen; ze zijn bewaard zoals ze kwamen.',
    'no-media': 'Er is opgenomen, maar er kwam geen geluid.', 'one-sided': 'Maar één van de deelnemers is gehoord.', 'recorder-stopped': 'De opnemer viel stil terwijl het gesprek liep.', 'samples-overlap': 'Pakketten bevatten meer geluid dan er plaats was; de overlap is weggelaten.', 'sdp-malformed': 'Een bericht over het geluid volgt zijn grammatica niet; het is zo goed mogelijk gebruikt.', 'sip-malformed': 'Een bericht volgt zijn grammatica niet; het is zo goed mogelijk gebruikt.',
    'sealed-anew': 'Deze opname vervangt een eerdere, gemaakt toen het journaal beschadigd was.', 'sender-paused': 'Een telefoon pauzeerde en ging verder zonder de tijd bij te houden.', 'sequence-restarted': 'Een telefoon begon midden in het gesprek opnieuw te tellen.', 'srtp-authentication-failed': 'Versleutelde pakketten waarop geen sleutel past; ze zijn bewaard, maar niet hoorbaar.', 'ssrc-changed': 'De bron van een stem wisselde; het spoor gaat door.',
    'timestamp-mended': 'Eén pakket had een verkeerde tijd; het is op zijn nummer geplaatst.', 'timestamps-leapt': 'De tijden van een telefoon versprongen; de stroom ging door op de tijd van de klok.', 'too-late': 'Pakketten kwamen toen hun plaats al geschreven was.', 'undecodable-codec': 'Voor deze codec hebben wij geen vertaler; het geluid is wel bewaard.',
  } as Record<string, string>,
  events: { invited: 'uitgenodigd', ringing: 'gaat over', 'early-media': 'geluid voor het opnemen', answered: 'opgenomen', held: 'in de wacht gezet', resumed: 'hervat', moved: 'verhuisd', ended: 'beëindigd', joined: 'erbij gekomen', left: 'weggegaan', 'recording-paused': 'opname gepauzeerd', 'recording-resumed': 'opname hervat', 'recorder-stopped': 'de opnemer viel stil' } as Record<string, string>,
  directions: { in: 'Binnengekomen', out: 'Uitgegaan', internal: 'Intern', unknown: 'Onbekend' },
  purposes: { wording: 'Exacte woorden', training: 'Training', agreement: 'Afspraak', memory: 'Herinnering', keepsake: 'Aandenken' },
  doors: { siprec: 'SIPREC', tap: 'Meeluisterpunt', bridge: 'Eigen lijn', import: 'Ingelezen' },
  bases: { 'capture-file': 'Opnamebestand', 'own-line': 'Eigen lijn', company: 'Lijnen van het bedrijf', warrant: 'Bevel' },
  share: {
    title: 'Gesprek delen', intro: 'Maak een link voor één persoon. Die kan luisteren zonder account, niet downloaden. Wie opent, komt in het logboek.', recipient: 'Voor wie?', recipientHint: 'Een naam of e-mailadres', days: 'Hoeveel dagen geldig?', word: 'Woord', wordHint: 'Wie de link opent, moet dit woord ook noemen. Geef het los van de link door. Mag leeg blijven.', make: 'Link maken',
    madeTitle: (who: string) => `De link voor ${who}`, once: 'U ziet deze link alleen nu. Kopieer hem en stuur hem zelf.', address: 'Link', another: 'Nog een link maken', list: 'Eerder gedeeld', nobody: 'Met niemand gedeeld.', notOpened: 'nog niet geopend', opened: (n: number, last: string) => `${n === 1 ? '1 keer geopend' : `${n} keer geopend`}, het laatst ${last}`, until: (day: string) => `geldig tot ${day}`, revoke: 'Intrekken', revokeOf: (who: string) => `Link van ${who} intrekken`, revoked: 'ingetrokken', over: 'verlopen', withWord: 'met woord',
  },
  shared: {
    title: (by: string) => `${by} deelt een gesprek met u`, for: (recipient: string) => `Voor ${recipient}`, until: (day: string) => `U kunt luisteren tot en met ${day}.`, seen: 'Wanneer u luistert, ziet de afzender dat. Downloaden kan niet.', listen: 'Luisteren', wordTitle: 'Deze link heeft een woord', wordIntro: 'De afzender heeft u een woord gegeven. Vul het hier in.', word: 'Woord', open: 'Openen', wordWrong: 'Dat is niet het woord.', goneTitle: 'Deze link opent niets meer', gone: 'De link is ingetrokken, verlopen of niet volledig overgenomen. Vraag de afzender om een nieuwe.',
  },
  people: {
    title: 'Mensen', add: 'Persoon toevoegen', addTitle: 'Nieuwe persoon', editTitle: (name: string) => `${name} wijzigen`, emptyTitle: 'Nog geen mensen', empty: 'Geef nummers een naam; dan staan de namen in de lijst in plaats van de nummers.', name: 'Naam', numbers: 'Telefoonnummers', numbersHint: 'Eén per regel', color: 'Kleur', calls: (n: number) => count(n, 'gesprek', 'gesprekken'), noCalls: 'nog geen gesprek', last: (when: string) => `laatst ${when}`, removeTitle: (name: string) => `${name} vergeten?`, removeHint: 'De gesprekken blijven; alleen de naam en de kleur verdwijnen.', forget: 'Vergeten', find: 'Zoek een naam',
    colors: ['petrol', 'steenrood', 'olijf', 'paars', 'framboos', 'blauw', 'oker', 'groen', 'lavendel', 'oranje', 'grijs', 'bruin'],
  },
  accounts: {
    title: 'Accounts', add: 'Account toevoegen', addTitle: 'Nieuw account', editTitle: (name: string) => `Account van ${name}`, name: 'Naam', roles: 'Rollen', rolesWanted: 'Kies ten minste één rol.', numbers: 'Eigen nummers', numbersHint: 'Eén per regel. Gesprekken met deze nummers zijn die van dit account.', team: 'Team', leads: 'Leidt of traint', leadsHint: 'Namen van teams, één per regel', disabled: 'Uitgeschakeld', disabledHint: 'Kan zich niet meer aanmelden. Notities en logboek blijven.', newPassword: 'Nieuw wachtwoord', newPasswordHint: 'Leeg laten om het oude te houden', face: 'Gezicht', isDisabled: 'uitgeschakeld', you: 'u',
    role: { owner: 'Eigenaar', manager: 'Leidinggevende', trainer: 'Trainer', employee: 'Medewerker', family: 'Familie', auditor: 'Toezichthouder', admin: 'Beheerder' },
    roleHint: { owner: 'stelt alles in en hoort eigen gesprekken', manager: 'hoort de gesprekken van de eigen teams', trainer: 'hoort trainingsgesprekken van de eigen teams', employee: 'hoort eigen gesprekken', family: 'hoort herinneringen en aandenkens van de familie', auditor: 'ziet het logboek, hoort niets', admin: 'beheert accounts, hoort daarmee nog niets' },
  },
  log: {
    title: 'Wie heeft wat gehoord', intro: 'Elke keer dat iemand luistert, downloadt, deelt of geweigerd wordt, staat hier. Niemand kan dit logboek veranderen.', empty: 'Er is nog niets gebeurd.', when: 'Wanneer', who: 'Wie', what: 'Wat', recording: 'Gesprek', fromAddress: (address: string) => `vanaf ${address}`, part: (from: string, to: string) => `van ${from} tot ${to}`, filterWho: 'Van wie', filterWhat: 'Wat', openCall: (moment: string) => `Gesprek van ${moment}`, older: 'Ouder', system: 'Naklank zelf',
    events: { hearing: 'begon te luisteren', heard: 'luisterde', downloaded: 'downloadde', shared: 'deelde', denied: 'werd geweigerd', 'link-opened': 'opende een link', 'link-revoked': 'trok een link in', changed: 'wijzigde een gesprek', noted: 'schreef een notitie', 'note-changed': 'wijzigde een notitie', 'note-removed': 'verwijderde een notitie', 'signed-in': 'meldde zich aan', 'signed-out': 'meldde zich af', 'sign-in-refused': 'kon zich niet aanmelden', 'set-up': 'zette Naklank op', 'account-added': 'voegde een account toe', 'account-changed': 'wijzigde een account', 'person-added': 'voegde een persoon toe', 'person-changed': 'wijzigde een persoon', 'person-removed': 'vergat een persoon' } as Record<string, string>,
  },
  settings: {
    title: 'Instellingen', face: 'Gezicht', faceHint: 'Hoe Naklank er voor u uitziet', calm: 'Rustig', calmHint: 'Grote letters, weinig tegelijk, alles in woorden', full: 'Volledig', fullHint: 'Tabel, filters en bijzonderheden', language: 'Taal', password: 'Wachtwoord wijzigen', oldPassword: 'Huidig wachtwoord', newPassword: 'Nieuw wachtwoord', changePassword: 'Wachtwoord wijzigen', passwordChanged: 'Uw wachtwoord is gewijzigd.', numbers: 'Uw eigen nummers', more: 'Verder', wrongOld: 'Het huidige wachtwoord klopt niet.',
  },
};

export type Words = typeof nl;
