"""Reads runs' event files with TensorBoard's own reader and compares every figure with progress.jsonl.

    python3 -m venv /tmp/tensorboard && /tmp/tensorboard/bin/pip install tensorboard
    /tmp/tensorboard/bin/python scripts/check-tensorboard.py RUN_FOLDER
    /tmp/tensorboard/bin/python scripts/check-tensorboard.py --golden test/training/loggers/golden.tfevents

The folder is a run's, or one that holds several, as `tensorboard --logdir` takes them: each of them has to be found under
its name. Times may not go back, nor steps under a key.

With --golden it writes the file that the tests compare with, byte for byte, by TensorBoard's own writer.
"""

import json
import pathlib
import struct
import sys

from tensorboard.backend.event_processing import event_accumulator, event_file_loader, plugin_event_multiplexer
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


def figures_of(folder: pathlib.Path) -> dict:
    """Every figure that the run wrote down, by key and step."""
    figures = {}
    for line in (folder / "progress.jsonl").read_text().splitlines():
        values = json.loads(line)
        step = values.pop("step")
        figures.update({(tag, step): float32(value) for tag, value in values.items()})
    return figures


def shown_figures(folder: pathlib.Path) -> dict:
    """What TensorBoard's reader makes of the run's event file."""
    accumulator = event_accumulator.EventAccumulator(str(folder), size_guidance={event_accumulator.SCALARS: 0})
    accumulator.Reload()
    figures = {}
    for tag in accumulator.Tags()["scalars"]:
        events = accumulator.Scalars(tag)
        assert all(a.step <= b.step for a, b in zip(events, events[1:])), f"steps of {tag} go back in {folder}"
        figures.update({(tag, event.step): event.value for event in events})
    return figures


def check_file(folder: pathlib.Path) -> None:
    """The records themselves: their checksums, the format's version first, times that do not go back."""
    (path,) = folder.glob("*tfevents*")
    events = list(event_file_loader.LegacyEventFileLoader(str(path)).Load())
    assert events[0].file_version == "brain.Event:2", f"no version at the start of {path}"
    times = [event.wall_time for event in events]
    assert times == sorted(times), f"times go back in {path}"


def check_run(folder: pathlib.Path) -> bool:
    check_file(folder)
    expected, shown = figures_of(folder), shown_figures(folder)
    wrong = {key for key in expected.keys() | shown.keys() if expected.get(key) != shown.get(key)}
    for key in sorted(wrong)[:10]:
        print(f"{key}: progress.jsonl says {expected.get(key)}, TensorBoard reads {shown.get(key)}")
    print(f"{folder}: {len(shown)} figures under {len({tag for tag, _ in shown})} keys, {len(wrong)} of them wrong")
    return bool(shown) and not wrong


def main(folder: pathlib.Path) -> int:
    multiplexer = plugin_event_multiplexer.EventMultiplexer().AddRunsFromDirectory(str(folder))
    multiplexer.Reload()
    found = {(folder / name).resolve() for name in multiplexer.Runs()}
    expected = {path.parent.resolve() for path in folder.rglob("progress.jsonl")}
    for run in sorted(expected ^ found):
        print(f"{run}: {'TensorBoard does not find it' if run in expected else 'is no run, but TensorBoard shows it'}")
    sound = [check_run(run) for run in sorted(expected)]
    print(f"{len(sound)} runs, {sum(sound)} of them sound")
    return 0 if sound and all(sound) and found == expected else 1


if __name__ == "__main__":
    if len(sys.argv) == 3 and sys.argv[1] == "--golden":
        write_golden(sys.argv[2])
    elif len(sys.argv) == 2 and not sys.argv[1].startswith("-"):
        sys.exit(main(pathlib.Path(sys.argv[1])))
    else:
        sys.exit(__doc__)
