"""Trains Stable-Baselines3's DDPG or TD3 on a classic task and prints its speed, one JSON object.

python sb3_train.py {ddpg-pendulum,td3-inverted-pendulum} --steps N [--seed S] [--threads N] [--net 400,300]
    [--batch-size 64] [--learning-starts 1000] [--gradient-steps 1] [--evaluate EPISODES] ...

`stepsPerS` counts environment steps in the training phase, from `--warm-up` steps after `learning_starts` to the end:
acting, stepping and `--gradient-steps` updates a step; `overallStepsPerS` counts everything from the first step on.
"""
import argparse
import json
import os
import time

import gymnasium
import numpy
import stable_baselines3
import torch
from stable_baselines3.common.callbacks import BaseCallback
from stable_baselines3.common.evaluation import evaluate_policy
from stable_baselines3.common.noise import NormalActionNoise

TASKS = {
    'ddpg-pendulum': (stable_baselines3.DDPG, 'Pendulum-v1'),
    'td3-inverted-pendulum': (stable_baselines3.TD3, 'InvertedPendulum-v5'),
}


class Stopwatch(BaseCallback):
    """Remembers when the training phase had warmed up, and when the last step ended."""

    def __init__(self, first_step):
        super().__init__()
        self.first_step, self.started_at, self.first_at = first_step, None, None

    def _on_training_start(self):
        self.started_at = time.perf_counter()

    def _on_step(self):
        if self.num_timesteps == self.first_step:
            self.first_at = time.perf_counter()
        return True


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    parser.add_argument('task', choices=TASKS)
    parser.add_argument('--steps', type=int, required=True, help='environment steps in all')
    parser.add_argument('--seed', type=int, default=0)
    parser.add_argument('--threads', type=int, default=os.cpu_count(), help='of PyTorch (default: all processors)')
    parser.add_argument('--net', default='400,300', help='units of the hidden layers, ReLU (default 400,300)')
    parser.add_argument('--batch-size', type=int, default=64)
    parser.add_argument('--buffer-size', type=int, default=1_000_000)
    parser.add_argument('--learning-starts', type=int, default=1000)
    parser.add_argument('--learning-rate', type=float, default=1e-3)
    parser.add_argument('--tau', type=float, default=0.005)
    parser.add_argument('--gamma', type=float, default=0.99)
    parser.add_argument('--gradient-steps', type=int, default=1, help='updates per environment step')
    parser.add_argument('--noise', type=float, default=0.1, help="of exploration, in units of half the action's range")
    parser.add_argument('--warm-up', type=int, default=200, help='steps of the training phase left out of stepsPerS')
    parser.add_argument('--evaluate', type=int, default=0, metavar='EPISODES', help='mean return without noise')
    arguments = parser.parse_args()
    if arguments.steps <= arguments.learning_starts + arguments.warm_up:
        parser.error('expected --steps to be more than --learning-starts and --warm-up together')
    return arguments


def main():
    arguments = parse_arguments()
    torch.set_num_threads(arguments.threads)
    algorithm, environment_name = TASKS[arguments.task]
    environment = gymnasium.make(environment_name)
    size = environment.action_space.shape[-1]
    net = [int(units) for units in arguments.net.split(',')]
    model = algorithm(
        'MlpPolicy',
        environment,
        policy_kwargs={'net_arch': net},
        batch_size=arguments.batch_size,
        buffer_size=arguments.buffer_size,
        learning_starts=arguments.learning_starts,
        learning_rate=arguments.learning_rate,
        tau=arguments.tau,
        gamma=arguments.gamma,
        train_freq=1,
        gradient_steps=arguments.gradient_steps,
        action_noise=NormalActionNoise(numpy.zeros(size), numpy.full(size, arguments.noise)),
        seed=arguments.seed,
        device='cpu',
    )
    first_step = arguments.learning_starts + arguments.warm_up
    stopwatch = Stopwatch(first_step)
    model.learn(arguments.steps, callback=stopwatch, log_interval=None)
    end = time.perf_counter()
    result = {
        'engine': 'stable-baselines3',
        'version': stable_baselines3.__version__,
        'torch': torch.__version__,
        'gymnasium': gymnasium.__version__,
        **vars(arguments),
        'net': net,
        'updates': model._n_updates,
        'stepsPerS': (arguments.steps - first_step) / (end - stopwatch.first_at),
        'overallStepsPerS': arguments.steps / (end - stopwatch.started_at),
    }
    if arguments.evaluate > 0:
        evaluation = gymnasium.wrappers.RecordEpisodeStatistics(gymnasium.make(environment_name))
        evaluation.reset(seed=arguments.seed + 1_000_000)
        returns, _ = evaluate_policy(
            model, evaluation, n_eval_episodes=arguments.evaluate, return_episode_rewards=True, warn=False)
        result |= {'meanReturn': float(numpy.mean(returns)), 'worstReturn': float(min(returns))}
    print(json.dumps(result))


if __name__ == '__main__':
    main()
