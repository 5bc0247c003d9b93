"""Prints what one whole DDPG update costs in PyTorch on the CPU, at each of its settings, one JSON object a line.

python torch_update.py CONFIG [--threads N] [--seconds S] [--setting NAME ...] [--list]

The update (Lillicrap et al. 2015, algorithm 1): the critic's and the actor's forward and backward pass, two Adam steps,
two soft updates. The last line is that of the fastest setting, with "best": true. Times are wall clock in milliseconds;
compilation and warm-up are left out and told apart.

Everywhere: float32, targets without gradients, critic's parameters frozen in the actor's pass, soft update by
torch._foreach_lerp_, denormals flushed to zero. The settings, and what a name is made of:
  foreach, fused   PyTorch's Adam: its default, or one kernel for all parameters
  nhwc             convolutions, their weights and the pictures in channels_last
  losses           torch.compile of the targets and of both losses
  update           torch.compile of the whole update: gradients by torch.func, Adam and soft update written out in it
Tried and not faster: inductor's max_autotune and cpp_wrapper.
"""
import argparse
import copy
import json
import os
import statistics
import sys
import time

import torch
import torch.nn.functional as F
from torch import nn

CONFIGS = {
    'low-64': ('mlp', 'mlp', 64),
    'low-256': ('mlp', 'mlp', 256),
    'paper-16': ('paper', 'paper', 16),
    'paper-64': ('paper', 'paper', 64),
    'fast-64': ('fast', 'fast', 64),
    'fast-state-64': ('fast', 'mlp', 64),
    'fast-state-256': ('fast', 'mlp', 256),
}
STATE_SIZE, ACTION_SIZE, SIDE, CHANNELS = 29, 3, 64, 9
GAMMA, TAU, ACTOR_RATE, CRITIC_RATE = 0.99, 0.001, 1e-4, 1e-3
BETAS, EPSILON = (0.9, 0.999), 1e-8


def convolutions(kind):
    """Three layers of 32 filters without padding: 23,328 numbers out for `paper`, 3,872 for `fast`."""
    first = nn.Conv2d(CHANNELS, 32, 3, 2) if kind == 'paper' else nn.Conv2d(CHANNELS, 32, 8, 4)
    size = 32 * 27 * 27 if kind == 'paper' else 32 * 11 * 11
    layers = [first, nn.ReLU(), nn.Conv2d(32, 32, 3), nn.ReLU(), nn.Conv2d(32, 32, 3), nn.ReLU(), nn.Flatten()]
    return nn.Sequential(*layers), size


class Actor(nn.Module):
    def __init__(self, kind):
        super().__init__()
        if kind == 'mlp':
            self.encoder, size, first, second = nn.Identity(), STATE_SIZE, 400, 300
        else:
            (self.encoder, size), first, second = convolutions(kind), 200, 200
        layers = [nn.Linear(size, first), nn.ReLU(), nn.Linear(first, second), nn.ReLU()]
        self.head = nn.Sequential(*layers, nn.Linear(second, ACTION_SIZE), nn.Tanh())

    def forward(self, observation):
        return self.head(self.encoder(observation))


class Critic(nn.Module):
    """The action comes in at the second dense layer."""

    def __init__(self, kind):
        super().__init__()
        if kind == 'mlp':
            self.encoder, size, first, second = nn.Identity(), STATE_SIZE, 400, 300
        else:
            (self.encoder, size), first, second = convolutions(kind), 200, 200
        self.first = nn.Linear(size, first)
        self.second = nn.Linear(first + ACTION_SIZE, second)
        self.value = nn.Linear(second, 1)

    def forward(self, observation, action):
        features = F.relu(self.first(self.encoder(observation)))
        return self.value(F.relu(self.second(torch.cat([features, action], 1))))


