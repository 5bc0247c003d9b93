import { agentOptionsSchema } from '../../agents/ddpg/index.ts';
import { nearestName, UsageError } from '../../core/index.ts';
import {
  drivingOptionsSchema,
  invertedPendulumOptionsSchema,
  pendulumOptionsSchema,
  reacherOptionsSchema,
} from '../../environments/index.ts';
import { quote } from '../command.ts';
import type { EnvironmentName } from '../compose/environment-settings.ts';

/** Settings by their names, as `--set` and `--settings` give them: not checked yet. */
export type Overrides = Readonly<Record<string, unknown>>;

/** The same, by what they are about. */
export interface SortedOverrides {
  readonly agent: Overrides;
  readonly options: Overrides;
  readonly pixels: Overrides;
  /** Of the driving environment; the classic tasks have theirs among the options. */
  readonly camera: Overrides;
  readonly replay: Overrides;
}

const optionNames: Readonly<Record<EnvironmentName, readonly string[]>> = {
  driving: Object.keys(drivingOptionsSchema.shape),
  pendulum: Object.keys(pendulumOptionsSchema.shape),
  'inverted-pendulum': Object.keys(invertedPendulumOptionsSchema.shape),
  reacher: Object.keys(reacherOptionsSchema.shape),
};

/** Names that flags say, or that training has no use for. */
const flagOf: Readonly<Record<string, string>> = {
  preset: '--preset',
  encoder: '--encoder',
  tracks: '--tracks',
  totalTimesteps: '--steps',
  evaluationInterval: '--evaluation-interval',
  evaluationEpisodes: '--evaluation-episodes',
  checkpointInterval: '--checkpoint-interval',
  logInterval: '--log-interval',
};
const unused = new Set(['rawFrames']);

/** @throws UsageError naming what is unknown, and the nearest name */
export function sortOverrides(overrides: Overrides, environment: EnvironmentName): SortedOverrides {
  const agentNames = Object.keys(agentOptionsSchema.shape);
  const sorted = { agent: {}, options: {}, pixels: {}, camera: {}, replay: {} } as Record<
    keyof SortedOverrides,
    Record<string, unknown>
  >;
  for (const [name, value] of Object.entries(overrides)) {
    const flag = Object.hasOwn(flagOf, name) ? flagOf[name] : undefined;
    if (flag !== undefined) throw new UsageError(`Expected \`${name}\` to be given by ${flag}, got it as a setting`);
    if (name === 'pixels') Object.assign(sorted.pixels, requireObject(name, value));
    else if (name === 'camera' && environment === 'driving') Object.assign(sorted.camera, requireObject(name, value));
    else if (name === 'prioritized') sorted.replay[name] = value === true ? {} : value === false ? null : value;
    else if (agentNames.includes(name)) sorted.agent[name] = value;
    else if (optionNames[environment].includes(name) && !unused.has(name)) sorted.options[name] = value;
    else throw unknownSetting(name, [...agentNames, ...optionNames[environment], 'pixels', 'camera', 'prioritized']);
  }
  return sorted;
}

function requireObject(name: string, value: unknown): object {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new UsageError(
    `Expected \`${name}\` to be an object such as {"width":64,"height":64}, got ${quote(JSON.stringify(value))}`,
  );
}

function unknownSetting(name: string, known: readonly string[]): UsageError {
  const offered = known.filter((candidate) => !unused.has(candidate) && !Object.hasOwn(flagOf, candidate));
  const nearest = nearestName(name, offered);
  const hint =
    nearest === undefined ? `; there are ${[...new Set(offered)].sort().join(', ')}` : `. Did you mean ${nearest}?`;
  return new UsageError(
    `Expected the name of a setting of agent, environment or replay buffer, got ${quote(name)}${hint}`,
  );
}
