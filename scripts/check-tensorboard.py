"""Reads a run's event file with TensorBoard's own reader and compares every figure with progress.jsonl.

    python3 -m venv /tmp/tensorboard && /tmp/tensorboard/bin/pip install tensorboard
    /tmp/tensorboard/bin/python scripts/check-tensorboard.py RUN_FOLDER
    /tmp/tensorboard/bin/python scripts/check-tensorboard.py --golden test/training/loggers/golden.tfevents

With --golden it writes the file that the tests compare with, byte for byte, by TensorBoard's own writer.
"""

import json
import pathlib
import struct
import sys

from tensorboard.backend.event_processing import event_accumulator
from tensorboard.compat.proto import event_pb2, summary_pb2
from tensorboard.summary.writer.record_writer import RecordWriter

GOLDEN_SCALARS = [
    (1700000000.25, 0, {"rollout/ep_rew_mean": -1234.5}),
    (1700000001.5, 127, {"train/actor_loss": 0.0, "train/critic_loss": 1e-30, "train/n_updates": 16777216.0}),
    (1700000002.0, 128, {"eval/mean_reward": 0.1}),
    (1700000003.0, 300000, {"rollout/ep_len_mean": -0.0, "time/fps": 123456.789}),
    (1700000004.0, 5000000000, {"a" * 130: 1.0}),
]


def float32(value: float) -> float:
    return struct.unpack("<f", struct.pack("<f", value))[0]


def write_golden(path: str) -> None:
    with open(path, "wb") as file:
        writer = RecordWriter(file)
        writer.write(event_pb2.Event(wall_time=GOLDEN_SCALARS[0][0], file_version="brain.Event:2").SerializeToString())
        for wall_time, step, values in GOLDEN_SCALARS:
            summary = summary_pb2.Summary(
                value=[summary_pb2.Summary.Value(tag=tag, simple_value=value) for tag, value in values.items()]
            )
            writer.write(event_pb2.Event(wall_time=wall_time, step=step, summary=summary).SerializeToString())


def check(folder: pathlib.Path) -> int:
    accumulator = event_accumulator.EventAccumulator(str(folder), size_guidance={event_accumulator.SCALARS: 0})
    accumulator.Reload()
    found = {
        (tag, event.step): event.value
        for tag in accumulator.Tags()["scalars"]
        for event in accumulator.Scalars(tag)
    }
    expected = {}
    for line in (folder / "progress.jsonl").read_text().splitlines():
        figures = json.loads(line)
        step = figures.pop("step")
        expected.update({(tag, step): float32(value) for tag, value in figures.items()})
    wrong = {key for key in expected.keys() | found.keys() if expected.get(key) != found.get(key)}
    for key in sorted(wrong)[:10]:
        print(f"{key}: progress.jsonl says {expected.get(key)}, TensorBoard reads {found.get(key)}")
    tags = len(accumulator.Tags()["scalars"])
    print(f"{len(found)} figures under {tags} keys, {len(wrong)} of them wrong")
    return 1 if wrong or not found else 0


if __name__ == "__main__":
    if len(sys.argv) == 3 and sys.argv[1] == "--golden":
        write_golden(sys.argv[2])
    elif len(sys.argv) == 2:
        sys.exit(check(pathlib.Path(sys.argv[1])))
    else:
        sys.exit(__doc__)
