"""How many instructions each room executes: callgrind runs the program and counts, and what it
counted is added up by room.

An instruction belongs to the room whose file it was written in, also where it was inlined
elsewhere; one from a header of the standard library, to the room of the function that it became
part of. A library counts under its own name. What the kernel does is not counted."""

import pathlib
import re
import subprocess
import sys
from collections import Counter
from typing import NamedTuple

ROOM_OF_FILE = re.compile(r'.*(?:^|/)src/([a-z]+)/')
ROOM_OF_NAME = re.compile(r'\bnk::(?:([a-z_]+)::)?')
ROOM_OF_NAMESPACE = {'tap': 'intake', 'journal': 'recording', 'generate': 'others'}
OTHERS = 'others'
NAMED = re.compile(r'(fl|fi|fe|fn|ob|cob|cfi|cfl|cfn)=\((\d+)\)(?: (.*))?$')
KINDS = {'fl': 'file', 'fi': 'file', 'fe': 'file', 'cfi': 'file', 'cfl': 'file', 'fn': 'function',
         'cfn': 'function', 'ob': 'object', 'cob': 'object'}


def library_of(path):
    """/usr/lib/libFLAC.so.12.0.0: libFLAC"""
    return pathlib.Path(path).name.split('.so')[0]


def owner(program, object_path, home, file, function, rooms):
    """Whose an instruction is: a room's or a library's name."""
    if not object_path.endswith('/' + program):
        return library_of(object_path)
    for path in (file, home):
        match = ROOM_OF_FILE.match(path)
        if match and match[1] in rooms:
            return match[1]
    match = ROOM_OF_NAME.search(function)
    if not match:
        return OTHERS
    namespace = match[1] or 'base'
    room = ROOM_OF_NAMESPACE.get(namespace, namespace)
    return room if room in rooms else 'base' if match[1] is None else OTHERS


def added_up(lines, program, rooms):
    """A Counter of instructions by room or library, from the lines of callgrind's file."""
    counts = Counter()
    names = {'file': {}, 'function': {}, 'object': {}}
    here = {'ob': '', 'fl': '', 'file': '', 'fn': ''}
    whose = None
    is_of_callee = False
    for line in lines:
        line = line.rstrip('\n')
        named = NAMED.match(line)
        if named:
            key, number, name = named.groups()
            known = names[KINDS[key]]
            if name is not None:
                known[number] = name
            if key[0] == 'c':
                continue
            if key in ('fl', 'fi', 'fe'):
                here['file'] = known[number]
            if key in here:
                here[key] = known[number]
            whose = None
        elif line.startswith('calls='):
            is_of_callee = True  # the next line is what the called function cost
        elif line[:1] in '0123456789+-*' and line:
            if is_of_callee:
                is_of_callee = False
                continue
            whose = whose or owner(program, here['ob'], here['fl'], here['file'], here['fn'], rooms)
            counts[whose] += int(line.split(' ')[1])
    return counts


def counted(program, arguments, out):
    """Runs the program under callgrind; gives the lines of its file, which is left at `out`."""
    command = ['valgrind', '--tool=callgrind', f'--callgrind-out-file={out}', str(program),
               *map(str, arguments)]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f'it ended with {done.returncode}: {" ".join(command)}\n{done.stderr[-2000:]}')
    return pathlib.Path(out).read_text(errors='replace').splitlines()


class Row(NamedTuple):
    name: str
    base: int
    here: int
    is_judged: bool  # it is large enough

    @property
    def ratio(self):
        if self.base == 0:
            return float('inf') if self.here else 1.0
        return self.here / self.base


def compared(base, here, rooms, share_min):
    """Rows, the dearest first: each room, all rooms, each library, and the whole. Judged is who has
    more than `share_min` of its kind in either of the two: the libraries, who do most, would make
    every room look small."""
    ours = {name for name in {*base, *here} if name in rooms or name == OTHERS}

    def rows_of(names, whole):
        rows = [Row(name, base[name], here[name], base[name] > share_min * whole.base
                    or here[name] > share_min * whole.here) for name in names]
        return sorted(rows, key=lambda row: (-row.here, row.name))

    def sum_of(title, names):
        return Row(title, sum(base[name] for name in names), sum(here[name] for name in names),
                   True)

    libraries = {*base, *here} - ours
    all_ours = sum_of('all rooms', ours)
    return [*rows_of(ours, all_ours), all_ours,
            *rows_of(libraries, sum_of('libraries', libraries)),
            sum_of('the whole', {*base, *here})]


def above(rows, limit):
    """A sentence for each judged row that is above the limit."""
    return [f'{row.name}: {row.ratio:.3f} times the instructions of the base; the limit is '
            f'{limit:g}' for row in rows if row.is_judged and row.ratio > limit]
