import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { writeFailure } from '../../core/errors.ts';
import { AtomicFile, makeFolder, syncFolder, writeFileAtomic } from '../../core/files.ts';
import { formatPolicy, type PolicyDescription } from './policy-file.ts';
import { encodeSafetensors, type SafeTensor } from './safetensors.ts';

/** Files of a policy folder. */
export const POLICY_FILE = 'policy.json';
export const WEIGHTS_FILE = 'weights.safetensors';
/** Where new weights lie until `policy.json` speaks of them, and until they take the old ones' place. */
export const NEXT_WEIGHTS_FILE = 'weights.next.safetensors';
/** Begins the names of the critics' weights among the others. */
export const CRITIC_PREFIX = 'critic.';

/**
 * Writes a policy folder: `policy.json` and `weights.safetensors`. A folder that exists gets the new policy in place of
 * the old one; other files in it stay.
 *
 * Whenever the process is killed, the folder holds the old policy or the new one: the new weights are written beside the
 * old ones; replacing `policy.json`, which names its weights by their checksum, is the moment of change; the new weights
 * take the old ones' name last, and a reader looks for them under both.
 *
 * @throws DiskFullError, WriteFailedError
 */
export function writePolicyFolder(
  folder: string,
  description: PolicyDescription,
  weights: ReadonlyMap<string, SafeTensor>,
): void {
  try {
    makeFolder(folder);
    finishInterrupted(folder);
    const next = path.join(folder, NEXT_WEIGHTS_FILE);
    const mark = writePieces(next, encodeSafetensors(weights, { format: 'pt' }));
    writeFileAtomic(path.join(folder, POLICY_FILE), formatPolicy(description, mark));
    adopt(folder);
  } catch (error) {
    throw writeFailure(error, folder);
  }
}

/** Writes pieces as one file, whole or not at all. */
export function writePieces(filePath: string, pieces: readonly Uint8Array[]) {
  const file = new AtomicFile(filePath);
  try {
    for (const piece of pieces) file.write(piece);
    return file.commit();
  } finally {
    file.discard();
  }
}

/** After a kill in the middle of a write, `policy.json` may speak of the next weights already: then they are the ones. */
function finishInterrupted(folder: string): void {
  const next = path.join(folder, NEXT_WEIGHTS_FILE);
  if (!fs.existsSync(next)) return;
  const policy = path.join(folder, POLICY_FILE);
  const wanted = fs.existsSync(policy) ? fs.readFileSync(policy, 'utf8') : '';
  const sha256 = createHash('sha256').update(fs.readFileSync(next)).digest('hex');
  if (wanted.includes(sha256)) adopt(folder);
  else fs.rmSync(next);
}

function adopt(folder: string): void {
  fs.renameSync(path.join(folder, NEXT_WEIGHTS_FILE), path.join(folder, WEIGHTS_FILE));
  syncFolder(folder);
}
