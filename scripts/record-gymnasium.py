"""Records what Gymnasium does, for test/environments/gymnasium.test.ts to compare with. Not needed by the product.

python3 -m venv venv && venv/bin/pip install 'gymnasium[mujoco]'
venv/bin/python scripts/record-gymnasium.py test/environments/vectors

Writes one file of JSON lines for each task: a line of provenance, then a line for each episode. An episode starts from
a given state, and is driven by given actions (float32) to its end, or as far as they go.
"""
import json
import math
import pathlib
import platform
import sys
import warnings

import gymnasium
import mujoco
import numpy

STEPS = 200
RANDOM = numpy.random.default_rng(20240501)


def uniform(low, high, size, steps=STEPS):
    return RANDOM.uniform(low, high, (steps, size)).astype(numpy.float32)


def alternating(amplitudes, period, steps=STEPS):
    """Full action one way, then the other; each entry with a period of its own."""
    rows = [[a if (step // (period + 3 * i)) % 2 == 0 else -a for i, a in enumerate(amplitudes)] for step in range(steps)]
    return numpy.array(rows, dtype=numpy.float32)


def digits(value):
    """Nine decimals: a thousand times finer than what is compared."""
    return round(float(value), 9)


def action_digits(value):
    return float(numpy.format_float_positional(value, unique=True))


def run(environment, name, state, act, set_state, read_state):
    """One episode. `act(step, observation)` gives the action, or None to stop."""
    environment.reset(seed=1)
    observation = set_state(environment.unwrapped, state)
    episode = {
        'name': name, 'state': [float(x) for x in state], 'observation': [digits(x) for x in observation],
        'actions': [], 'observations': [], 'states': [], 'rewards': [],
    }
    terminated = truncated = False
    step = 0
    while not (terminated or truncated):
        action = act(step, observation)
        if action is None:
            break
        observation, reward, terminated, truncated, _ = environment.step(action)
        episode['actions'].append([action_digits(x) for x in action])
        episode['observations'].append([digits(x) for x in observation])
        if read_state is not None:
            episode['states'].append([digits(x) for x in read_state(environment.unwrapped)])
        episode['rewards'].append(digits(reward))
        step += 1
    if read_state is None:
        del episode['states']
    episode['terminated'] = bool(terminated)
    episode['truncated'] = bool(truncated)
    return episode


def replay(actions):
    return lambda step, _: actions[step] if step < len(actions) else None


def pendulum():
    def set_state(pendulum, state):
        pendulum.state = numpy.array(state)
        return pendulum._get_obs()

    environment = gymnasium.make('Pendulum-v1', disable_env_checker=True)
    cases = [
        ('random torque, from hanging', [math.pi, 0.0], uniform(-2, 2, 1)),
        ('random torque, from upright', [0.05, -0.3], uniform(-2, 2, 1)),
        ('full torque to and fro', [-2.0, 1.0], alternating([2], 14)),
        ('torque beyond the bounds, from the greatest speed', [3.0, 8.0], alternating([7.5], 25)),
        ('no torque', [1.0, 0.0], numpy.zeros((STEPS, 1), numpy.float32)),
    ]
    episodes = [run(environment, name, state, replay(actions), set_state, lambda e: e.state)
                for name, state, actions in cases]
    return {'Pendulum-v1': {}}, episodes


def inverted_pendulum():
    def set_state(environment, state):
        environment.set_state(numpy.array(state[:2]), numpy.array(state[2:]))
        return environment._get_obs()

    def balance(noise, pull):
        """Keeps the pole up while pulled about: the closed loop lets no difference grow."""
        gains = numpy.array([0.4, 6.0, 0.6, 1.5])

        def act(step, observation):
            aim = pull * math.sin(step / 9)
            action = gains @ (observation - numpy.array([aim, 0, 0, 0])) + noise[step, 0]
            return numpy.array([action], dtype=numpy.float32)
        return act

    environment = gymnasium.make('InvertedPendulum-v5', disable_env_checker=True)
    cases = [
        ('no force, from upright', [0.0, 0.001, 0.0, 0.0], replay(uniform(0, 0, 1))),
        ('no force, leaning left', [0.1, -0.02, 0.0, 0.0], replay(uniform(0, 0, 1))),
        ('random force', [0.0, 0.01, 0.0, -0.01], replay(uniform(-3, 3, 1))),
        ('a little random force', [-0.01, 0.0, 0.005, 0.0], replay(uniform(-0.1, 0.1, 1))),
        ('full force to the right', [0.0, 0.0, 0.0, 0.0], replay(alternating([3], STEPS))),
        ('force beyond the bounds, to and fro', [0.0, 0.0, 0.0, 0.0], replay(alternating([40], 1))),
        ('into the end of the rail', [0.97, 0.15, 1.0, -1.0], replay(uniform(-3, 3, 1))),
        ('away from the end of the rail', [-1.0, -0.1, 0.5, 0.5], replay(uniform(-0.5, 0.5, 1))),
        ('already fallen', [0.0, 0.3, 0.0, 0.0], replay(uniform(0, 0, 1))),
    ]
    episodes = [run(environment, name, state, act, set_state, None) for name, state, act in cases]
    noise = uniform(-0.2, 0.2, 1, 1000)
    balanced = run(environment, 'balanced to the time limit', [0.05, 0.02, 0.1, -0.1], balance(noise, 0.1), set_state, None)
    episodes.append(balanced)
    return {'InvertedPendulum-v5': {}}, episodes


def reacher():
    def set_state(environment, state):
        environment.set_state(numpy.array(state[:4]), numpy.array(state[4:] + [0.0, 0.0]))
        return environment._get_obs()

    # Gymnasium's own limit is 50 steps; 200 say more. ClipAction, because its reward counts an action as it was asked
    # for and not as it acted: beyond the bounds the two are not the same.
    def make(**options):
        return gymnasium.wrappers.ClipAction(gymnasium.make('Reacher-v5', disable_env_checker=True, **options))

    environment = make(max_episode_steps=STEPS)
    cases = [
        ('random torque', [0.05, -0.08, 0.12, -0.1, 0.004, -0.002], uniform(-1, 1, 2)),
        ('a little random torque', [-2.0, 1.5, -0.05, 0.18, 0.0, 0.0], uniform(-0.1, 0.1, 2)),
        ('full torque to and fro', [0.0, 0.0, -0.1, 0.1, 0.0, 0.0], alternating([1, 1], 20)),
        ('full torque one way, into the stop of the elbow', [3.0, 2.5, 0.0, 0.0, 1.0, 2.0], alternating([-1, 1], STEPS)),
        ('torque beyond the bounds', [1.0, -2.9, 0.0, 0.199, -3.0, -4.0], uniform(-4, 4, 2)),
        ('no torque', [0.5, 0.5, 0.1, 0.1, 5.0, -5.0], uniform(0, 0, 2)),
    ]
    episodes = [run(environment, name, state, replay(actions), set_state, None) for name, state, actions in cases]
    limited = run(make(), 'to the time limit', [0.0, 0.0, 0.1, 0.0, 0.0, 0.0], replay(uniform(-1, 1, 2)), set_state, None)
    weighted = run(make(max_episode_steps=STEPS, reward_control_weight=0.1, reward_dist_weight=2), 'weighted rewards',
                   [0.1, 0.2, -0.1, 0.05, 0.0, 0.0], replay(uniform(-1, 1, 2)), set_state, None)
    weighted['options'] = {'rewardControlWeight': 0.1, 'rewardDistanceWeight': 2}
    return {'Reacher-v5': {}}, episodes + [limited, weighted]


warnings.simplefilter('error')
folder = pathlib.Path(sys.argv[1])
for name, record in [('pendulum', pendulum), ('inverted-pendulum', inverted_pendulum), ('reacher', reacher)]:
    ids, episodes = record()
    provenance = {
        'environment': next(iter(ids)), 'gymnasium': gymnasium.__version__, 'mujoco': mujoco.__version__,
        'numpy': numpy.__version__, 'python': platform.python_version(), 'machine': platform.machine(),
    }
    lines = [json.dumps(line, separators=(',', ':')) for line in [provenance] + episodes]
    (folder / f'{name}.jsonl').write_text('\n'.join(lines) + '\n')
    for episode in episodes:
        print(f"{provenance['environment']}: {episode['name']}: {len(episode['rewards'])} steps, "
              f"terminated {episode['terminated']}, truncated {episode['truncated']}")
