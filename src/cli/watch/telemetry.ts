import type { Sensors } from '../../../torcs-client/sensors.ts';
import type { Box, Environment, Observation } from '../../core/index.ts';
import type { Channel } from '../../dashboard/index.ts';

/** The columns of a session's telemetry, and how a row is written. The first column is not written here. */
export interface Telemetry {
  readonly channels: readonly Channel[];
  write(observation: Observation, action: Float32Array | undefined, reward: number, into: Float32Array): void;
}

/** True revolutions per minute of the wire's unit (see `Sensors.rpm`). */
const REVOLUTIONS = 0.954_93;
/** Entries of a state that are shown at most. */
const MOST_STATE_ENTRIES = 8;

interface DrivingChannel extends Channel {
  readonly read: (sensors: Sensors) => number;
}

const SENSED: readonly DrivingChannel[] = [
  { key: 'speedKmh', label: 'Speed', unit: 'km/h', digits: 0, plot: 'Speed', read: (s) => s.speedX },
  { key: 'gear', label: 'Gear', unit: '', digits: 0, read: (s) => s.gear },
  {
    key: 'rpm',
    label: 'Revolutions',
    unit: '1/min',
    digits: 0,
    plot: 'Revolutions',
    read: (s) => s.rpm * REVOLUTIONS,
  },
  { key: 'trackPos', label: 'Place', unit: '', digits: 2, plot: 'Place across the road', read: (s) => s.trackPos },
  { key: 'distFromStartM', label: 'Distance', unit: 'm', digits: 0, read: (s) => s.distFromStart },
  { key: 'lapTimeS', label: 'Lap', unit: 's', digits: 2, read: (s) => s.curLapTime },
  { key: 'damage', label: 'Damage', unit: '', digits: 0, read: (s) => s.damage },
  { key: 'fuelL', label: 'Fuel', unit: 'l', digits: 1, read: (s) => s.fuel },
];

const COMMANDED: readonly Channel[] = [
  { key: 'steer', label: 'Steering', unit: '', digits: 2, plot: 'Steering' },
  { key: 'accelerate', label: 'Accelerator', unit: '', digits: 2, plot: 'Pedals' },
  { key: 'brake', label: 'Brake', unit: '', digits: 2, plot: 'Pedals' },
  { key: 'reward', label: 'Reward', unit: '', digits: 3, plot: 'Reward' },
];

export function telemetryOf({ observationSpace, actionSpace }: Spaces, isDriving: boolean): Telemetry {
  return isDriving ? drivingTelemetry(actionSpace) : taskTelemetry(observationSpace.state, actionSpace);
}

type Spaces = Pick<Environment, 'observationSpace' | 'actionSpace'>;

function drivingTelemetry({ names = [] }: Box): Telemetry {
  const [steer, accelerate, brake, pedal] = ['steer', 'accelerate', 'brake', 'pedal'].map((name) =>
    names.indexOf(name),
  ) as [number, number, number, number];
  return {
    channels: [
      { key: 'timeS', label: 'Time', unit: 's', digits: 2 },
      ...SENSED.map(({ read: _, ...channel }) => channel),
      ...COMMANDED,
    ],
    write({ sensors }, action, reward, into) {
      let at = 1;
      for (const { read } of SENSED) into[at++] = sensors === undefined ? Number.NaN : read(sensors);
      const of = (index: number) => action?.[index] ?? Number.NaN;
      into[at++] = of(steer);
      into[at++] = pedal < 0 ? of(accelerate) : Math.max(0, of(pedal));
      into[at++] = pedal < 0 ? of(brake) : Math.max(0, -of(pedal));
      into[at++] = reward;
    },
  };
}

function taskTelemetry(state: Box, action: Box): Telemetry {
  const entries = Math.min(MOST_STATE_ENTRIES, state.shape[0] ?? 0);
  const actions = action.shape[0] ?? 0;
  const named = (box: Box, kind: string, index: number): Channel => ({
    key: `${kind}${index}`,
    label: box.names?.[index] ?? `${kind} ${index}`,
    unit: '',
    digits: 3,
    plot: kind === 'state' ? 'State' : 'Action',
  });
  return {
    channels: [
      { key: 'step', label: 'Step', unit: '', digits: 0 },
      ...Array.from({ length: entries }, (_, i) => named(state, 'state', i)),
      ...Array.from({ length: actions }, (_, i) => named(action, 'action', i)),
      { key: 'reward', label: 'Reward', unit: '', digits: 3, plot: 'Reward' },
    ],
    write(observation, taken, reward, into) {
      let at = 1;
      for (let i = 0; i < entries; i++) into[at++] = observation.state[i]!;
      for (let i = 0; i < actions; i++) into[at++] = taken?.[i] ?? Number.NaN;
      into[at++] = reward;
    },
  };
}