class Learner:
    """Networks, their targets, and one batch."""

    def __init__(self, config, channels_last):
        actor_kind, critic_kind, batch_size = CONFIGS[config]
        torch.manual_seed(0)
        self.channels_last = channels_last
        self.actor, self.critic = Actor(actor_kind), Critic(critic_kind)
        if channels_last:
            self.actor = self.actor.to(memory_format=torch.channels_last)
            self.critic = self.critic.to(memory_format=torch.channels_last)
        self.target_actor, self.target_critic = copy.deepcopy(self.actor), copy.deepcopy(self.critic)
        self.actor_sees_pixels, self.critic_sees_pixels = actor_kind != 'mlp', critic_kind != 'mlp'
        shape = (batch_size, CHANNELS, SIDE, SIDE)
        self.batch = {
            'pixels': torch.randint(0, 256, shape, dtype=torch.uint8) if self.actor_sees_pixels else None,
            'next_pixels': torch.randint(0, 256, shape, dtype=torch.uint8) if self.actor_sees_pixels else None,
            'state': torch.randn(batch_size, STATE_SIZE),
            'next_state': torch.randn(batch_size, STATE_SIZE),
            'action': torch.rand(batch_size, ACTION_SIZE) * 2 - 1,
            'reward': torch.randn(batch_size, 1),
            'discount': torch.full((batch_size, 1), GAMMA),
        }

    def inputs(self, pixels, state):
        """What the actor and what the critic see."""
        if pixels is None:
            return state, state
        scaled = pixels.float() / 255 - 0.5
        if self.channels_last:
            scaled = scaled.contiguous(memory_format=torch.channels_last)
        return scaled, scaled if self.critic_sees_pixels else state


def stepwise_update(learner, fused, compiled):
    """The update as programs commonly write it: autograd, torch.optim, foreach soft update."""
    actor, critic, batch = learner.actor, learner.critic, learner.batch
    actor_adam = torch.optim.Adam(actor.parameters(), ACTOR_RATE, fused=fused)
    critic_adam = torch.optim.Adam(critic.parameters(), CRITIC_RATE, fused=fused)
    targets = [*learner.target_actor.parameters(), *learner.target_critic.parameters()]
    parameters = [*actor.parameters(), *critic.parameters()]
    critic_parameters = list(critic.parameters())

    def target(actor_next, critic_next):
        return batch['reward'] + batch['discount'] * learner.target_critic(critic_next, learner.target_actor(actor_next))

    def critic_loss(critic_input, wanted):
        return F.mse_loss(critic(critic_input, batch['action']), wanted)

    def actor_loss(actor_input, critic_input):
        return -critic(critic_input, actor(actor_input)).mean()

    if compiled:
        target, critic_loss, actor_loss = (torch.compile(f) for f in (target, critic_loss, actor_loss))

    def update():
        with torch.no_grad():
            actor_input, critic_input = learner.inputs(batch['pixels'], batch['state'])
            wanted = target(*learner.inputs(batch['next_pixels'], batch['next_state']))
        loss = critic_loss(critic_input, wanted)
        critic_adam.zero_grad(set_to_none=True)
        loss.backward()
        critic_adam.step()
        for parameter in critic_parameters:
            parameter.requires_grad_(False)
        loss = actor_loss(actor_input, critic_input)
        actor_adam.zero_grad(set_to_none=True)
        loss.backward()
        actor_adam.step()
        for parameter in critic_parameters:
            parameter.requires_grad_(True)
        with torch.no_grad():
            torch._foreach_lerp_(targets, parameters, TAU)

    return update


def functional_update(learner):
    """The whole update as one compiled function."""
    actor, critic, batch = learner.actor, learner.critic, learner.batch
    state = {}
    for name in ('actor', 'critic'):
        parameters = dict(getattr(learner, name).named_parameters())
        state[name] = {key: value.detach() for key, value in parameters.items()}
        state['target_' + name] = {key: value.detach().clone() for key, value in parameters.items()}
        state['mean_' + name] = {key: torch.zeros_like(value) for key, value in state[name].items()}
        state['square_' + name] = {key: torch.zeros_like(value) for key, value in state[name].items()}
    call = torch.func.functional_call

    def adam(name, gradients, rate, corrections):
        first, second = BETAS
        for key, gradient in gradients.items():
            mean, square = state['mean_' + name][key], state['square_' + name][key]
            mean.mul_(first).add_(gradient * (1 - first))
            square.mul_(second).add_(gradient * gradient * (1 - second))
            state[name][key].sub_(rate * (mean / corrections[0]) / ((square / corrections[1]).sqrt() + EPSILON))

    def update(corrections):
        actor_input, critic_input = learner.inputs(batch['pixels'], batch['state'])
        actor_next, critic_next = learner.inputs(batch['next_pixels'], batch['next_state'])
        next_action = call(actor, state['target_actor'], (actor_next,))
        next_value = call(critic, state['target_critic'], (critic_next, next_action))
        wanted = batch['reward'] + batch['discount'] * next_value

        def critic_loss(parameters):
            return F.mse_loss(call(critic, parameters, (critic_input, batch['action'])), wanted)

        def actor_loss(parameters):
            return -call(critic, state['critic'], (critic_input, call(actor, parameters, (actor_input,)))).mean()

        adam('critic', torch.func.grad(critic_loss)(state['critic']), CRITIC_RATE, corrections)
        adam('actor', torch.func.grad(actor_loss)(state['actor']), ACTOR_RATE, corrections)
        for name in ('actor', 'critic'):
            for key, value in state[name].items():
                state['target_' + name][key].lerp_(value, TAU)

    compiled = torch.compile(update, fullgraph=True)
    step = 0

    def counted():
        nonlocal step
        step += 1
        # Tensors, not numbers: a number would be compiled in, and compiled again at every step.
        with torch.no_grad():
            compiled(torch.tensor([1 - BETAS[0] ** step, 1 - BETAS[1] ** step]))

    return counted


