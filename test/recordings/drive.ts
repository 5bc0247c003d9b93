import type { Transition } from '../../src/core/observer.ts';
import type { RecordingOptions, RecordingWriter } from '../../src/recordings/index.ts';
import type { Sensors } from '../../torcs-client/sensors.ts';

/** Steps of a made-up drive, the same for the same numbers, so that what is read back can be compared. */

export function sensorsAt(step: number): Sensors {
  return {
    angle: Math.sin(step / 30) / 4,
    curLapTime: step * 0.02,
    damage: 0,
    distFromStart: step * 0.5,
    distRaced: step * 0.5,
    focus: [-1, -1, -1, -1, -1],
    fuel: 94 - step / 1000,
    gear: 3,
    lastLapTime: 0,
    opponents: new Array<number>(36).fill(200),
    racePos: 1,
    rpm: 5000 + step,
    speedX: 100 + 40 * Math.sin(step / 50),
    speedY: 0.5,
    speedZ: 0,
    track: Array.from({ length: 19 }, (_, i) => 10 + i + (step % 7)),
    trackPos: Math.sin(step / 40) / 2,
    wheelSpinVel: [80, 80, 81, 81],
    z: 0.35,
    extra: {},
  };
}

/** A picture of a road that bends with the step, so that it compresses about as a real one does. */
export function pictureAt(step: number, width: number, height: number, channels: 1 | 3 = 3): Uint8Array {
  const data = new Uint8Array(width * height * channels);
  const horizon = height * 0.4;
  for (let y = 0, at = 0; y < height; y++) {
    const depth = Math.max(0, (y - horizon) / (height - horizon));
    const centre = width / 2 + Math.sin(step / 20) * (1 - depth) * width * 0.3;
    for (let x = 0; x < width; x++) {
      const isRoad = depth > 0 && Math.abs(x - centre) < depth * width * 0.45;
      const noise = (x * 31 + y * 17 + step * 7) % 11;
      const colour =
        depth === 0 ? [120, 170, 230] : isRoad ? [90 + noise, 90 + noise, 95 + noise] : [60, 130 + noise, 50];
      for (let c = 0; c < channels; c++) data[at++] = colour[c] as number;
    }
  }
  return data;
}

export const STATE_NAMES = ['a', 'b', 'c'];
export const ACTION_NAMES = ['steer', 'pedals'];

export function optionsFor(dir: string, more: Partial<RecordingOptions> = {}): RecordingOptions {
  return {
    dir,
    fps: 50,
    stateNames: STATE_NAMES,
    actionNames: ACTION_NAMES,
    camera: { width: 16, height: 12 },
    ...more,
  };
}

export function transitionAt(episode: number, step: number, size: { width: number; height: number }): Transition {
  const observation = (at: number) => ({
    state: Float32Array.of(episode, at, at / 3),
    pixels: pictureAt(at, size.width, size.height),
    sensors: sensorsAt(at),
  });
  return {
    observation: observation(step),
    action: Float32Array.of(Math.sin(step), step / 1000),
    reward: step / 7,
    terminated: false,
    truncated: false,
    nextObservation: { state: Float32Array.of(episode, step + 1, (step + 1) / 3) },
    info: { tick: step + 1, tickTimeS: (step + 1) * 0.02 },
  };
}

/** Records one episode of `steps` steps, its last one terminated. */
export async function recordEpisode(
  writer: RecordingWriter,
  episode: number,
  steps: number,
  size = { width: 16, height: 12 },
): Promise<void> {
  const info = {
    tick: 0,
    tickTimeS: 0,
    track: `track-${episode % 2}`,
    driver: 'scripted',
    simulator: 'test',
    seed: episode,
  };
  const first = transitionAt(episode, 0, size);
  await writer.onReset({ episode, observation: first.observation, info });
  let returnSum = 0;
  for (let step = 0; step < steps; step++) {
    const transition = transitionAt(episode, step, size);
    returnSum += transition.reward;
    await writer.onStep(step === steps - 1 ? { ...transition, terminated: true } : transition);
  }
  await writer.onEnd({ episode, steps, returnSum, terminated: true, truncated: false, info: {} });
}
