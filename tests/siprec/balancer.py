#!/usr/bin/env python3
"""Two recorders behind a balancer (Kamailio's dispatcher): one is killed in mid-load. New calls flow
to the other; what the killed one was recording is sealed to the last second when it is back.

    balancer.py --naklank PROGRAM --work FOLDER
"""

import array
import os
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

from evidence import expect, expect_equal
from recording_client import FRAME_S, Client, Failed, speak
from stage import ANNA, BERT, Stage, Talk, arguments, number_of, on, run, voices

SECOND = int(1 / FRAME_S)
LOST_MAX_S = 1.0  # of a running call, when its recorder is killed
CALLS = 6
CONFIG = '''#!KAMAILIO
debug=1
log_stderror=yes
children=2
disable_tcp=yes
listen=udp:127.0.0.1:{port}
loadmodule "tm.so"
loadmodule "sl.so"
loadmodule "pv.so"
loadmodule "textops.so"
loadmodule "siputils.so"
loadmodule "dispatcher.so"
modparam("dispatcher", "list_file", "{recorders}")
modparam("dispatcher", "flags", 2)
modparam("dispatcher", "ds_ping_interval", 1)
modparam("dispatcher", "ds_probing_mode", 1)
modparam("dispatcher", "ds_ping_from", "sip:balancer@127.0.0.1")
modparam("tm", "fr_timer", 800)

request_route {{
    if (has_totag()) {{
        t_relay();
        exit;
    }}
    if (!is_method("INVITE")) {{
        sl_send_reply("405", "Method Not Allowed");
        exit;
    }}
    if (!ds_select_dst("1", "4")) {{
        sl_send_reply("503", "No recorder is there");
        exit;
    }}
    t_on_failure("NEXT");
    t_relay();
}}

failure_route[NEXT] {{
    if (t_branch_timeout() || t_check_status("503")) {{
        if (ds_next_dst()) {{
            t_on_failure("NEXT");
            t_relay();
        }}
    }}
}}
'''


def free_port():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(('127.0.0.1', 0))
        return probe.getsockname()[1]


class Balancer:
    """Kamailio, in front of recorders at these addresses."""

    def __init__(self, work, recorders):
        self.port = free_port()
        # Its sockets have names of at most a hundred bytes.
        self.run = tempfile.TemporaryDirectory()
        recorders_file = work / 'recorders.list'
        recorders_file.write_text(''.join(f'1 sip:{host}:{port}\n' for host, port in recorders))
        config = work / 'kamailio.cfg'
        config.write_text(CONFIG.format(port=self.port, recorders=recorders_file))
        self.log = (work / 'kamailio.log').open('w')
        self.process = subprocess.Popen(
            ['kamailio', '-DD', '-E', '-f', config, '-Y', self.run.name, '-P',
             pathlib.Path(self.run.name) / 'pid'], stdout=self.log, stderr=self.log)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(20)
        self.log.close()
        self.run.cleanup()

    def call(self, talk):
        """A call through it, as soon as it is there."""
        until = time.monotonic() + 20
        while True:
            client = Client(('127.0.0.1', self.port))
            try:
                status = client.invite(client.offer(['1', '2']), talk.metadata(
                    on('1', ANNA), on('2', BERT)))
                expect_equal(status, 200, 'the answer to the INVITE')
                return client
            except (Failed, ConnectionRefusedError):
                if time.monotonic() > until:
                    raise


class Conversation(threading.Thread):
    """Two people who speak until they are told to stop."""

    def __init__(self, client):
        super().__init__()
        self.client, self.voices, self.is_over = client, voices(2), threading.Event()
        self.start()

    def run(self):
        frame = 0
        while not self.is_over.is_set():
            speak(list(zip(self.client.lines, self.voices)), 10, start=frame)
            frame += 10

    def stop(self):
        self.is_over.set()
        self.join()

    @property
    def recorder_port(self):
        return self.client.lines[0].to[1]


def seconds_of(recording, line, number):
    """How much of what was said is there, from the beginning on."""
    track = recording.track(line.label, number)
    sent = line.frames
    samples = recording.samples(track)
    at = samples.tobytes().find(
        array.array('h', sent[0].voice.samples(sent[0].frame)).tobytes())
    expect(at >= 0, 'the first packet is not there')
    kept = 0
    for packet in sent:
        place = at // 2 + packet.timestamp - sent[0].timestamp
        if samples[place:place + 160].tolist() != packet.voice.samples(packet.frame):
            break
        kept += 1
    return kept * FRAME_S


def one_recorder_is_killed_and_nothing_else_is_lost(naklank, work):
    ports = ('27100-27399', '27400-27699')
    archives = (work / 'one', work / 'two')
    with Stage(naklank, archives[0], ports=ports[0]) as first, \
            Stage(naklank, archives[1], ports=ports[1]) as second, \
            Balancer(work, [s.recorder.address('udp') for s in (first, second)]) as balancer:
        running = [Conversation(balancer.call(Talk())) for _ in range(CALLS)]
        on_first = [c for c in running if c.recorder_port < 27400]
        on_second = [c for c in running if c.recorder_port >= 27400]
        expect(on_first and on_second, 'one recorder has all the calls')
        time.sleep(2)
        first.recorder.stop(signal.SIGKILL)
        killed_at = time.time()
        later = [Conversation(balancer.call(Talk())) for _ in range(3)]
        expect(all(c.recorder_port >= 27400 for c in later), 'a new call went to the dead recorder')
        time.sleep(1)
        for conversation in running + later:
            conversation.stop()
        for conversation in on_second + later:
            expect_equal(conversation.client.bye(), 200, 'the answer to the BYE')
            one, two = conversation.client.lines
            second.sealed(conversation.client.call_id).expect_sound(
                [('1', number_of(ANNA), one.frames), ('2', number_of(BERT), two.frames)])
        second.close(recordings=len(on_second + later))
    # The killed one comes back, on its archive.
    with Stage(naklank, archives[0], ports=ports[0]) as first:
        for conversation in on_first:
            got = first.sealed(conversation.client.call_id)
            for line, person in zip(conversation.client.lines, (ANNA, BERT)):
                said = sum(p.at < killed_at for p in line.frames) * FRAME_S
                kept = seconds_of(got, line, number_of(person))
                expect(said - kept <= LOST_MAX_S, f'{kept:.2f} s of {said:.2f} s are there')
            expect_equal(got.shown['ending'], 'recorder-stopped', 'ending')
        first.close(recordings=len(on_first))


if __name__ == '__main__':
    os.environ['PATH'] += os.pathsep + '/usr/sbin'
    program, folder, only = arguments('kamailio')
    sys.exit(not run([(one_recorder_is_killed_and_nothing_else_is_lost, (program, folder))], only))
