"""Runs CleanRL's DDPG or TD3 script on a classic task and prints its speed, one JSON object.

python cleanrl_train.py {ddpg-pendulum,td3-inverted-pendulum} --steps N [--seed S] [--threads N] [--net 256,256]
    [--batch-size 64] [--learning-starts 1000] [--policy-frequency 1] [--evaluate EPISODES] ...

The scripts are those of the package `cleanrl` 1.2.0 on PyPI, run as they are, through their own arguments. They were
written for older packages; what is done about it, and nothing else:
- `gymnasium.vector.SyncVectorEnv` resets as it did before Gymnasium 1.0 (in the step that ends an episode) and tells the
  last observation under its old name, `final_observation`.
- TD3's script imports the older `gym`: a module of that name gives it Gymnasium with gym 0.21's answers (`reset` without
  info, `step` with one `done`, a list of infos).
- `distutils.util.strtobool`, which Python 3.12 removed, is given back.
- With another `--net` than 256,256, the numbers of units in the text of its two networks are replaced.

One update per environment step after `learning_starts`; `--policy-frequency 1` updates actor and targets each time, as
Stable-Baselines3's DDPG does (CleanRL's own default is 2 for both). `stepsPerS` counts environment steps in the training
phase, from the script's second speed line after `learning_starts` to its last; it prints one each 100 steps.
"""
import argparse
import contextlib
import io
import json
import os
import pathlib
import re
import sys
import tempfile
import time
import types
from importlib import metadata

import gymnasium
import numpy
import torch

TASKS = {
    'ddpg-pendulum': ('ddpg_continuous_action.py', 'Pendulum-v1'),
    'td3-inverted-pendulum': ('td3_continuous_action.py', 'InvertedPendulum-v5'),
}
SPEED_LINE_STEPS = 100


class OldSyncVectorEnv(gymnasium.vector.SyncVectorEnv):
    """Gymnasium 0.29's: the step that ends an episode resets, and its info has `final_observation`."""

    def __init__(self, environment_makers):
        super().__init__(environment_makers, autoreset_mode=gymnasium.vector.AutoresetMode.SAME_STEP)

    def step(self, actions):
        observations, rewards, terminated, truncated, infos = super().step(actions)
        if 'final_obs' in infos:
            infos = {'final_observation': infos['final_obs']}
        return observations, rewards, terminated, truncated, infos


class OldestSyncVectorEnv(OldSyncVectorEnv):
    """gym 0.21's: `reset` without info, `step` with one `done`, a list of infos."""

    def reset(self, **options):
        return super().reset(**options)[0]

    def step(self, actions):
        observations, rewards, terminated, truncated, infos = super().step(actions)
        final = infos.get('final_observation')
        listed = [
            {} if final is None or final[index] is None
            else {'terminal_observation': final[index], 'TimeLimit.truncated': bool(cut and not terminated[index])}
            for index, cut in enumerate(truncated)
        ]
        return observations, rewards, terminated | truncated, listed


class OldEnvironment(gymnasium.Wrapper):
    """gym's environments had `seed`."""

    def seed(self, seed):
        self.env.reset(seed=seed)


def old_gym():
    """A module `gym` for TD3's script."""
    module = types.ModuleType('gym')
    module.make = lambda name: OldEnvironment(gymnasium.make(name))
    module.spaces = gymnasium.spaces
    module.wrappers = types.SimpleNamespace(
        RecordEpisodeStatistics=lambda env: OldEnvironment(gymnasium.wrappers.RecordEpisodeStatistics(env)))
    module.vector = types.SimpleNamespace(SyncVectorEnv=OldestSyncVectorEnv)
    return module


def old_distutils():
    util = types.ModuleType('distutils.util')
    util.strtobool = lambda text: {'true': 1, '1': 1, 'false': 0, '0': 0}[text.lower()]
    return {'distutils': types.ModuleType('distutils'), 'distutils.util': util}


def with_units(source, first, second):
    """Another number of units in the two networks; every other 256 (the batch size, say) stays."""
    start, end = source.index('class QNetwork'), source.index('if __name__ == "__main__"')
    networks = source[start:end]
    for old, new in (
        ('nn.Linear(256, 256)', 'nn.Linear(FIRST, SECOND)'),
        (', 256)', ', FIRST)'),
        ('nn.Linear(256, ', 'nn.Linear(SECOND, '),
    ):
        if networks.count(old) != 2:
            sys.exit(f'expected {old!r} in both networks of the script, found it {networks.count(old)} times')
        networks = networks.replace(old, new)
    return source[:start] + networks.replace('FIRST', str(first)).replace('SECOND', str(second)) + source[end:]


