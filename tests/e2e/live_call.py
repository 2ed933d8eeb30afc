#!/usr/bin/env python3
"""A call between two real phones (baresip) through a real proxy (kamailio), recorded while it
happens.

    live_call.py --naklank PROGRAM --work FOLDER

Each phone plays its own spoken WAV file; each voice must come out on its own channel, and not on
the other."""

import argparse
import array
import math
import pathlib
import subprocess
import sys

import network as net

RATE_HZ = 8000
FRAME = RATE_HZ // 50
TALK_S = 12
SAID = {
    'caller': ('nl+f3',
               'Goedemorgen, ik bel over de wasmachine. Hij lekt sinds gisteren. '
               'Kunt u langskomen?'),
    'callee': ('nl+m2',
               'Met de reparatiedienst. Dat is vervelend. '
               'Morgen om tien uur heb ik nog een plek vrij.'),
}

KAMAILIO = '''#!KAMAILIO
debug=1
log_stderror=yes
fork=yes
children=1
listen=udp:{address}:5060
auto_aliases=no
dns=no
rev_dns=no
mpath="{modules}"
loadmodule "tm.so"
loadmodule "sl.so"
loadmodule "rr.so"
loadmodule "pv.so"
loadmodule "usrloc.so"
loadmodule "registrar.so"
loadmodule "textops.so"
loadmodule "siputils.so"
modparam("usrloc", "db_mode", 0)
request_route {{
    if (is_method("REGISTER")) {{ save("location"); exit; }}
    if (has_totag()) {{ loose_route(); t_relay(); exit; }}
    record_route();
    if (!lookup("location")) {{ sl_send_reply("404", "Not Found"); exit; }}
    t_relay();
}}
'''

BARESIP = '''sip_listen {address}:5060
audio_source aufile,{said}
audio_player aubridge,nowhere
audio_alert aubridge,nowhere
module_path {modules}
module g711.so
module aufile.so
module aubridge.so
module_app account.so
module_app menu.so
rtp_ports 30000-30100
'''


def folder_of(pattern):
    found = sorted(pathlib.Path('/usr/lib').glob(pattern))
    if not found:
        print(f'/usr/lib/{pattern} is not there. Skipped.')
        sys.exit(77)
    return found[0]


def say(who, work):
    """The phone's WAV file: its words (the called party's half a second later), then silence."""
    voice, text = SAID[who]
    spoken, wav = work / f'{who}-spoken.wav', work / f'{who}.wav'
    subprocess.run(['espeak-ng', '-v', voice, '-w', spoken, text], check=True)
    pad = ['pad', '0.5' if who == 'callee' else '0', str(4 * TALK_S)]
    subprocess.run(['sox', '-R', spoken, '-r', str(RATE_HZ), '-c', '1', '-b', '16', wav,
                    'gain', '-n', '-6', *pad], check=True)
    samples = array.array('h')
    samples.frombytes(wav.read_bytes()[44:])
    return wav, samples


def start_phone(network, who, modules, wav, command=()):
    config = network.work / f'{who}-phone'
    config.mkdir()
    (config / 'config').write_text(BARESIP.format(address=network.address(who), said=wav,
                                                  modules=modules))
    (config / 'accounts').write_text(
        f'<sip:{who}@{network.address("proxy")}>;regint=60;audio_codecs=PCMA;answermode=auto'
        ';auth_pass=none\n')
    (config / 'contacts').write_text('')
    return network.start(who, ['baresip', '-v', '-f', config, *command])


def loudness(samples):
    """RMS of each 20 ms, less its mean: what two recordings of one voice have in common."""
    frames = [math.sqrt(sum(s * s for s in samples[at:at + FRAME]) / FRAME)
              for at in range(0, len(samples) - FRAME, FRAME)]
    mean = sum(frames) / max(len(frames), 1)
    return [frame - mean for frame in frames]


