import { decimalNumber, defineCommand, flag, named, oneOf, repeatable, toggle, wholeNumber } from '../command.ts';
import { driverSchema } from '../compose/driver.ts';
import { ENVIRONMENT_NAMES, SIMULATOR_NAMES } from '../compose/environment-settings.ts';
import { marginFlags } from '../compose/expert-margin.ts';
import { backendFlag, foldersSchema, tracksSchema } from '../flags.ts';
import { assignmentsSchema, readOverrides } from '../train/assignments.ts';
import { ALGORITHM_NAMES, ALL_PRESET_NAMES, ENCODER_NAMES, OBSERVE_NAMES } from '../train/presets.ts';
import { watchChoice, watchFlags } from '../watch/watch-flags.ts';

const count = (least: number) => wholeNumber(least, 1_000_000_000_000).optional();

export const trainCommand = defineCommand({
  name: 'train',
  summary: 'Train an agent; the folder of the run holds settings, logs, checkpoints and policies.',
  flags: {
    out: flag('DIR', 'folder of the run: new, or with --resume the one to go on with', named('a folder')),
    resume: toggle(
      'go on with the run in --out from its last checkpoint, to the bit, with the settings that it began with',
    ),
    environment: flag(
      'E',
      `what to learn: ${ENVIRONMENT_NAMES.join(', ')} (default driving)`,
      oneOf(ENVIRONMENT_NAMES).optional(),
    ),
    algorithm: flag('A', `${ALGORITHM_NAMES.join(', ')} (default: the preset's)`, oneOf(ALGORITHM_NAMES).optional()),
    preset: flag(
      'NAME',
      `where settings come from: ${ALL_PRESET_NAMES.join(', ')} (default: the tuned one for environment, observation and encoder, else td3)`,
      oneOf(ALL_PRESET_NAMES).optional(),
    ),
    observe: flag('O', 'what the agent sees: state (default) or pixels', oneOf(OBSERVE_NAMES).optional()),
    encoder: flag(
      'N',
      'mlp (default for state), conv (default for pixels) or recurrent',
      oneOf(ENCODER_NAMES).optional(),
    ),
    'hide-velocity': toggle('pendulum: leave the velocity out of the state'),
    tracks: flag(
      'A,B',
      'driving: tracks, one of which is drawn for each episode, see `tracks`',
      tracksSchema.optional(),
    ),
    'evaluation-tracks': flag(
      'A,B',
      'driving: tracks on which the run is judged and its best policy chosen (default: those that it drives on; with --algorithm clone or --offline those for validation)',
      tracksSchema.optional(),
    ),
    from: flag('DIR,…', 'driving: recordings to learn from, see `record`', foldersSchema.optional()),
    offline: toggle('learn from the recordings alone (TD3+BC); cloning does so anyway'),
    'demonstration-share': flag(
      'P',
      'with --from beside environments: share of each batch that comes from the recordings, up to 1 (default 0.5)',
      decimalNumber(0.001, 1).optional(),
    ),
    dagger: flag(
      'ROUNDS',
      'with --algorithm clone: now and then the learner drives, and learns what the expert would have done (default 0)',
      wholeNumber(0, 1000).optional(),
    ),
    expert: flag(
      'E',
      'with --dagger: who says what should have been done: scripted (default), or the folder of a policy that reads the state',
      driverSchema.optional(),
    ),
    'dagger-frames': flag('N', 'frames of each round (default 4000)', wholeNumber(1, 10_000_000).optional()),
    ...marginFlags,
    simulator: flag(
      'S',
      'driving: embedded (default) or torcs, the game on this machine',
      oneOf(SIMULATOR_NAMES).optional(),
    ),
    steps: flag('N', "steps to train for, over all environments (default: the tuned preset's budget)", count(1)),
    environments: flag(
      'N',
      'environments that step together and feed one agent, 1 to 1024 (default 1)',
      wholeNumber(1, 1024).optional(),
    ),
    workers: flag(
      'on|off',
      'environments in worker threads (default: on with more than one)',
      oneOf(['on', 'off']).optional(),
    ),
    backend: backendFlag,
    threads: flag(
      'N',
      'threads of the compiled backend (default: one for each processor)',
      wholeNumber(1, 1024).optional(),
    ),
    set: repeatable(
      'NAME=VALUE',
      'set one option of agent, environment or replay buffer, its value in JSON; may be repeated',
      assignmentsSchema,
    ),
    settings: flag('FILE', 'a JSON file of such options; --set goes before it', named('a file').optional()),
    'evaluation-interval': flag('N', 'steps between evaluations without noise, 0: none', count(0)),
    'evaluation-episodes': flag(
      'N',
      'episodes of each evaluation; driving: of each track',
      wholeNumber(1, 100_000).optional(),
    ),
    'checkpoint-interval': flag('N', 'steps between checkpoints, 0: on Ctrl-C only (default 10000)', count(0)),
    'log-interval': flag('N', 'steps between lines of the logs (default 1000)', count(1)),
    ...watchFlags,
  },
  examples: [
    'train --environment pendulum --out runs/pendulum',
    'train --environment pendulum --observe pixels --out runs/pendulum-pixels',
    'train --environment reacher --algorithm td3 --seed 3 --set learningRate=5e-4 --set netArch=[256,256] --out runs/reacher',
    'train --tracks willow-park,harbour-oval --environments 2 --out runs/driving',
    'train --algorithm clone --from runs/frames --dagger 2 --out runs/clone',
    'train --algorithm td3 --offline --observe pixels --from runs/frames --out runs/offline',
    'train --resume --out runs/driving',
  ],
  async run(flags, { write, print, signal, interactive, given }) {
    const { trainCommandLine } = await import('../train/command-line.ts');
    const overrides = readOverrides(flags.settings, flags.set);
    const watch = watchChoice(flags);
    return trainCommandLine({ flags, watch, overrides, given, write, print, signal, interactive });
  },
});
