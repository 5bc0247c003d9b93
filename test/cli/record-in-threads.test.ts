import fs from 'node:fs';
import path from 'node:path';
import anyTest from 'ava';
import { type PartSettings, record, recordInThreads } from '../../src/cli/record/index.ts';
import { runJson, Scratch } from './support.ts';

/** One after the other: each takes all cores. */
const test = anyTest.serial;
const scratch = new Scratch();
test.after.always(() => scratch.remove());

function part(name: string, track: string, frames = 150): PartSettings {
  const camera = { width: 32, height: 32, view: 'road' } as const;
  return {
    out: scratch.path(name),
    simulator: 'embedded',
    driver: 'scripted',
    tracks: [track],
    frames,
    camera,
    seed: 3,
  };
}

const silent = { log: () => undefined };

test('threads record what one alone records, each into its folder, and all tell what they do', async (t) => {
  const told: string[] = [];
  const parts = [part('oval', 'harbour-oval'), part('park', 'willow-park')];
  const results = await recordInThreads(parts, { log: (line) => void told.push(line) });
  t.deepEqual(
    results.map(({ ok, out, frames, tracks }) => [ok, out, frames, Object.keys(tracks)]),
    parts.map(({ out, tracks }) => [true, out, 150, tracks]),
  );
  for (const track of ['harbour-oval', 'willow-park']) t.true(told.some((line) => line.includes(track)));
  const alone = part('park alone', 'willow-park');
  await record({ ...alone, ...silent });
  const files = fs.readdirSync(alone.out, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  t.true(files.some(({ name }) => name.endsWith('.parquet')));
  for (const { parentPath, name } of files) {
    const file = path.join(parentPath, name);
    const same = path.join(parts[1]!.out, path.relative(alone.out, file));
    t.true(fs.readFileSync(file).equals(fs.readFileSync(same)), name);
  }
});

test('where one fails the others end too, and its error is told with its code', async (t) => {
  // Alone, the first would record for an hour.
  const parts = [part('long', 'harbour-oval', 1_000_000), part('nowhere', 'no-such-track')];
  await t.throwsAsync(recordInThreads(parts, silent), { code: 'ERR_INVALID_ARGUMENT' });
});

test('who is asked to stop keeps what there is, and says that it is not all', async (t) => {
  const controller = new AbortController();
  const long = part('stopped', 'harbour-oval', 1_000_000);
  // Told of its first episode, which is on the disk.
  const log = () => controller.abort();
  const recorded = recordInThreads([long], { log, signal: controller.signal });
  const [result] = await recorded;
  t.false(result!.ok);
  t.like((await runJson('recordings', 'verify', long.out)).json, { ok: true, frames: result!.frames });
  const early = part('early', 'harbour-oval', 1_000_000);
  t.like(await recordInThreads([early], { ...silent, signal: AbortSignal.abort() }), [{ ok: false }]);
});