def settings_of(config):
    """Every combination that may be the fastest, by name."""
    memories = [('', False)] if config.startswith('low') else [('', False), ('+nhwc', True)]
    for suffix, channels_last in memories:
        for adam in ('foreach', 'fused'):
            yield adam + suffix, {'adam': adam, 'channels_last': channels_last, 'compiled': None}
        yield 'fused+losses' + suffix, {'adam': 'fused', 'channels_last': channels_last, 'compiled': 'losses'}
        yield 'update' + suffix, {'adam': None, 'channels_last': channels_last, 'compiled': 'update'}


def measure(config, setting, seconds):
    """Median and fastest update of as many as fit in so many seconds."""
    torch._dynamo.reset()
    start = time.perf_counter()
    learner = Learner(config, setting['channels_last'])
    if setting['compiled'] == 'update':
        update = functional_update(learner)
    else:
        update = stepwise_update(learner, setting['adam'] == 'fused', setting['compiled'] == 'losses')
    for _ in range(3):
        update()
    ready_s = time.perf_counter() - start
    warm_until = time.perf_counter() + seconds / 4
    while time.perf_counter() < warm_until:
        update()
    times = []
    until = time.perf_counter() + seconds
    while time.perf_counter() < until or len(times) < 5:
        start = time.perf_counter()
        update()
        times.append((time.perf_counter() - start) * 1e3)
    return {'medianMs': statistics.median(times), 'minMs': min(times), 'updates': len(times), 'readyS': ready_s}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    parser.add_argument('config', choices=CONFIGS)
    parser.add_argument('--threads', type=int, default=os.cpu_count(), help='of PyTorch (default: all processors)')
    parser.add_argument('--seconds', type=float, default=2, help='measured at each setting (default 2)')
    parser.add_argument('--setting', action='append', help='measure this one only, by its name; may be repeated')
    parser.add_argument('--list', action='store_true', help='print the names of the settings, one a line, and measure nothing')
    arguments = parser.parse_args()
    settings = dict(settings_of(arguments.config))
    if arguments.list:
        print('\n'.join(settings))
        return
    for name in arguments.setting or []:
        if name not in settings:
            parser.error(f'expected --setting to be one of {", ".join(settings)}, got {name}')
    torch.set_num_threads(arguments.threads)
    torch.set_flush_denormal(True)
    about = {'engine': 'pytorch', 'version': torch.__version__, 'config': arguments.config, 'threads': arguments.threads}
    best = None
    for name in arguments.setting or settings:
        setting = settings[name]
        try:
            line = {**about, 'setting': name, **measure(arguments.config, setting, arguments.seconds)}
        except Exception as error:  # torch.compile fails in many ways, a missing compiler among them
            if setting['compiled'] is None:
                raise
            reason = str(error).strip().split('\n')[0][:200]
            print(json.dumps({**about, 'setting': name, 'failed': f'{type(error).__name__}: {reason}'}), flush=True)
            continue
        print(json.dumps(line), flush=True)
        if best is None or line['medianMs'] < best['medianMs']:
            best = line
    if best is None:
        sys.exit('none of the settings works here')
    print(json.dumps({**best, 'best': True}), flush=True)


if __name__ == '__main__':
    main()
