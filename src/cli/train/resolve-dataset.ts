import { UsageError } from '../../core/index.ts';
import { tracksOfSplit } from '../../simulator/index.ts';
import { type Choice, isStepped } from './choose.ts';
import { type DatasetSettings, DEFAULT_DAGGER, DEFAULT_SHARE } from './dataset-settings.ts';
import type { TrainRequest } from './train-request.ts';

/** @throws UsageError for flags that do not go together */
export function resolveDataset({ experience }: Choice, request: TrainRequest): DatasetSettings | null {
  const { from, share, dagger } = request;
  const clones = experience === 'clone';
  const refuse = (isGiven: boolean, text: string) => {
    if (isGiven) throw new UsageError(text);
  };
  if (from === undefined) {
    refuse(clones, 'Expected --from DIR with --algorithm clone: what is to be cloned is recorded by `record`');
    refuse(
      experience === 'offline',
      'Expected --from DIR with --offline: what is to be learnt from is recorded by `record`',
    );
    refuse(share !== undefined, 'Expected --demonstration-share with --from DIR only');
    refuse(dagger !== undefined, 'Expected --dagger with --algorithm clone only');
    return null;
  }
  const use = experience === 'environments' ? 'demonstrations' : experience;
  refuse(
    share !== undefined && use !== 'demonstrations',
    'Expected no --demonstration-share where all is learnt from recordings',
  );
  refuse(dagger !== undefined && !clones, 'Expected --dagger with --algorithm clone only');
  const { rounds = 0, ...rest } = dagger ?? {};
  return {
    folders: [...from],
    use,
    share: use === 'demonstrations' ? (share ?? DEFAULT_SHARE) : null,
    dagger: rounds === 0 ? null : { ...DEFAULT_DAGGER, ...rest, rounds },
  };
}

/** Tracks that a run drives on. Recordings tell nothing of that: there it is the whole part for training. */
export function resolveTracks(choice: Choice, { tracks }: TrainRequest): readonly string[] | undefined {
  if (choice.environment !== 'driving') return undefined;
  const named = tracks ?? choice.tuned?.tracks;
  if (named !== undefined || isStepped(choice)) return named;
  return tracksOfSplit(originOf(choice), 'train');
}

/** Tracks that a run is judged by while it learns; null: those that it drives on. */
export function resolveEvaluationTracks(choice: Choice, { tracks, evaluationTracks }: TrainRequest): string[] | null {
  if (choice.environment !== 'driving') return null;
  // A preset's judges are for its own tracks.
  const named = evaluationTracks ?? (tracks === undefined ? choice.tuned?.evaluationTracks : undefined);
  if (named !== undefined) return [...named];
  return isStepped(choice) ? null : [...tracksOfSplit(originOf(choice), 'validation')];
}

function originOf({ simulator }: Choice) {
  return simulator === 'torcs' ? 'game' : 'own';
}
