import type { Sensors } from '../../../torcs-client/sensors.ts';

export const REWARD_KINDS = ['progress', 'lillicrap', 'lau'] as const;

/**
 * Rewards, each for one control tick; an action that holds for several ticks gets their sum.
 * - `progress`: metres gained along the centre line, negative backwards. Its sum over an episode is the distance, so
 *   it needs no tuning and cannot be gained by anything but driving on. Ours.
 * - `lillicrap`: the car's speed along the track's direction, -1 in a tick with a collision (Lillicrap et al.,
 *   "Continuous control with deep reinforcement learning", 2015, supplement, section 9: Torcs). The paper names no
 *   unit; here 1 is 300 km/h, so that a collision costs about what full speed brings.
 * - `lau`: v cos θ - |v sin θ| - v |trackPos| in km/h, -1 in a tick in which the damage grew (yanpanlau/DDPG-Keras-Torcs,
 *   gym_torcs.py, 2016).
 */
export type RewardKind = (typeof REWARD_KINDS)[number];

/** @param before sensors before the tick; @param after sensors after it */
export type Reward = (before: Sensors, after: Sensors) => number;

const LILLICRAP_UNIT_KMH = 300;

export const REWARDS: Readonly<Record<RewardKind, Reward>> = {
  progress: (before, after) => after.distRaced - before.distRaced,
  lillicrap: (before, after) =>
    after.damage > before.damage ? -1 : (after.speedX * Math.cos(after.angle)) / LILLICRAP_UNIT_KMH,
  lau: (before, after) => {
    if (after.damage > before.damage) return -1;
    const v = after.speedX;
    return v * Math.cos(after.angle) - Math.abs(v * Math.sin(after.angle)) - v * Math.abs(after.trackPos);
  },
};

/**
 * What a reward is worth in a car that should go no faster than it has to: all of it up to `cruiseSpeedKmh`, none at twice
 * that speed, less than none beyond; most is earned at that speed itself. Penalties stay whole. Ours: an agent that has
 * yet to learn to see a bend learns that first, and only then, with another speed, where to brake for it.
 */
export function cruising(reward: Reward, cruiseSpeedKmh: number): Reward {
  return (before, after) => {
    const whole = reward(before, after);
    return whole > 0 && after.speedX > cruiseSpeedKmh ? whole * (2 - after.speedX / cruiseSpeedKmh) : whole;
  };
}