class SpeedLines(io.TextIOBase):
    """Standard output of the script: remembers when each `SPS:` line came."""

    def __init__(self):
        self.times = []

    def write(self, text):
        if text.startswith('SPS:'):
            self.times.append(time.perf_counter())
        return len(text)


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    parser.add_argument('task', choices=TASKS)
    parser.add_argument('--steps', type=int, required=True, help='environment steps in all')
    parser.add_argument('--seed', type=int, default=0)
    parser.add_argument('--threads', type=int, default=os.cpu_count(), help='of PyTorch (default: all processors)')
    parser.add_argument('--net', default='256,256', help='units of the two hidden layers, ReLU (default 256,256)')
    parser.add_argument('--batch-size', type=int, default=64)
    parser.add_argument('--buffer-size', type=int, default=1_000_000)
    parser.add_argument('--learning-starts', type=int, default=1000)
    parser.add_argument('--learning-rate', type=float, default=1e-3)
    parser.add_argument('--tau', type=float, default=0.005)
    parser.add_argument('--gamma', type=float, default=0.99)
    parser.add_argument('--noise', type=float, default=0.1, help="of exploration, in units of half the action's range")
    parser.add_argument('--policy-frequency', type=int, help='default: 1 for DDPG, 2 for TD3, as in Stable-Baselines3')
    parser.add_argument('--evaluate', type=int, default=0, metavar='EPISODES', help='mean return without noise')
    arguments = parser.parse_args()
    if arguments.policy_frequency is None:
        arguments.policy_frequency = 1 if arguments.task.startswith('ddpg') else 2
    if arguments.steps < arguments.learning_starts + 4 * SPEED_LINE_STEPS:
        parser.error(f'expected --steps to be {4 * SPEED_LINE_STEPS} more than --learning-starts, or more')
    return arguments


def evaluate(actor, environment_name, episodes, seed):
    """Returns of so many episodes without noise."""
    environment = gymnasium.make(environment_name)
    returns = []
    for episode in range(episodes):
        observation, _ = environment.reset(seed=seed + 1_000_000 + episode)
        total, over = 0.0, False
        while not over:
            with torch.no_grad():
                action = actor(torch.Tensor(observation[None]))[0].numpy()
            observation, reward, terminated, truncated, _ = environment.step(action)
            total, over = total + float(reward), terminated or truncated
        returns.append(total)
    return returns


def main():
    arguments = parse_arguments()
    torch.set_num_threads(arguments.threads)
    script, environment_name = TASKS[arguments.task]
    # The package's folder is not imported: its `__init__` is not there, and its scripts are programs.
    path = pathlib.Path(metadata.distribution('cleanrl').locate_file('cleanrl')) / script
    source = path.read_text()
    first, second = (int(units) for units in arguments.net.split(','))
    if (first, second) != (256, 256):
        source = with_units(source, first, second)
    gymnasium.vector.SyncVectorEnv = OldSyncVectorEnv
    sys.modules |= {'gym': old_gym(), **old_distutils()}
    passed_on = {
        'env-id': environment_name, 'total-timesteps': arguments.steps, 'seed': arguments.seed, 'cuda': 'False',
        'batch-size': arguments.batch_size, 'buffer-size': arguments.buffer_size,
        'learning-starts': arguments.learning_starts, 'learning-rate': arguments.learning_rate, 'tau': arguments.tau,
        'gamma': arguments.gamma, 'exploration-noise': arguments.noise, 'policy-frequency': arguments.policy_frequency,
    }
    sys.argv = [str(path), *(word for name, value in passed_on.items() for word in (f'--{name}', str(value)))]
    names = {'__name__': '__main__', '__file__': str(path)}
    speed_lines = SpeedLines()
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder), contextlib.redirect_stdout(speed_lines):
        start = time.perf_counter()
        exec(compile(source, str(path), 'exec'), names)
        end = time.perf_counter()
    times = speed_lines.times[1:]
    result = {
        'engine': 'cleanrl',
        'version': metadata.version('cleanrl'),
        'script': script,
        'torch': torch.__version__,
        'gymnasium': gymnasium.__version__,
        **vars(arguments),
        'net': [first, second],
        'stepsPerS': SPEED_LINE_STEPS * (len(times) - 1) / (times[-1] - times[0]),
        'overallStepsPerS': arguments.steps / (end - start),
    }
    if arguments.evaluate > 0:
        returns = evaluate(names['actor'], environment_name, arguments.evaluate, arguments.seed)
        result |= {'meanReturn': float(numpy.mean(returns)), 'worstReturn': min(returns)}
    print(json.dumps(result))


if __name__ == '__main__':
    main()
