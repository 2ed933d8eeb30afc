#!/usr/bin/env python3
"""The ways by which recording clients reach `naklank serve`: IPv6, TCP, TLS, SRTP, large and lost
messages. However it came, every sample is in the recording.

    doors.py --naklank PROGRAM --work FOLDER [SCENARIO...]
"""

import hashlib
import pathlib
import re
import socket
import ssl
import subprocess
import sys
import time

from evidence import expect, expect_equal
from recording_client import FRAME_S, Failed, speak
from stage import ANNA, BERT, Stage, Talk, arguments, number_of, on, run, voices

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / 'scenes'))
try:
    import srtp
except ImportError:  # python3-cryptography is not installed
    srtp = None

SECOND = int(1 / FRAME_S)
A, B = map(number_of, (ANNA, BERT))


def talk_over(stage, client=None, talk=None):
    """A call of two people, a second long; gives its recording."""
    said = voices(2)
    client = client or stage.call(talk or Talk(), ANNA, BERT)
    speak([*zip(client.lines, said)], SECOND)
    got = stage.hang_up(client)
    got.expect_sound([('1', A, client.lines[0].frames), ('2', B, client.lines[1].frames)])
    expect_equal(got.oddities, [], 'oddities')
    return got


def over_ipv6(naklank, work):
    with Stage(naklank, work / 'ipv6', host='[::1]') as stage:
        client = stage.call(Talk(), ANNA, BERT)
        expect('c=IN IP6 ::1' in client.last_answer, client.last_answer)
        talk_over(stage, client)
        stage.close(recordings=1)


def over_tcp_in_many_pieces_and_two_in_one(naklank, work):
    with Stage(naklank, work / 'tcp', transport='tcp') as stage:
        client, talk = stage.client(), Talk()
        client.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        whole = client.send

        def in_pieces(message):
            for at in range(0, len(message), 97):
                client.socket.sendall(message[at:at + 97])
                time.sleep(0.002)
        client.send = in_pieces
        people = talk.metadata(on('1', ANNA), on('2', BERT))
        expect_equal(client.invite(client.offer(['1', '2']), people), 200, 'the INVITE in pieces')
        client.send = whole
        two = client.request('OPTIONS') + client.request('UPDATE') + b'\r\n\r\n'
        client.send(two[:-1])
        heads = [client.receive()[0] for _ in range(2)]
        expect_equal([re.search(r'CSeq: (.*)\r', head)[1] for head in heads],
                     [f'{client.cseq - 1} OPTIONS', f'{client.cseq} UPDATE'], 'the answers')
        expect(all(head.startswith('SIP/2.0 200') for head in heads), heads)
        client.send(two[-1:])  # what is left of an empty line between messages
        talk_over(stage, client)
        stage.close(recordings=1)


