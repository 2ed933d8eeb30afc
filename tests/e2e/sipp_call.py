#!/usr/bin/env python3
"""A call between two SIPp, the caller playing known A-law packets and the called party echoing
them.

    sipp_call.py --naklank PROGRAM --work FOLDER

What is recorded live must be those samples, one for one, on both sides.
"""

import argparse
import array
import pathlib
import subprocess
import sys

import network as net

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / 'scenes'))
import scene as stage  # noqa: E402

TALK_S = 6
CALLER = '''<?xml version="1.0" encoding="ISO-8859-1" ?>
<!DOCTYPE scenario SYSTEM "sipp.dtd">
<scenario name="a caller who plays a capture">
  <send retrans="500"><![CDATA[
    INVITE sip:[service]@[remote_ip]:[remote_port] SIP/2.0
    Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
    From: <sip:caller@[local_ip]:[local_port]>;tag=[call_number]
    To: <sip:[service]@[remote_ip]:[remote_port]>
    Call-ID: [call_id]
    CSeq: 1 INVITE
    Contact: <sip:caller@[local_ip]:[local_port]>
    Max-Forwards: 70
    Content-Type: application/sdp
    Content-Length: [len]

    v=0
    o=- 1 1 IN IP[local_ip_type] [local_ip]
    s=-
    c=IN IP[media_ip_type] [media_ip]
    t=0 0
    m=audio [media_port] RTP/AVP 8
    a=rtpmap:8 PCMA/8000
  ]]></send>
  <recv response="100" optional="true"/>
  <recv response="180" optional="true"/>
  <recv response="200"/>
  <send><![CDATA[
    ACK sip:[service]@[remote_ip]:[remote_port] SIP/2.0
    Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
    From: <sip:caller@[local_ip]:[local_port]>;tag=[call_number]
    To: <sip:[service]@[remote_ip]:[remote_port]>[peer_tag_param]
    Call-ID: [call_id]
    CSeq: 1 ACK
    Max-Forwards: 70
    Content-Length: 0

  ]]></send>
  <nop><action><exec play_pcap_audio="{capture}"/></action></nop>
  <pause milliseconds="{pause_ms}"/>
  <send retrans="500"><![CDATA[
    BYE sip:[service]@[remote_ip]:[remote_port] SIP/2.0
    Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
    From: <sip:caller@[local_ip]:[local_port]>;tag=[call_number]
    To: <sip:[service]@[remote_ip]:[remote_port]>[peer_tag_param]
    Call-ID: [call_id]
    CSeq: 2 BYE
    Max-Forwards: 70
    Content-Length: 0

  ]]></send>
  <recv response="200"/>
</scenario>
'''


def speech(path):
    """A capture of one side's packets; gives the samples in them."""
    scene = stage.Scene()
    call = scene.call(*scene.pair(), rtcp=False)
    call.talk(TALK_S, who=[call.a])
    path.write_bytes(scene.capture('pcap-microseconds'))
    return array.array('h', [sample for packet in call.a.sent for sample in packet.samples])


def main():
    options = argparse.ArgumentParser()
    options.add_argument('--naklank', type=pathlib.Path, required=True)
    options.add_argument('--work', type=pathlib.Path, required=True)
    options = options.parse_args()
    net.skip_unless_possible('sipp')
    naklank = options.naklank.resolve()

    with net.Network(['caller', 'callee'], options.work.resolve() / 'sipp-call') as network:
        capture, scenario = network.work / 'speech.pcap', network.work / 'caller.xml'
        said = speech(capture)
        scenario.write_text(CALLER.format(capture=capture, pause_ms=TALK_S * 1000 + 500))
        archive = network.work / 'archive'
        recorder = network.record(naklank, archive)
        a, b = network.address('caller'), network.address('callee')
        sipp = ['sipp', '-m', '1', '-nostdin', '-timeout', '60', '-p', '5060']
        network.start('callee', [*sipp, '-sn', 'uas', '-i', b, '-mi', b, '-mp', '7000',
                                 '-rtp_echo'])
        sockets = lambda: subprocess.run(['ip', 'netns', 'exec', network.namespace('callee'), 'cat',
                                          '/proc/net/udp'], capture_output=True, text=True).stdout
        net.wait_until('the called SIPp to listen', lambda: f':{5060:04X} ' in sockets(), 10)
        caller = network.start('caller', [*sipp, '-sf', scenario, '-i', a, '-mi', a, '-mp', '6000',
                                          '-s', 'callee', f'{b}:5060'])
        net.wait_until('the call to end', lambda: caller.poll() is not None, TALK_S + 30)
        net.expect(caller.returncode == 0, f'the calling SIPp ended with {caller.returncode}')
        recordings = network.recordings(recorder, naklank, archive)

        net.expect(len(recordings) == 1, f'{len(recordings)} recordings, expected one')
        got = recordings[0]
        net.expect(got['caller']['number'] == 'caller' and got['ending'] == 'bye',
                   f'caller {got["caller"]}, ending {got["ending"]}')
        for track in got['tracks'][:2]:
            name = f'track {track["track"]}'
            net.expect(track['packets']['received'] == TALK_S * 50
                       and track['packets']['lost'] == 0,
                       f'{name}: {track["packets"]}, expected {TALK_S * 50} received')
            path = network.work / 'track.s16'
            path.unlink(missing_ok=True)
            subprocess.run([naklank, 'export', got['id'], '--archive', archive, '--format', 's16le',
                            '--track', str(track['track']), '--trim', '-o', path],
                           check=True, stdout=subprocess.DEVNULL)
            net.expect(path.read_bytes() == said.tobytes(),
                       f'{name} does not hold the samples that were played')
    print('sipp call: every sample that was played is on both tracks')


if __name__ == '__main__':
    sys.exit(main())