def likeness(heard, said):
    """The highest correlation of two loudness curves, over shifts of up to three seconds."""
    best = -1.0
    for shift in range(-150, 151):
        a, b = heard[max(shift, 0):], said[max(-shift, 0):]
        pairs = list(zip(a, b))
        power = math.sqrt(sum(x * x for x, _ in pairs) * sum(y * y for _, y in pairs)) or 1
        best = max(best, sum(x * y for x, y in pairs) / power)
    return best


def exported(naklank, archive, recording, track, work):
    path = work / f'track{track}.s16'
    subprocess.run([naklank, 'export', recording, '--archive', archive, '--track', str(track),
                    '--format', 's16le', '-o', path], check=True, stdout=subprocess.DEVNULL)
    samples = array.array('h')
    samples.frombytes(path.read_bytes())
    return samples


def check(recordings, said, sound_of):
    net.expect(len(recordings) == 1, f'{len(recordings)} recordings, expected one')
    got = recordings[0]
    net.expect(got['caller']['number'] == 'caller' and got['callee']['number'] == 'callee',
               f'it is said to be {got["caller"]} with {got["callee"]}')
    net.expect(got['answered'] and got['ending'] == 'bye',
               f'answered {got["answered"]}, ending {got["ending"]}')
    net.expect([track['codec'] for track in got['tracks']] == ['PCMA', 'PCMA'],
               f'codecs {[track["codec"] for track in got["tracks"]]}, expected two of PCMA')
    net.expect(got['duration_ms'] > 5000, f'only {got["duration_ms"]} ms long')
    heard = {who: loudness(sound_of(got['id'], track))
             for track, who in enumerate(('caller', 'callee'), 1)}
    for who in said:
        other = 'callee' if who == 'caller' else 'caller'
        own, foreign = likeness(heard[who], said[who]), likeness(heard[who], said[other])
        print(f"the {who}'s channel: {own:.3f} like its own words, {foreign:.3f} like the other's")
        net.expect(own > 0.85 and own > foreign + 0.3,
                   f"the {who}'s channel does not hold the {who}'s words")


def main():
    options = argparse.ArgumentParser()
    options.add_argument('--naklank', type=pathlib.Path, required=True)
    options.add_argument('--work', type=pathlib.Path, required=True)
    options = options.parse_args()
    net.skip_unless_possible('kamailio', 'baresip', 'espeak-ng', 'sox')
    naklank = options.naklank.resolve()
    phone_modules = folder_of('baresip/modules')
    proxy_modules = folder_of('*/kamailio/modules')

    with net.Network(['proxy', 'caller', 'callee'],
                     options.work.resolve() / 'live-call') as network:
        wavs = {who: say(who, network.work) for who in SAID}
        config = network.work / 'kamailio.cfg'
        config.write_text(KAMAILIO.format(address=network.address('proxy'),
                                          modules=f'{proxy_modules}/'))
        archive = network.work / 'archive'
        recorder = network.record(naklank, archive)
        network.start('proxy', ['kamailio', '-f', config, '-DD', '-E', '-m', '64', '-M', '8',
                                '-w', network.work, '-Y', network.work,
                                '-P', network.work / 'kamailio.pid'])
        start_phone(network, 'callee', phone_modules, wavs['callee'][0])
        network.wait_for_log('callee', '1 binding', 20)
        caller = start_phone(network, 'caller', phone_modules, wavs['caller'][0],
                             ['-e', f'/dial sip:callee@{network.address("proxy")}',
                              '-t', str(TALK_S)])
        network.wait_for_log('caller', 'Call established', 20)
        net.wait_until('the caller to hang up', lambda: caller.poll() is not None, TALK_S + 20)
        recordings = network.recordings(recorder, naklank, archive)
        said = {who: loudness(samples[:TALK_S * RATE_HZ]) for who, (_, samples) in wavs.items()}
        check(recordings, said,
              lambda recording, track: exported(naklank, archive, recording, track, network.work))
    print('live call: both voices on their own channels')


if __name__ == '__main__':
    sys.exit(main())