def over_tcp_though_the_connection_breaks(naklank, work):
    with Stage(naklank, work / 'broken', transport='tcp') as stage:
        client, said = stage.call(Talk(), ANNA, BERT), voices(2)
        speak([*zip(client.lines, said)], SECOND // 2)
        client.socket.close()
        speak([*zip(client.lines, said)], SECOND // 2, start=SECOND // 2)
        client.socket = socket.create_connection(client.to, 10)
        expect_equal(client.invite(client.offer()), 200, 'the re-INVITE by another connection')
        speak([*zip(client.lines, said)], SECOND // 2, start=SECOND)
        got = stage.hang_up(client)
        got.expect_sound([('1', A, client.lines[0].frames), ('2', B, client.lines[1].frames)])
        stage.close(recordings=1)


def certificate(folder, name, signed_by=None):
    """A key and a certificate of that name; gives their files."""
    folder.mkdir(parents=True, exist_ok=True)
    key, cert = folder / f'{name}.key', folder / f'{name}.pem'
    by = ['-CA', signed_by[0], '-CAkey', signed_by[1]] if signed_by else []
    subprocess.run(['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt',
                    'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2', '-subj', f'/CN={name}',
                    '-addext', 'subjectAltName=DNS:localhost', '-keyout', key, '-out', cert, *by],
                   check=True, capture_output=True)
    return cert, key


def over_tls_with_a_certificate_of_its_own(naklank, work):
    cert, key = certificate(work / 'tls-files', 'recorder')
    with Stage(naklank, work / 'tls',
               '--tls-certificate', cert, '--tls-key', key, transport='tls') as stage:
        client = stage.client(context=ssl.create_default_context(cafile=cert))
        people = Talk().metadata(on('1', ANNA), on('2', BERT))
        expect_equal(client.invite(client.offer(['1', '2']), people), 200, 'the INVITE')
        expect('transport=tls' in client.target, f'the contact is {client.target}')
        talk_over(stage, client)
        stage.close(recordings=1)


def over_tls_only_with_a_certificate_that_is_known(naklank, work):
    files = work / 'tls-clients-files'
    cert, key = certificate(files, 'recorder')
    known, stranger = certificate(files, 'client'), certificate(files, 'stranger')
    with Stage(naklank, work / 'tls-clients', '--tls-certificate', cert, '--tls-key', key,
               '--tls-clients', known[0], transport='tls') as stage:
        people = Talk().metadata(on('1', ANNA), on('2', BERT))
        for shown in (None, stranger):
            context = ssl.create_default_context(cafile=cert)
            if shown:
                context.load_cert_chain(*shown)
            try:
                client = stage.client(context=context)
                status = client.invite(client.offer(['1', '2']), people)
            except (OSError, Failed):  # TLS 1.3: at the handshake or at the first answer
                continue
            raise Failed(f'a client with the certificate {shown} was answered {status}')
        context = ssl.create_default_context(cafile=cert)
        context.load_cert_chain(*known)
        client = stage.client(context=context)
        expect_equal(client.invite(client.offer(['1', '2']), people), 200, 'the INVITE')
        talk_over(stage, client)
        stage.close(recordings=1)


def proof(challenge, method, uri, name, password):
    """An Authorization for that WWW-Authenticate (RFC 7616)."""
    said = dict(re.findall(r'(\w+)="?([^",]+)"?', challenge))
    digest = lambda text: hashlib.new(said['algorithm'].replace('-', ''), text.encode()).hexdigest()
    secret = digest(f'{name}:{said["realm"]}:{password}')
    response = digest(f'{secret}:{said["nonce"]}:00000001:abc:auth:{digest(f"{method}:{uri}")}')
    return (f'Authorization: Digest username="{name}", realm="{said["realm"]}", '
            f'nonce="{said["nonce"]}", uri="{uri}", algorithm={said["algorithm"]}, qop=auth, '
            f'nc=00000001, cnonce="abc", response="{response}"')


def only_with_the_password(naklank, work):
    users = work / 'users'
    users.write_text('sbc:an open secret\n')
    with Stage(naklank, work / 'password', '--users-file', users) as stage:
        for algorithm in ('SHA-256', 'MD5'):
            client, talk = stage.client(), Talk()
            bodies = [('application/sdp', client.offer(['1', '2'])), (
                'application/rs-metadata+xml', talk.metadata(on('1', ANNA), on('2', BERT)))]
            challenge, uri = '', 'sip:srs@127.0.0.1'
            for password in ('a guess', 'another'):
                prove = [proof(challenge, 'INVITE', uri, 'sbc', password)] if challenge else []
                status, head, _ = client.transact('INVITE', bodies, prove)
                expect_equal(status, 401, 'the answer without the password')
                client.send(client.request('ACK', cseq=client.cseq))
                challenge, = re.findall(rf'(?m)^WWW-Authenticate: (.*algorithm={algorithm},.*)\r',
                                        head)
            status = client.invite(*(text for _, text in bodies), headers=[
                proof(challenge, 'INVITE', uri, 'sbc', 'an open secret')])
            expect_equal(status, 200, 'the answer to who knows it')
            talk_over(stage, client)
        stage.close(recordings=2)


def encrypted_by(stage, suite):
    if srtp is None:
        print('    (without python3-cryptography nothing is encrypted here)')
        return
    client, talk = stage.client(), Talk()
    for label in ('1', '2'):
        line = client.add_line(label)
        sender = srtp.Sender(suite, f'{client.call_id} {label}')
        line.profile, line.crypto, line.protect = ('RTP/SAVP', sender.line() + '\r\n',
                                                   sender.protect)
    people = talk.metadata(on('1', ANNA), on('2', BERT))
    expect_equal(client.invite(client.offer(), people), 200, 'the INVITE')
    expect_equal(client.last_answer.count('RTP/SAVP'), 2, 'secured lines in the answer')
    keys = re.findall(rf'(?m)^a=crypto:1 {suite} inline:(\S+)', client.last_answer)
    expect_equal(len(set(keys)), 2, 'keys of the recorder')
    got = talk_over(stage, client)
    expect_equal([track['srtp'] for track in got.tracks], [suite] * 2, 'suites')


def srtp_with_aes_128_sha1_80(stage):
    encrypted_by(stage, 'AES_CM_128_HMAC_SHA1_80')


def srtp_with_aes_128_gcm(stage):
    encrypted_by(stage, 'AEAD_AES_128_GCM')


def a_large_invite_over_udp(stage):
    talk = Talk()
    client = stage.client()
    people = talk.metadata(on('1', ANNA), on('2', BERT), extra=(
        '<extensiondata>' + '<note>a long story that goes on</note>' * 70 + '</extensiondata>'))
    headers = [f'X-Said-By-The-Client: {"word " * 20}']
    message_bytes = len(client.offer(['1', '2'])) + len(people)
    expect(message_bytes > 3000, f'the bodies have only {message_bytes} bytes')
    expect_equal(client.invite(client.offer(), people, headers), 200, 'the INVITE')
    got = talk_over(stage, client)
    expect_equal(got.shown['files'][0]['bytes'], len(people.encode()), 'bytes of the metadata')


def an_invite_sent_twice_whose_acknowledgement_is_lost(stage):
    client, talk = stage.client(), Talk()
    bodies = [('application/sdp', client.offer(['1', '2'])),
              ('application/rs-metadata+xml', talk.metadata(on('1', ANNA), on('2', BERT)))]
    invite = client.request('INVITE', bodies, ['Require: siprec'])
    for _ in range(2):
        client.send(invite)
    answers = [client.receive() for _ in range(3)]  # to each, and once more for want of an ACK
    expect(answers[0][0].startswith('SIP/2.0 200'), answers[0][0])
    expect_equal(len(set(answers)), 1, 'different answers')
    head, body = answers[0]
    client.remote_tag = re.search(r'(?im)^to:.*;tag=([^;\s]+)', head)[1]
    client.target = re.search(r'(?im)^contact:\s*<([^>]+)>', head)[1]
    for line, port in zip(client.lines, re.findall(r'(?m)^m=audio (\d+)', body)):
        line.to = ('127.0.0.1', int(port))
    said = voices(2)
    speak([*zip(client.lines, said)], SECOND)
    expect(client.receive()[0] == head, 'the answer is not sent again')
    got = stage.hang_up(client)
    got.expect_sound([('1', A, client.lines[0].frames), ('2', B, client.lines[1].frames)])


ALONE = (over_ipv6, over_tcp_in_many_pieces_and_two_in_one, over_tcp_though_the_connection_breaks,
         over_tls_with_a_certificate_of_its_own, over_tls_only_with_a_certificate_that_is_known,
         only_with_the_password)
TOGETHER = (srtp_with_aes_128_sha1_80, srtp_with_aes_128_gcm, a_large_invite_over_udp,
            an_invite_sent_twice_whose_acknowledgement_is_lost)


def has_ipv6():
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as probe:
        try:
            probe.bind(('::1', 0))
        except OSError:
            print('    (this machine has no ::1)')
            return False
    return True


def main():
    naklank, work, only = arguments('openssl')
    alone = [(f, (naklank, work)) for f in ALONE if f is not over_ipv6 or has_ipv6()]
    with Stage(naklank, work / 'udp') as stage:
        all_held = run([*alone, *((f, (stage,)) for f in TOGETHER)], only)
        stage.close()
    return 0 if all_held else 1


if __name__ == '__main__':
    sys.exit(main())
