"""One run of `naklank record`, watched: what each of its strands costs, what it leaves behind, and
what it costs when there is nothing to do."""

import json
import pathlib
import shutil
import subprocess
import sys
import time
from typing import NamedTuple

import measure

WATCH_S = 0.02
SETTLE_S = 1
# The receive path, from the packet to the journal's file: the program's first strand and the
# journal's. The third, nk-sealing, is not of it.
RECEIVING = ('receiving', 'nk-journal')
END_S = 20


def cpu_of_strands(pid):
    """CPU seconds of each of a process's strands by name; what has ended is not in it."""
    found = {}
    for task in pathlib.Path(f'/proc/{pid}/task').glob('*'):
        try:
            is_first = task.name == str(pid)
            name = RECEIVING[0] if is_first else (task / 'comm').read_text().strip()
            found[name] = int((task / 'schedstat').read_text().split()[0]) / 1e9
        except (OSError, IndexError):
            pass  # it has ended in the meantime
    return found


class Recorded(NamedTuple):
    run: measure.Run
    receiving_cpu_s: float
    archive_bytes: int


def recorded(naklank, path, archive):
    """Records that capture into a fresh archive, which is taken away again."""
    shutil.rmtree(archive, ignore_errors=True)
    strands = {}

    def watch(pid):
        strands.update(cpu_of_strands(pid))

    run = measure.measured([naklank, 'record', '--read', path, '--archive', archive, '--quiet'],
                           watch, WATCH_S)
    kept = measure.bytes_under(archive)
    shutil.rmtree(archive)
    return Recorded(run, sum(strands.get(name, 0) for name in RECEIVING), kept)


def idle_cpu(naklank, archive, seconds):
    """The part of a core that a live recorder takes on a quiet interface, in percent; None when it
    cannot be started (it needs root)."""
    shutil.rmtree(archive, ignore_errors=True)
    script = 'ip link set lo up && exec "$@"'
    recorder = subprocess.Popen(
        ['unshare', '--net', 'sh', '-c', script, 'sh', naklank, 'record', '--interface', 'lo',
         '--basis', 'own-line', '--archive', archive, '--quiet'],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        time.sleep(SETTLE_S)
        before, began = cpu_of_strands(recorder.pid), time.monotonic()
        time.sleep(seconds)
        after, ended = cpu_of_strands(recorder.pid), time.monotonic()
        if recorder.poll() is not None or not set(RECEIVING) <= set(after):
            return None
        return 100 * (sum(after.values()) - sum(before.values())) / (ended - began)
    finally:
        recorder.terminate()
        try:
            recorder.wait(END_S)
        except subprocess.TimeoutExpired:
            recorder.kill()
            recorder.wait()
        shutil.rmtree(archive, ignore_errors=True)


def stages(naklank, path, archive):
    """Seconds by stage, of a run of its own: looking at the clock so often costs some, too."""
    shutil.rmtree(archive, ignore_errors=True)
    done = subprocess.run([naklank, 'record', '--read', path, '--archive', archive, '--quiet',
                           '--stages'], capture_output=True, text=True)
    shutil.rmtree(archive, ignore_errors=True)
    lines = [line for line in done.stderr.splitlines() if line.startswith('{')]
    if done.returncode or not lines:
        sys.exit(f'naklank record --stages ended with {done.returncode}')
    return {name[:-2]: spent for name, spent in json.loads(lines[-1]).items()
            if name.endswith('_s')}
