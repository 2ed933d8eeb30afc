#!/usr/bin/env python3
"""Generates calls with a known truth, records them, and compares every count and every sample.

    truth_check.py --naklank PROGRAM --generate PROGRAM --work FOLDER NAME -- GENERATOR OPTIONS ...

The ledger of each track must equal the truth exactly: received, lost, late, duplicate; dropped by us
and undecodable 0. The track's samples from its first packet to its last must hash to what was sent,
lost packets as silence; the two sides must lie as far apart as they were sent, to a millisecond (--skew-ms).
"""

import argparse
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


def check_call(naklank, archive, truth, recording, is_exact, skew_ms):
    wrong = []
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
            if hashlib.sha256(samples).hexdigest() != sent["s16le_sha256"]:
                wrong.append(f"track {index + 1}: {len(samples) // 2} samples are not what was "
                             f"sent ({sent['samples']} samples)")
    if is_exact and len(tracks) == 2:
        details = json.loads(run(naklank, "show", recording["id"], "--archive", archive, "--json"))
        begin = {t["track"]: t["sound_from_ms"] for t in details["tracks"]}
        sent_ms = (truth["parties"][1]["first_ns"] - truth["parties"][0]["first_ns"]) / 1e6
        if abs(begin[2] - begin[1] - sent_ms) > skew_ms:
            wrong.append(f"the sides lie {begin[2] - begin[1]} ms apart, in truth {sent_ms}")
    return wrong


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--naklank", required=True)
    parser.add_argument("--generate", required=True)
    parser.add_argument("--work", required=True, type=pathlib.Path)
    parser.add_argument("--counts-only", action="store_true")
    parser.add_argument("--skew-ms", type=float, default=1.0)
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
                          args.skew_ms)
        wrong += [f"{call['caller']}: {what}" for what in said]
    print("\n".join(wrong[:40]) or f"{len(truth)} calls are as they were sent")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
