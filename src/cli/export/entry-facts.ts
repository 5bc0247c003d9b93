import {
  FOCUS_SENSOR_COUNT,
  OPPONENT_SENSOR_COUNT,
  type Sensors,
  TRACK_SENSOR_COUNT,
} from '../../../torcs-client/sensors.ts';
import type { Box } from '../../core/index.ts';
import { StateEncoder } from '../../environments/driving/state.ts';
import type { EntryFacts } from '../../export/index.ts';
import type { EnvironmentSettings } from '../compose/environment-settings.ts';

/** Units of what the entries of states and actions are about, by the entry's name without its index. */
const UNITS: Readonly<Record<EnvironmentSettings['name'], Readonly<Record<string, string>>>> = {
  driving: {
    angle: 'rad',
    track: 'm',
    trackPos: 'half widths of the road, left positive',
    speedX: 'km/h',
    speedY: 'km/h',
    speedZ: 'km/h',
    wheelSpinVel: 'rad/s',
    rpm: '0.1 rad/s',
    gear: 'gear, -1 reverse',
    z: 'm',
    damage: 'damage points',
    fuel: 'l',
    opponents: 'm',
    focus: 'm',
    steer: 'of the full lock, left positive',
    accelerate: 'of the full throttle',
    brake: 'of the full brake',
    pedal: 'of the full throttle, negative: of the full brake',
    clutch: 'of the clutch, 1 open',
  },
  pendulum: { angularVelocity: 'rad/s', torque: 'N m' },
  'inverted-pendulum': {
    cartPosition: 'm',
    poleAngle: 'rad',
    cartVelocity: 'm/s',
    poleAngularVelocity: 'rad/s',
    force: '100 N',
  },
  reacher: {
    targetX: 'm',
    targetY: 'm',
    shoulderVelocity: 'rad/s',
    elbowVelocity: 'rad/s',
    tipFromTargetX: 'm',
    tipFromTargetY: 'm',
    shoulderTorque: '200 N m',
    elbowTorque: '200 N m',
  },
};

/** What each entry of a vector means, in the environment that a policy was trained in. */
export function entryFacts(environment: EnvironmentSettings, space: Box, role: 'state' | 'action'): EntryFacts[] {
  const units = UNITS[environment.name];
  const scales = role === 'state' && environment.name === 'driving' ? drivingScales(environment.options.state) : [];
  const names = space.names ?? Array.from({ length: space.shape[0]! }, (_, i) => `${role}[${i}]`);
  return names.map((name, i) => {
    const unit = units[name.replace(/\[\d+\]$/, '')];
    const scale = scales[i];
    return { name, ...(unit === undefined ? {} : { unit }), ...(scale === undefined ? {} : { scale }) };
  });
}

/** What the environment divides each sensor by, seen from what it makes of sensors that all read 1. */
function drivingScales(selection: ConstructorParameters<typeof StateEncoder>[0]): number[] {
  const ones = (count: number) => Array.from({ length: count }, () => 1);
  const sensors: Sensors = {
    angle: 1,
    curLapTime: 1,
    damage: 1,
    distFromStart: 1,
    distRaced: 1,
    focus: ones(FOCUS_SENSOR_COUNT),
    fuel: 1,
    gear: 1,
    lastLapTime: 1,
    opponents: ones(OPPONENT_SENSOR_COUNT),
    racePos: 1,
    rpm: 1,
    speedX: 1,
    speedY: 1,
    speedZ: 1,
    track: ones(TRACK_SENSOR_COUNT),
    trackPos: 1,
    wheelSpinVel: ones(4),
    z: 1,
    extra: {},
  };
  // They are single precision: six digits are known.
  return Array.from(new StateEncoder(selection).encode(sensors), (value) => Number((1 / value).toPrecision(6)));
}
