/**
 * How far policies are from the expert's labels in a recording, by track: root mean square error of each entry of the action.
 * Nobody drives, so networks are compared before they are let loose: on frames that they learnt from it tells what they have
 * not learnt, on others what they do not carry over.
 *
 *     npx tsx scripts/imitation-error.ts RECORDING POLICY…
 */
import { parseArgs } from 'node:util';
import { Cleanup } from '../src/cli/cleanup.ts';
import { makePipeline } from '../src/cli/compose/pixel-pipeline.ts';
import { openStoredPolicy, readDrivingPolicy } from '../src/cli/compose/policy.ts';
import { meanOf } from '../src/cli/evaluate/statistics.ts';
import { UsageError } from '../src/core/errors.ts';
import { StateEncoder } from '../src/environments/index.ts';
import { openRecording } from '../src/recordings/index.ts';

const { positionals } = parseArgs({ allowPositionals: true });
const [folder, ...policies] = positionals;
if (folder === undefined || policies.length === 0) throw new UsageError('Expected RECORDING POLICY…');
const { camera, actionNames, episodes, transitions } = await openRecording(folder);

/** Squared errors of a policy, by track, then by entry of the action. */
async function errorsOf(policyFolder: string): Promise<Map<string, number[][]>> {
  const stored = readDrivingPolicy(policyFolder);
  const { pixels, options } = stored.environment;
  const names = stored.content.actionSpace.names ?? [];
  if (pixels === undefined || camera === undefined || names.join() !== actionNames.join()) {
    throw new UsageError(
      `Expected a policy that sees pictures and acts as was recorded (${actionNames}) in ${policyFolder}`,
    );
  }
  const cleanup = new Cleanup();
  const policy = await openStoredPolicy(stored, cleanup);
  const pipeline = makePipeline(pixels, camera);
  const encoder = new StateEncoder(options.state);
  const errors = new Map<string, number[][]>();
  for await (const { episode, frame, picture, sensors, expertAction } of transitions()) {
    if (picture === undefined || sensors === undefined || expertAction === undefined) {
      throw new UsageError(`Expected pictures, sensors and an expert's actions in ${folder}`);
    }
    if (frame === 0) policy.reset();
    const seen = await pipeline[frame === 0 ? 'reset' : 'push'](await picture.decode());
    const action = await policy.act({ state: encoder.encode(sensors), pixels: seen });
    const { track } = episodes[episode]!;
    const sums = errors.get(track) ?? names.map(() => []);
    errors.set(track, sums);
    for (const [i, wanted] of expertAction.entries()) sums[i]!.push((action[i]! - wanted) ** 2);
  }
  await cleanup.run();
  return errors;
}

process.stdout.write(`root mean square errors of ${actionNames.join(', ')}\n`);
for (const policy of policies) {
  const errors = await errorsOf(policy);
  const roots = (columns: readonly number[][]) =>
    columns.map((column) => Math.sqrt(meanOf(column)).toFixed(4)).join(', ');
  const all = actionNames.map((_, i) => [...errors.values()].flatMap((columns) => columns[i]!));
  const byTrack = [...errors].map(([track, columns]) => `${track} ${roots(columns)}`);
  process.stdout.write(`${policy}: ${roots(all)} (${byTrack.join('; ')})\n`);
}
