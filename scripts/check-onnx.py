"""Checks policies that `torcs-pilot export` wrote with other people's readers: ONNX's checker and its reference
implementation, and ONNX Runtime.

    python3 -m venv /tmp/onnx && /tmp/onnx/bin/pip install onnx onnxruntime
    /tmp/onnx/bin/python scripts/check-onnx.py MODEL.onnx...
    /tmp/onnx/bin/python scripts/check-onnx.py --cases CASES.json

Without cases, a model gets random observations, one at a time and several together, and both implementations have to
agree. CASES.json, which the tests write, is a list of {"model", "observations": [{"state", "pixels"}], "actions"}: the
actions are ours, over an episode, and both have to give them within 1e-5.
"""

import json
import sys

import numpy
import onnx
import onnxruntime
from onnx.reference import ReferenceEvaluator

TOLERANCE = 1e-5
ROWS = 3
OBSERVATIONS = 5
TYPES = {"tensor(float)": numpy.float32, "tensor(uint8)": numpy.uint8}


class Policy:
    """Runs a model in both implementations, remembering what it remembers."""

    def __init__(self, path):
        model = onnx.load(path)
        onnx.checker.check_model(model, full_check=True)
        domains = {node.domain for node in model.graph.node} | {entry.domain for entry in model.opset_import}
        assert domains == {""}, f"expected ONNX's own operators only, got those of {domains}"
        self.session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
        self.reference = ReferenceEvaluator(model)
        metadata = self.session.get_modelmeta().custom_metadata_map
        assert metadata["format"] == "torcs-pilot-policy-onnx", metadata
        self.links = json.loads(metadata["recurrent"])
        self.inputs = {value.name: value for value in self.session.get_inputs()}
        self.outputs = [value.name for value in self.session.get_outputs()]
        self.memories = {}

    def shape(self, name, rows):
        return [rows, *self.inputs[name].shape[1:]]

    def act(self, observation, rows=1):
        """Actions by ONNX Runtime and by the reference implementation."""
        answers = []
        for kind, run in (("runtime", self.session.run), ("reference", self.reference.run)):
            feeds = {
                name: numpy.asarray(observation[name], TYPES[value.type]).reshape(self.shape(name, rows))
                for name, value in self.inputs.items()
                if name in ("state", "pixels")
            }
            for link in self.links:
                name = link["input"]
                zeros = numpy.zeros(self.shape(name, rows), numpy.float32)
                feeds[name] = self.memories.get((kind, name), zeros)
            results = dict(zip(self.outputs, run(self.outputs, feeds)))
            for link in self.links:
                self.memories[kind, link["input"]] = results[link["output"]]
            answers.append(results["action"])
        return answers


def difference(one, other):
    return float(numpy.max(numpy.abs(numpy.asarray(one, numpy.float64) - numpy.asarray(other, numpy.float64))))


def check_alone(path):
    random = numpy.random.default_rng(0)
    worst = 0.0
    for rows in (1, ROWS):
        policy = Policy(path)
        for _ in range(OBSERVATIONS):
            observation = {
                name: random.integers(0, 256, policy.shape(name, rows))
                if value.type == "tensor(uint8)"
                else random.normal(size=policy.shape(name, rows))
                for name, value in policy.inputs.items()
            }
            worst = max(worst, difference(*policy.act(observation, rows)))
    return worst


def check_case(case):
    policy = Policy(case["model"])
    worst = 0.0
    for observation, action in zip(case["observations"], case["actions"], strict=True):
        for answer in policy.act(observation):
            worst = max(worst, difference(answer[0], action))
    return worst


def main(words):
    if not words or words[0].startswith("-") and words[0] != "--cases":
        sys.exit(__doc__)
    if words[0] == "--cases":
        with open(words[1], encoding="utf-8") as file:
            checks = [(case["model"], check_case, case) for case in json.load(file)]
    else:
        checks = [(path, check_alone, path) for path in words]
    failed = False
    for path, check, argument in checks:
        worst = check(argument)
        failed |= not worst <= TOLERANCE
        print(f"{path}: actions differ by at most {worst:.1e}")
    versions = f"onnx {onnx.__version__}, onnxruntime {onnxruntime.__version__}"
    print(f"{len(checks)} models, {versions}: {'FAILED' if failed else 'ok'}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
