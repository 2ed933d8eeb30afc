"""What the benchmarks share: a program run and measured, a capture generated and kept, and how a
few runs of the same thing are told."""

import os
import pathlib
import statistics
import subprocess
import sys
import time
from typing import NamedTuple

ROOT = pathlib.Path(__file__).parent.parent
FOLDER = ROOT / 'build/bench'


class Run(NamedTuple):
    cpu_s: float   # user and system
    wall_s: float
    rss_bytes: int  # the most it ever had


def measured(command, watch=None, watch_s=0.0):
    """Runs a command to its end; ends this program with a sentence when it fails. `watch` is called
    with its process id every `watch_s` seconds while it runs."""
    words = [str(word) for word in command]
    began = time.monotonic()
    process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
    pid = 0
    while pid == 0:
        pid, status, usage = os.wait4(process.pid, os.WNOHANG if watch else 0)
        if pid == 0:
            watch(process.pid)
            time.sleep(watch_s)
    wall_s = time.monotonic() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f'it ended with {process.returncode}: {" ".join(words)}')
    return Run(usage.ru_utime + usage.ru_stime, wall_s, usage.ru_maxrss * 1024)


def capture(generate, calls, seconds, *options):
    """The path of a generated capture; it is made once and kept."""
    options = [str(option) for option in options]
    name = '-'.join([f'{calls}x{seconds}', *(option.lstrip('-') for option in options)])
    path = FOLDER / f'{name}.pcap'
    if not path.exists():
        print(f'Generating {path.relative_to(ROOT)} ...', flush=True)
        FOLDER.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix('.part')
        subprocess.run([str(generate), '--calls', str(calls), '--seconds', str(seconds), *options,
                        '-o', str(part)], check=True, stdout=subprocess.DEVNULL)
        part.rename(path)
    return path


def packets_in(path):
    """How many packets a pcap file holds. Reads all of it, so that it is in memory afterwards."""
    count = 0
    with open(path, 'rb') as file:
        file.read(24)
        while header := file.read(16):
            file.read(int.from_bytes(header[8:12], 'little'))
            count += 1
    return count


def bytes_under(folder):
    return sum(path.stat().st_size for path in folder.rglob('*') if path.is_file())


class Spread(NamedTuple):
    """The least, the middle and the most of some measurements of one thing."""
    least: float
    middle: float
    most: float


def spread(values):
    return Spread(min(values), statistics.median(values), max(values))


def number_of(name, default):
    """A number from the environment; what is no number is refused with a sentence."""
    text = os.environ.get(name) or str(default)
    try:
        return type(default)(text)
    except ValueError:
        sys.exit(f'{name}={text} is not a number')
