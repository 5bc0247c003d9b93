import { z } from 'zod';
import { CAMERA_VIEWS } from '../../../torcs-client/simulator.ts';
import { InvalidFileError } from '../../core/index.ts';
import {
  drivingOptionsSchema,
  invertedPendulumOptionsSchema,
  pendulumOptionsSchema,
  reacherOptionsSchema,
} from '../../environments/index.ts';
import { COLOURS } from '../../frames/colours.ts';

const side = z.int().min(8).max(4096);

/** What an agent is shown of the camera's pictures; unknown settings are refused. */
export const pixelSettingsSchema = z.strictObject({
  /** Size that the agent sees, pixels, 8 to 4096. Default: the camera's own. */
  width: side.optional(),
  height: side.optional(),
  /** Three channels a picture, or one: see {@link COLOURS}. Default `rgb`. */
  colour: z.enum(COLOURS).default('rgb'),
  /** Pictures in the stack, 1 to 16. Default 3: places, speeds and accelerations can be told. */
  stack: z.int().min(1).max(16).default(3),
  /** Part of the picture to keep, pixels from the top left. Default: all of it. */
  crop: z
    .strictObject({ left: z.int().min(0), top: z.int().min(0), width: z.int().min(1), height: z.int().min(1) })
    .optional(),
});
export type PixelSettings = z.output<typeof pixelSettingsSchema>;

/** The camera that drives along: size in pixels, and where it sits. */
export const drivingCameraSchema = z.strictObject({
  width: side.default(64),
  height: side.default(64),
  view: z
    .enum(CAMERA_VIEWS as [string, ...string[]] as ['road', 'bonnet', 'bonnet-fixed', 'behind', 'behind-far'])
    .default('road'),
});

const pixels = pixelSettingsSchema.optional();

/** Where the car drives: the embedded simulator, or the real game on this machine. */
export const SIMULATOR_NAMES = ['embedded', 'torcs'] as const;
export type SimulatorName = (typeof SIMULATOR_NAMES)[number];

/** The environments that can be learnt in, by their name on the command line, and what each is described by. */
export const environmentSchemas = {
  driving: z.strictObject({
    name: z.literal('driving'),
    simulator: z.enum(SIMULATOR_NAMES).default('embedded'),
    options: drivingOptionsSchema.prefault({}),
    /** Needed by `pixels`. */
    camera: drivingCameraSchema.optional(),
    pixels,
  }),
  pendulum: z.strictObject({ name: z.literal('pendulum'), options: pendulumOptionsSchema.prefault({}), pixels }),
  'inverted-pendulum': z.strictObject({
    name: z.literal('inverted-pendulum'),
    options: invertedPendulumOptionsSchema.prefault({}),
    pixels,
  }),
  reacher: z.strictObject({ name: z.literal('reacher'), options: reacherOptionsSchema.prefault({}), pixels }),
} as const;

export type EnvironmentName = keyof typeof environmentSchemas;
export const ENVIRONMENT_NAMES = Object.keys(environmentSchemas) as [EnvironmentName, ...EnvironmentName[]];

/**
 * An environment as plain data: with what a worker thread, a resumed run or a saved policy makes exactly the same
 * environment anew. Unknown settings are refused.
 */
export const environmentSettingsSchema = z.discriminatedUnion('name', [
  environmentSchemas.driving,
  environmentSchemas.pendulum,
  environmentSchemas['inverted-pendulum'],
  environmentSchemas.reacher,
]);
/** With every default filled in. */
export type EnvironmentSettings = z.output<typeof environmentSettingsSchema>;
export type DrivingSettings = Extract<EnvironmentSettings, { name: 'driving' }>;

/**
 * @param where the file that the description comes from, for messages
 * @throws InvalidFileError when it describes no environment of ours
 */
export function readEnvironmentSettings(value: unknown, where: string): EnvironmentSettings {
  const result = environmentSettingsSchema.safeParse(value);
  if (result.success) return result.data;
  const { path, message } = result.error.issues[0]!;
  throw new InvalidFileError(
    `Expected the description of an environment in ${where}, but \`${['environment', ...path].map(String).join('.')}\`: ${message}`,
  );
}
