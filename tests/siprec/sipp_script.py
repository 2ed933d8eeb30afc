"""Scenarios for SIPp, written step by step: what a recording client signals in one dialog.

    script = Script(work, host, lines)
    script.invite(metadata).talk('ready').bye()
    script.write(file)

Phases are told in files of `work`: `talk('ready')` makes `ready`, with the ports that the lines are
to send to, and then SIPp waits for as long as the talk lasts.
"""

from recording_client import describe

TALK_MS = 2000
HEAD = '<?xml version="1.0" encoding="ISO-8859-1" ?>\n<!DOCTYPE scenario SYSTEM "sipp.dtd">\n'
SIPREC = ('Require: siprec',)


class Script:
    def __init__(self, work, host, lines):
        self.work, self.host, self.lines = work, host, lines
        self.steps, self.variables, self.cseq, self.version = [], set(), 0, 0
        self.srs, self.has_dialog = 'sip:srs@[remote_ip]:[remote_port]', False

    def write(self, file):
        variables = ','.join(sorted(self.variables))
        used = f'<Reference variables="{variables}"/>' if variables else ''
        file.write_text(f'{HEAD}<scenario name="a recording client">\n' + '\n'.join(self.steps)
                        + f'\n{used}\n</scenario>\n')

    # What the client says

    def request(self, method, bodies=(), headers=(), cseq=None):
        if cseq is None:
            self.cseq += 1
        tag = '[peer_tag_param]' if self.has_dialog else ''
        lines = [f'{method} {self.srs} SIP/2.0',
                 'Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]',
                 'Max-Forwards: 70',
                 'From: <sip:sbc@[local_ip]:[local_port]>;tag=[call_number]',
                 f'To: <{self.srs}>{tag}', 'Call-ID: [call_id]',
                 f'CSeq: {cseq or self.cseq} {method}',
                 'Contact: <sip:sbc@[local_ip]:[local_port]>;+sip.src', *headers]
        self._send(lines, bodies, retransmitted=method != 'ACK')
        return self

    def _send(self, lines, bodies, retransmitted):
        text = []
        if len(bodies) == 1:
            lines = [*lines, f'Content-Type: {bodies[0][0]}']
            text = bodies[0][1].splitlines()
        elif bodies:
            lines = [*lines, 'Content-Type: multipart/mixed;boundary=parts']
            for kind, body in bodies:
                text += ['--parts', f'Content-Type: {kind}']
                if 'rs-metadata' in kind:
                    text += ['Content-Disposition: recording-session']
                text += ['', *body.splitlines()]
            text += ['--parts--']
        length = '[len]' if bodies else '0'
        how = ' retrans="500"' if retransmitted else ''
        said = '\n'.join([*lines, f'Content-Length: {length}', '', *text])
        self.steps.append(f'<send{how}><![CDATA[\n{said}\n]]></send>')

    def bodies(self, count, metadata, extra=''):
        bodies = []
        if count:
            self.version += 1
            bodies.append(('application/sdp',
                           describe(self.host, self.lines[:count], self.version, extra)))
        if metadata:
            bodies.append(('application/rs-metadata+xml', metadata))
        return bodies

    def invite(self, metadata=None, count=None, extra='', headers=SIPREC):
        """An offer of the first `count` lines (all of them), answered with 200 and acknowledged."""
        self.request('INVITE', self.bodies(len(self.lines) if count is None else count, metadata,
                                           extra), headers)
        self.answered(self._learn_ports(len(self.lines) if count is None else count))
        self.has_dialog = True
        return self.request('ACK', cseq=self.cseq)

    def redirected(self, metadata, to):
        """An INVITE that is answered with 302; what follows goes to where it says."""
        self.request('INVITE', self.bodies(len(self.lines), metadata), SIPREC)
        ports = ('host', 'port')
        self.variables |= {'contact', *ports}
        self.steps.append(
            '<recv response="100" optional="true"/>\n<recv response="302"><action>'
            '<ereg regexp="@([0-9.]+):([0-9]+)" search_in="hdr" header="Contact:" '
            'check_it="true" assign_to="contact,host,port"/></action></recv>')
        self.has_dialog = True  # the answer's tag, in its ACK
        self.request('ACK', cseq=self.cseq)
        self.has_dialog = False
        self.steps.append('<nop><action><setdest host="[$host]" port="[$port]" protocol="udp"/>'
                          '</action></nop>')
        self.srs = f'sip:srs@{to[0]}:{to[1]}'
        return self

    def update(self, metadata=None, headers=()):
        return self.request('UPDATE', self.bodies(0, metadata), headers).answered()

    def refreshed(self, interval, by):
        """A session refresh: the recorder agrees to the interval and to who is next."""
        wanted = f'{interval};refresher={by}'
        self.request('UPDATE', (), ('Supported: timer', f'Session-Expires: {wanted}'))
        self.variables.add('timer')
        return self.answered(
            f'<action><ereg regexp="{wanted}" search_in="hdr" header="Session-Expires:" '
            'check_it="true" assign_to="timer"/></action>')

    def bye(self):
        return self.request('BYE').answered()

    # What it hears

    def answered(self, action='', status=200):
        self.steps.append(f'<recv response="100" optional="true"/>\n<recv response="{status}">'
                          f'{action}</recv>')
        return self

    def _learn_ports(self, count):
        names = [f'port{i}' for i in range(count)]
        self.variables |= {'all', *names}
        return (f'<action><ereg regexp="{".*".join(["m=audio ([0-9]+) "] * count)}" '
                f'search_in="body" check_it="true" assign_to="all,{",".join(names)}"/></action>')

    def asked(self, method, answer='200 OK'):
        """The recorder asks, and is answered."""
        self.steps.append(f'<recv request="{method}" timeout="60000"/>')
        self._send([f'SIP/2.0 {answer}', '[last_Via:]', '[last_From:]', '[last_To:]',
                    '[last_Call-ID:]', '[last_CSeq:]',
                    'Contact: <sip:sbc@[local_ip]:[local_port]>;+sip.src'], (), False)
        return self

    # Time

    def talk(self, phase, milliseconds=TALK_MS):
        ports = ' '.join(f'[${name}]' for name in sorted(self.variables)
                         if name.startswith('port') and name != 'port')
        self.steps.append(f'<nop><action><exec command="echo {ports} > {self.work}/{phase}"/>'
                          f'</action></nop>\n<pause milliseconds="{milliseconds}"/>')
        return self

    def wait(self, milliseconds=1000):
        self.steps.append(f'<pause milliseconds="{milliseconds}"/>')
        return self
