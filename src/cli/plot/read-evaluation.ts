import { z } from 'zod';
import { InvalidFileError } from '../../core/index.ts';
import type { LapTable } from '../../plots/index.ts';
import { readText } from './read-text.ts';

const trackSchema = z.looseObject({
  track: z.string(),
  episodes: z.int().min(1),
  lapped: z.int().min(0),
  starts: z.array(z.looseObject({ lapTimesS: z.array(z.number()) })),
});
const evaluationSchema = z.looseObject({
  policy: z.string(),
  name: z.string(),
  tracks: z.array(trackSchema).min(1),
});

export interface EvaluationFile extends LapTable {
  readonly file: string;
}

/**
 * Reads what `evaluate --json` printed of policies that drive; other lines may stand before it. Policies are called by
 * their names, or where these are the same by their folders.
 *
 * @throws InvalidFileError
 */
export function readEvaluations(files: readonly string[]): readonly EvaluationFile[] {
  const evaluations = files.map((file) => ({ file, ...readEvaluation(file) }));
  const labels = (['name', 'policy', 'file'] as const)
    .map((key) => evaluations.map((evaluation) => evaluation[key]))
    .find((candidates) => new Set(candidates).size === candidates.length);
  if (labels === undefined) throw new InvalidFileError('Expected each evaluation once, got a file twice');
  const short = withoutCommonFolders(labels);
  return evaluations.map(({ file, tracks }, i) => ({
    file,
    label: short[i]!,
    rows: tracks.map(({ track, episodes, lapped, starts }) => ({
      track,
      episodes,
      lapped,
      lapTimesS: starts.flatMap(({ lapTimesS }) => lapTimesS),
    })),
  }));
}

/** Paths without the folders that all of them begin with. */
function withoutCommonFolders(paths: readonly string[]): readonly string[] {
  const parts = paths.map((one) => one.split(/[/\\]/));
  const [first, ...others] = parts as [string[], ...string[][]];
  if (others.length === 0) return paths;
  let common = 0;
  while (common < first.length - 1 && others.every((other) => other[common] === first[common])) common++;
  return parts.map((own) => own.slice(Math.min(common, own.length - 1)).join('/'));
}

function readEvaluation(file: string): z.output<typeof evaluationSchema> {
  const text = readText(file).trim();
  const result = evaluationSchema.safeParse(parseLast(text, file));
  if (result.success) return result.data;
  const { path, message } = result.error.issues[0]!;
  throw new InvalidFileError(
    `Expected what \`evaluate --json\` prints of a policy that drives in ${file}, but \`${path.map(String).join('.')}\`: ${message}`,
  );
}

/** The last line, or a text that is one object over several lines. */
function parseLast(text: string, file: string): unknown {
  for (const candidate of [text.split('\n').at(-1)!, text]) {
    try {
      return JSON.parse(candidate) as unknown;
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
  }
  throw new InvalidFileError(
    `Expected what \`evaluate --json\` prints in ${file}, got ${text.length} characters that are no JSON`,
  );
}
