// Everything the window says in English; the shape is that of the Dutch twin.
import type { Words } from './nl';

const count = (n: number, one: string, many: string) => `${n} ${n === 1 ? one : many}`;

export const en: Words = {
  code: 'en', locale: 'en-GB', languageName: 'English',
  and: 'and', decimal: '.',
  nav: {
    main: 'Main menu', skip: 'To the content', calls: 'Calls', people: 'People', accounts: 'Accounts', log: 'Log', settings: 'Settings',
    listen: 'Listen', search: 'Search', kept: 'Kept', signOut: 'Sign out', signedInAs: (name) => `Signed in as ${name}`,
  },
  common: {
    save: 'Save', cancel: 'Cancel', close: 'Close', remove: 'Remove', edit: 'Change', add: 'Add', retry: 'Try again', back: 'Back',
    more: 'Show more', copy: 'Copy', copied: 'Copied', saved: 'Saved', loading: 'One moment…', any: 'All', optional: 'may stay empty', none: 'none',
    language: 'Language', required: 'This field is needed', refusedField: 'This cannot be taken', tooShort: (n) => `Use at least ${n} characters`, clear: 'Clear',
  },
  trouble: {
    offlineTitle: 'No connection', offline: 'Naklank cannot be reached now. As soon as the connection is back, everything goes on by itself. What you typed is still here.',
    offlineBar: 'No connection. What you type stays.', failedTitle: 'That did not work', failed: 'Something went wrong while fetching.',
    notFoundTitle: 'This is not here', notFound: 'This page does not exist, or you may not see it.', notSaved: 'Not saved. What you typed is still here.',
    notAllowed: 'You may not do this.', tooManyTries: (s) => `Too many tries. Wait ${count(s, 'second', 'seconds')}.`, home: 'To the calls',
  },
  problems: {
    'wrong-password': 'This name and this password do not belong together.', 'wrong-code': 'This is not the code of Naklank’s latest start.', 'name-taken': 'This name is taken.', 'number-taken': 'One of these numbers is somebody else’s.', 'not-yours': 'This is somebody else’s.',
    'no-sound': 'There is no sound of this call.', 'not-for-this-role': 'Your role does not allow that.', 'not-written-down': 'This could not be written in the log, and so it was not done. Try again in a moment.', busy: 'Too much is asked just now. Try again in a moment.', 'too-many-tries': 'Too many tries. Wait a little.', limit: 'There is no room for more.', 'link-closed': 'This link opens nothing any more.', machine: 'This cannot be done just now; the server’s log says why.',
  },
  endings: { bye: 'hung up', cancelled: 'the caller gave up', refused: 'refused', 'timed-out': 'fell silent', 'capture-ended': 'the recording stopped', 'recorder-stopped': 'the recorder was cut off' },
  door: {
    signIn: 'Sign in', welcome: 'Welcome back', name: 'Name', password: 'Password', show: 'Show', hide: 'Hide', showPassword: 'Show password', hidePassword: 'Hide password',
    wrong: 'This name and this password do not belong together.', code: 'Code of your authenticator', codeWanted: 'Fill in the code of your authenticator, too.',
    lostTitle: 'Sign in again', lost: 'You were away too long. What you typed is still here.',
    motto: 'What was said lingers here.',
  },
  setUp: {
    title: 'Setting up Naklank', intro: 'Three questions and an account. Then you can listen.', forWhom: 'For whom is this?',
    home: 'For home', homeHint: 'Your own calls and those of your family', company: 'For a company', companyHint: 'Employees, teams and managers',
    language: 'In which language?', where: 'Where does the archive lie?', whereHint: 'Here the recordings are kept on this machine. You can change it in the configuration file.', whereUnknown: 'The server does not say.',
    account: 'Your account', accountHint: 'You become the owner: you may set up everything, and hear your own calls.', name: 'Your name', numbers: 'Your own telephone numbers', numbersHint: 'One a line, for example +31201234567. That is how Naklank knows which calls are yours.',
    passwordHint: 'At least 10 characters. A short sentence is fine.', code: 'Code for setting up', codeHint: 'It is shown in the window in which Naklank was started.', finish: 'Done, begin',
    already: 'Naklank has been set up already.', notYetTitle: 'Not set up yet', notYet: 'Open the link that Naklank showed at its first start, or fill in the code here.',
  },
  parts: { night: 'at night', morning: 'in the morning', afternoon: 'in the afternoon', evening: 'in the evening' },
  time: {
    today: 'Today', yesterday: 'Yesterday', now: 'just now',
    seconds: (n) => count(n, 'second', 'seconds'), minutes: (n) => count(n, 'minute', 'minutes'), hours: (n) => count(n, 'hour', 'hours'),
    hoursAndMinutes: (h, m) => `${count(h, 'hour', 'hours')} and ${count(m, 'minute', 'minutes')}`, secondsShort: (s) => `${s} s`,
    ago: (what) => `${what} ago`, at: (time) => `at ${time}`,
  },
  who: {
    with: (names) => `with ${names}`, unknown: 'unknown number', you: 'you', together: 'Everybody together',
    called: (ours) => `called ${ours}`, calledBy: (ours) => `called by ${ours}`, youCalled: 'you called', calledYou: 'called you', and: (names) => `with ${names}`,
  },
  calls: {
    title: 'Calls', search: 'Search a name or number', total: (n, one) => `${n} ${one ? 'call' : 'calls'}`, filters: 'Filters', filtersOn: (n) => `Filters (${n})`, clearFilters: 'Clear all filters', removeFilter: (what) => `Clear filter: ${what}`,
    emptyTitle: 'No calls yet', empty: 'As soon as a call has been recorded, it is here.', nothingTitle: 'Nothing found', nothing: 'No call fits what you look for. Try fewer letters, or clear a filter.',
    list: 'List of calls', when: 'When', who: 'Who', length: 'Length', about: 'Purpose and tags', loadingMore: 'Fetching more calls…', end: 'This is the oldest call.', endOther: 'These are all.', noSound: 'no sound', notAnswered: 'not answered', notYours: 'not for you to hear',
    notes: (n) => count(n, 'note', 'notes'), kept: 'kept', sort: 'Order', newest: 'Newest first', oldest: 'Oldest first', longest: 'Longest first', shortest: 'Shortest first',
    from: 'From', to: 'Up to and including', person: 'Person', direction: 'Direction', purpose: 'Purpose', door: 'Door', tag: 'Tag', number: 'Number',
    lengths: { any: 'Any length', short: 'Shorter than 1 minute', middle: '1 to 5 minutes', long: '5 to 15 minutes', longer: 'Longer than 15 minutes', other: 'Own choice' },
    select: (what) => `Select ${what}`, selected: (n) => `${count(n, 'call', 'calls')} selected`, unselect: 'Clear selection', addTag: 'Add tag', tagAdded: (tag, n) => `Tag ‘${tag}’ is now on ${count(n, 'call', 'calls')}.`, tagFailed: (n) => `It did not work for ${count(n, 'call', 'calls')}. These are still selected.`, newTag: 'New tag', share: 'Copy the link to this list',
  },
  calm: {
    listenTitle: 'Listen', listenTo: (who, length, day) => `Listen to ${who} – ${length} – ${day}`, searchTitle: 'Search', searchHint: 'Type a name or a number', searchEmpty: 'Type a name above, for example that of somebody in your family.',
    keptTitle: 'Kept', keptEmpty: 'You have not kept a call yet. Open a call and choose ‘Keep this call’.', more: 'Older calls', open: (who) => `Open the call with ${who}`,
  },
  call: {
    title: (who) => `Call with ${who}`, play: 'Listen', pause: 'Pause', stop: 'Stop', back15: '15 seconds back', forward15: '15 seconds on', back15s: '15 s back', forward15s: '15 s on', listen: 'Listen', position: 'Place in the call', positionText: (at, of) => `${at} of ${of}`,
    speed: 'Speed', speedText: (s) => `${s}×`, skipSilence: 'Skip silences', apart: 'Voices left and right', volumeOf: (who) => `How loud ${who} sounds`, louder: 'Louder', softer: 'Softer', soundFailed: 'The sound cannot be loaded now.', loadingSound: 'The sound is coming…', noSound: 'There is no sound of this call.', notHeard: 'You may see that this call took place, and not hear it.', peaksFailed: 'The waves of the sound are not there now. You can listen all the same.',
    notes: 'Notes', noNotes: 'No notes yet. Press N while you listen, or type below.', note: 'Note', noteAt: (at) => `Note at ${at}`, noteAll: 'Note about the whole call', atThisSecond: (at) => `At ${at} in the call`, aboutAll: 'About the whole call', aboutWhat: 'What is the note about?', addNote: 'Add note', jumpTo: (at) => `Go to ${at}`, removeNote: 'Remove note', editNote: 'Change note', changed: 'changed', all: 'whole call', useNow: (at) => `Take ${at}`,
    facts: 'About this call', purpose: 'Purpose', tags: 'Tags', noTags: 'no tags', addTag: 'Add tag', removeTag: (tag) => `Remove tag: ${tag}`, keep: 'Keep this call', isKept: 'This call is kept', letGo: 'Keep no longer', keepHint: 'A kept call is never removed by itself.', download: 'Download', share: 'Share', more: 'More of this call',
    downloadTitle: 'Download the call', downloadHint: 'A download is written down in the log.', flac: 'FLAC', flacHint: 'exactly as recorded, half the size', wav: 'WAV', wavHint: 'plays in any program',
    ledger: 'Is all of it here?', everything: 'Everything that reached us is in this recording.', voiceComplete: (who) => `Of ${who} everything is here.`, voiceMissing: (who, s, share) => `Of ${who}, ${s} is missing in all (${share}).`, allGaps: (n) => `Show all ${n} gaps`, fewerGaps: 'Show fewer', gapList: 'What is missing', oddities: 'Oddities', events: 'What happened', codec: 'Codec', basis: 'Basis', door: 'Door', sha: 'Fingerprint of the sound (SHA-256)', technical: 'Technical facts', packets: (n) => `${n} packets received`, conversation: 'Other recordings of this conversation', started: 'Began', ended: 'Ended', recording: 'Recording', times: (n) => (n === 1 ? 'once' : `${n} times`),
    keys: 'Keys', keysTitle: 'Everything with the keyboard', keysOn: 'Use these keys', keysHint: 'Off: single letters do nothing, and only Tab, Enter and the arrows on the time line work.',
    keyList: { space: 'listen or pause', left: '15 seconds back', right: '15 seconds on', home: 'to the beginning', next: 'to the next note', previous: 'to the previous note', note: 'a note at this second', slower: 'slower', faster: 'faster', silence: 'skip silences on or off', help: 'this help' },
    keyNames: { space: 'Space', home: 'Home' },
  },
  gaps: {
    'not-begun': (s) => `nothing to hear here for ${s}: the party had not begun yet`, loss: (s) => `${s} is missing here: lost on the network`, silence: (s) => `silent here for ${s}: the telephone itself sent nothing`, hold: (s) => `the call is on hold here for ${s}`,
    paused: (s) => `the telephone paused here for ${s}`, 'key-press': (s) => `a key sounds here for ${s}`, undecodable: (s) => `${s} is kept here, but cannot be made audible`, 'dropped-by-us': (s) => `${s} is missing here: this machine could not keep up`,
    withheld: (s) => `${s} is withheld here: the recording was paused`, 'clock-drift': (s) => `${s} was put in here: the clocks differed; nothing is missing`, ended: (s) => `nothing more to hear here for ${s}: the party had gone`,
  },
  gapKinds: { 'not-begun': 'not begun', loss: 'lost on the network', silence: 'silence', hold: 'on hold', paused: 'paused', 'key-press': 'key', undecodable: 'not audible', 'dropped-by-us': 'missed by us', withheld: 'withheld', 'clock-drift': 'clocks differ', ended: 'over' },
  gapOf: (who, at, sentence) => `${at}, ${who}: ${sentence}`,
  oddities: {
    'ack-missing': 'The recording client never acknowledged our answer.', 'began-before-the-capture': 'The call was under way when the recording began.', 'bye-missing': 'The call fell silent, and nobody was seen to hang up.',
    'capture-dropped-packets': 'For a moment the machine could not keep up with the traffic.', 'capture-ended': 'The recording stopped while the call went on.', 'clock-drift': 'A telephone’s clock was slow or fast; the voices were kept beside each other.', 'clock-leapt': 'The machine’s clock leapt; the time line goes on without the leap.',
    'codec-guessed': 'Nobody named the codec; this one agreed with every packet.', 'duplicate-packets': 'Packets came twice.', 'branches-left-out': 'More branches than we keep; the rest was left out.', 'codecs-left-out': 'More codecs than we keep; the rest was left out.', 'documents-left-out': 'More documents than we keep; the rest was left out.',
    'events-left-out': 'More events than we keep; the rest was left out.', 'key-presses-left-out': 'More keys than we keep; the rest was left out.', 'parties-left-out': 'More parties than we keep; the rest was left out.', 'ports-left-out': 'More ports than we keep; the rest was left out.', 'streams-left-out': 'More streams than we keep; the rest was left out.', 'tracks-left-out': 'More tracks than we keep; the rest was left out.',
    'goes-on-in-another-recording': 'The call goes on in another recording.', 'journal-damaged': 'A piece of the journal was damaged; its packets are missing.', 'key-presses-withheld': 'Keys were pressed while the recording was paused; which ones is not kept.', 'media-encrypted': 'The sound is encrypted and cannot be made audible; it is kept.',
    'media-from-a-stranger': 'Packets came from a stranger whom nobody had named; they were left out.', 'media-from-unnamed-port': 'Packets came from a port that nobody had named.', 'media-without-signalling': 'Who called whom is not known: there was only sound.', 'metadata-malformed': 'The metadata breaks its form; what could be read was used.', 'metadata-unreadable': 'The metadata cannot be read; it is kept as it came.',
    'no-media': 'The call was answered, and no sound came.', 'one-sided': 'Only one of the parties was heard.', 'recorder-stopped': 'The recorder was cut off while the call ran.', 'samples-overlap': 'Packets carried more sound than there was room for; the overlap was cut.', 'sdp-malformed': 'A message about the sound breaks its grammar; it was used as far as it goes.', 'sip-malformed': 'A message breaks its grammar; it was used as far as it goes.',
    'sealed-anew': 'This recording replaces an earlier one that was made while the journal was damaged.', 'sender-paused': 'A telephone paused and went on without keeping the time.', 'sequence-restarted': 'A telephone began counting anew in the middle of the call.', 'srtp-authentication-failed': 'Encrypted packets that no key fits; they are kept, and not audible.', 'ssrc-changed': 'The source of a voice changed; the track goes on.',
    'timestamp-mended': 'One packet had a wrong time; it was placed by its number.', 'timestamps-leapt': 'A telephone’s times leapt; the stream went on at the clock’s time.', 'too-late': 'Packets came after their place had been written.', 'undecodable-codec': 'We have no decoder for this codec; the sound is kept.',
  },
  events: { invited: 'invited', ringing: 'ringing', 'early-media': 'sound before the answer', answered: 'answered', held: 'put on hold', resumed: 'resumed', moved: 'moved', ended: 'ended', joined: 'joined', left: 'left', 'recording-paused': 'recording paused', 'recording-resumed': 'recording resumed', 'recorder-stopped': 'the recorder was cut off' },
  directions: { in: 'Incoming', out: 'Outgoing', internal: 'Internal', unknown: 'Unknown' },
  purposes: { wording: 'Exact words', training: 'Training', agreement: 'Agreement', memory: 'Memory', keepsake: 'Keepsake' },
  doors: { siprec: 'SIPREC', tap: 'Tap', bridge: 'Own line', import: 'Import' },
  bases: { 'capture-file': 'Capture file', 'own-line': 'Own line', company: 'The company’s lines', warrant: 'Warrant' },
  share: {
    title: 'Share the call', intro: 'Make a link for one person, who can listen without an account, and not download. Each opening is written down in the log.', recipient: 'For whom?', recipientHint: 'A name or an e-mail address', days: 'Valid for how many days?', word: 'Word', wordHint: 'Who opens the link must say this word, too. Tell it apart from the link. May stay empty.', make: 'Make link',
    madeTitle: (who) => `The link for ${who}`, once: 'You see this link only now. Copy it and send it yourself.', address: 'Link', another: 'Make another link', list: 'Shared earlier', nobody: 'Shared with nobody.', notOpened: 'not opened yet', opened: (n, last) => `opened ${n === 1 ? 'once' : `${n} times`}, last ${last}`, until: (day) => `valid until ${day}`, revoke: 'Revoke', revokeOf: (who) => `Revoke the link of ${who}`, revoked: 'revoked', over: 'over', withWord: 'with a word',
  },
  shared: {
    title: (by) => `${by} shares a call with you`, for: (recipient) => `For ${recipient}`, until: (day) => `You can listen up to and including ${day}.`, seen: 'The sender can see when you listen. Downloading is not possible.', listen: 'Listen', wordTitle: 'This link has a word', wordIntro: 'The sender gave you a word. Fill it in here.', word: 'Word', open: 'Open', wordWrong: 'That is not the word.', goneTitle: 'This link opens nothing any more', gone: 'The link was revoked, is over, or was not copied completely. Ask the sender for a new one.',
  },
  people: {
    title: 'People', add: 'Add a person', addTitle: 'New person', editTitle: (name) => `Change ${name}`, emptyTitle: 'Nobody yet', empty: 'Give numbers a name; then the list shows the names in place of the numbers.', name: 'Name', numbers: 'Telephone numbers', numbersHint: 'One a line', color: 'Colour', calls: (n) => count(n, 'call', 'calls'), noCalls: 'no call yet', last: (when) => `last ${when}`, removeTitle: (name) => `Forget ${name}?`, removeHint: 'The calls stay; only the name and the colour go.', forget: 'Forget', find: 'Search a name',
    colors: ['petrol', 'brick red', 'olive', 'purple', 'raspberry', 'blue', 'ochre', 'green', 'lavender', 'orange', 'grey', 'brown'],
  },
  accounts: {
    title: 'Accounts', add: 'Add an account', addTitle: 'New account', editTitle: (name) => `Account of ${name}`, name: 'Name', roles: 'Roles', rolesWanted: 'Choose at least one role.', numbers: 'Own numbers', numbersHint: 'One a line. Calls with these numbers are this account’s own.', team: 'Team', leads: 'Manages or trains', leadsHint: 'Names of teams, one a line', disabled: 'Disabled', disabledHint: 'Can no longer sign in. Notes and log stay.', newPassword: 'New password', newPasswordHint: 'Leave empty to keep the old one', face: 'Face', isDisabled: 'disabled', you: 'you',
    role: { owner: 'Owner', manager: 'Manager', trainer: 'Trainer', employee: 'Employee', family: 'Family', auditor: 'Auditor', admin: 'Administrator' },
    roleHint: { owner: 'sets up everything and hears own calls', manager: 'hears the calls of the own teams', trainer: 'hears training calls of the own teams', employee: 'hears own calls', family: 'hears memories and keepsakes of the family', auditor: 'sees the log, hears nothing', admin: 'looks after accounts, hears nothing by that alone' },
  },
  log: {
    title: 'Who heard what', intro: 'Each time somebody listens, downloads, shares or is denied, it is written here. Nobody can change this log.', empty: 'Nothing has happened yet.', when: 'When', who: 'Who', what: 'What', recording: 'Call', fromAddress: (address) => `from ${address}`, part: (from, to) => `from ${from} to ${to}`, filterWho: 'Of whom', filterWhat: 'What', openCall: (moment) => `Call of ${moment}`, older: 'Older', system: 'Naklank itself',
    events: { hearing: 'began to listen', heard: 'listened', downloaded: 'downloaded', shared: 'shared', denied: 'was denied', 'link-opened': 'opened a link', 'link-revoked': 'revoked a link', changed: 'changed a call', noted: 'wrote a note', 'note-changed': 'changed a note', 'note-removed': 'removed a note', 'signed-in': 'signed in', 'signed-out': 'signed out', 'sign-in-refused': 'could not sign in', 'set-up': 'set up Naklank', 'account-added': 'added an account', 'account-changed': 'changed an account', 'person-added': 'added a person', 'person-changed': 'changed a person', 'person-removed': 'forgot a person' },
  },
  settings: {
    title: 'Settings', face: 'Face', faceHint: 'How Naklank looks to you', calm: 'Calm', calmHint: 'Large letters, little at a time, all in words', full: 'Full', fullHint: 'Table, filters and particulars', language: 'Language', password: 'Change password', oldPassword: 'Present password', newPassword: 'New password', changePassword: 'Change password', passwordChanged: 'Your password has been changed.', numbers: 'Your own numbers', more: 'More', wrongOld: 'The present password is not right.',
  },
};
