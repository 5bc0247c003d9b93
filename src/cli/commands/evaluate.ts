import { UsageError } from '../../core/index.ts';
import { REWARD_KINDS } from '../../environments/index.ts';
import { defineCommand, flag, oneOf, quote, wholeNumber } from '../command.ts';
import { SIMULATOR_NAMES } from '../compose/environment-settings.ts';
import type { TrackReport } from '../evaluate/driving-report.ts';
import { backendFlag, tracksSchema } from '../flags.ts';
import { watchChoice, watchFlags } from '../watch/watch-flags.ts';

export const evaluateCommand = defineCommand({
  name: 'evaluate',
  summary: 'Let a saved policy act without noise in the environment that it was trained in, and say what came of it.',
  positionals: 'POLICY',
  flags: {
    episodes: flag(
      'N',
      'episodes, 1 to 100000 (default 100); driving: of each track, the first from the start line, the others from evenly spread distances (default 4)',
      wholeNumber(1, 100_000).optional(),
    ),
    tracks: flag(
      'A,B',
      'driving: tracks, see `tracks` (default: those that it was trained on)',
      tracksSchema.optional(),
    ),
    simulator: flag(
      'S',
      'driving: embedded or torcs (default: the one that it was trained in)',
      oneOf(SIMULATOR_NAMES).optional(),
    ),
    reward: flag(
      'R',
      `driving: what returns are counted in: ${REWARD_KINDS.join(', ')}, unscaled (default: as it was trained)`,
      oneOf(REWARD_KINDS).optional(),
    ),
    backend: backendFlag,
    ...watchFlags,
  },
  examples: [
    'evaluate runs/pendulum/policy-best',
    'evaluate runs/driving/policy-best --tracks willow-park,harbour-oval --episodes 5 --json',
    'evaluate runs/driving/policy-best --simulator torcs --tracks g-track-1 --reward lillicrap',
  ],
  async run(flags, { log, print, signal, positionals }) {
    const [folder, more] = positionals;
    if (folder === undefined) throw new UsageError('Expected the folder of a policy, got nothing');
    if (more !== undefined) throw new UsageError(`Expected nothing after the policy, got ${quote(more)}`);
    const { evaluatePolicy } = await import('../evaluate/evaluate-policy.ts');
    const result = await evaluatePolicy({ ...flags, watch: watchChoice(flags), folder, log, signal });
    for (const line of resultLines(result)) print(line);
    return result;
  },
});

function resultLines(result: Readonly<Record<string, unknown>>): readonly string[] {
  const tracks = result['tracks'] as readonly TrackReport[] | undefined;
  if (tracks === undefined) {
    const [mean, std, min, max] = ['mean', 'std', 'min', 'max'].map((name) =>
      Number(result[`${name}Return`]).toFixed(2),
    );
    return [`return of ${result['episodes']} episodes: ${mean} ± ${std} (${min} to ${max})`];
  }
  return tracks.map(({ track, episodes, lapped, bestLapS, meanReturn, outcomes }) => {
    const best = bestLapS === null ? 'no lap' : `best lap ${bestLapS.toFixed(3)} s`;
    const ends = Object.entries(outcomes).map(([outcome, count]) => `${outcome} ${count}`);
    return `${track}: lapped ${lapped} of ${episodes}, ${best}, mean return ${meanReturn.toFixed(1)} (${ends.join(', ')})`;
  });
}
