#!/usr/bin/env python3
"""Generates calls with a known truth, records them, and compares every count and every sample.

    truth_check.py --naklank PROGRAM --generate PROGRAM --work FOLDER NAME -- GENERATOR OPTIONS ...

The ledger of each track must equal the truth exactly: received, lost, late, duplicate; dropped by us
and undecodable 0. The track's samples from its first packet to its last must hash to what was sent,
lost packets as silence; the two sides must lie as far apart as they were sent, to a millisecond (--skew-ms),
where they begin and where they end (--end-skew-ms, when their clocks drift; the gaps that keep the sides
together then are no part of what was sent).
"""

import argparse
import array
import hashlib
import json
import pathlib
import shutil
import subprocess
import sys

COUNTS = ("received", "lost", "late", "duplicate")
LIMIT_S = 300


def run(*command):
    return subprocess.run(list(map(str, command)), check=True, capture_output=True,
                          timeout=LIMIT_S).stdout


def without_drift(samples, track, rate_hz):
    """The track's samples from its first packet to its last, without the gaps of a drifting clock. These
    are told to a millisecond, so what is silent there is left out: A-law knows no 0."""
    sound = array.array("h", samples)
    if sys.byteorder == "big":
        sound.byteswap()
    kept, at = array.array("h"), 0
    for gap in track["gaps"]:
        if gap["cause"] != "clock-drift":
            continue
        begin, end = (round((gap[edge] - track["sound_from_ms"]) * rate_hz / 1000)
                      for edge in ("from_ms", "to_ms"))
        begin, end = begin - rate_hz // 1000, end + rate_hz // 1000
        kept += sound[at:begin]
        kept.extend(sample for sample in sound[begin:end] if sample)
        at = end
    kept += sound[at:]
    if sys.byteorder == "big":
        kept.byteswap()
    return kept.tobytes()


def check_call(naklank, archive, truth, recording, is_exact, skew_ms, end_skew_ms):
    wrong = []
    details = json.loads(run(naklank, "show", recording["id"], "--archive", archive, "--json"))
    shown = {t["track"]: t for t in details["tracks"]}
    tracks = {t["track"]: t for t in recording["tracks"]}
    for index, sent in enumerate(truth["parties"]):
        track = tracks.get(index + 1)
        if track is None:
            wrong.append(f"track {index + 1} is missing")
            continue
        expected = {name: sent[name] for name in COUNTS} | {"dropped_by_us": 0, "undecodable": 0}
        for name, count in expected.items():
            if track["packets"][name] != count:
                wrong.append(f"track {index + 1}: {name} {track['packets'][name]}, "
                             f"in truth {count}")
        if is_exact:
            samples = run(naklank, "export", recording["id"], "--archive", archive,
                          "--track", index + 1, "--format", "s16le", "--trim", "-o", "-")
            samples = without_drift(samples, shown[index + 1], truth["rate_hz"])
            if hashlib.sha256(samples).hexdigest() != sent["s16le_sha256"]:
                wrong.append(f"track {index + 1}: {len(samples) // 2} samples are not what was "
                             f"sent ({sent['samples']} samples)")
    if is_exact and len(tracks) == 2:
        for edge, known, most in (("sound_from_ms", "first_ns", skew_ms),
                                  ("sound_to_ms", "until_ns", end_skew_ms)):
            apart = shown[2][edge] - shown[1][edge]
            sent_ms = (truth["parties"][1][known] - truth["parties"][0][known]) / 1e6
            if end_skew_ms != skew_ms:
                print(f"{edge}: the sides are {apart - sent_ms:+.1f} ms off")
            if abs(apart - sent_ms) > most:
                wrong.append(f"{edge}: the sides lie {apart} ms apart, in truth {sent_ms}")
    return wrong


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--naklank", required=True)
    parser.add_argument("--generate", required=True)
    parser.add_argument("--work", required=True, type=pathlib.Path)
    parser.add_argument("--counts-only", action="store_true")
    parser.add_argument("--skew-ms", type=float, default=1.0)
    parser.add_argument("--end-skew-ms", type=float)
    parser.add_argument("name")
    parser.add_argument("options", nargs="*")
    args = parser.parse_args()
    work = args.work / args.name
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    capture, truth_file, archive = work / "calls.pcap", work / "truth.json", work / "archive"
    run(args.generate, *args.options, "--truth", truth_file, "-o", capture)
    recordings = json.loads(
        run(args.naklank, "record", "--read", capture, "--archive", archive, "--json"))
    truth = json.loads(truth_file.read_text())["calls"]
    wrong = []
    if len(recordings) != len(truth):
        wrong.append(f"{len(recordings)} recordings of {len(truth)} calls")
    by_caller = {r["caller"]["number"]: r for r in recordings}
    for call in truth:
        recording = by_caller.get(call["caller"])
        if recording is None:
            wrong.append(f"the call of {call['caller']} was not recorded")
            continue
        said = check_call(args.naklank, archive, call, recording, not args.counts_only,
                          args.skew_ms, args.end_skew_ms or args.skew_ms)
        wrong += [f"{call['caller']}: {what}" for what in said]
    print("\n".join(wrong[:40]) or f"{len(truth)} calls are as they were sent")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
