import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import anyTest from 'ava';
import { findBuild, surveyTorcs } from '../../torcs-client/torcs/status/status.ts';
import { Child, run, Scratch } from './support.ts';

/** One after the other, in the README's order: what one command leaves, another takes. */
const test = anyTest.serial;
const root = fileURLToPath(new URL('../..', import.meta.url));
const readme = fs.readFileSync(path.join(root, 'README.md'), 'utf8');
const continuous = fs.readFileSync(path.join(root, '.ci/run'), 'utf8');
const build = findBuild(await surveyTorcs());
const scratch = new Scratch();
const home = process.cwd();
test.after.always(() => {
  process.chdir(home);
  scratch.remove();
});

/** How a command of the README is run here: word by word, but for what makes it short. */
interface Run {
  /** Words put after the README's. */
  readonly more?: readonly string[];
  /** Values of flags in the place of the README's. */
  readonly instead?: Readonly<Record<string, string>>;
  /** Default 0. */
  readonly code?: number;
  /** It goes on until Ctrl-C, which comes once it said this. */
  readonly until?: RegExp;
  /** Too long or too large for a test: `.ci/run` has it, word by word, or what is told here. */
  readonly elsewhere?: string;
  /** Needs the real game. */
  readonly torcs?: true;
}

const tiny = [
  '--set',
  'netArch=[8]',
  '--set',
  'batchSize=8',
  '--set',
  'learningStarts=50',
  '--checkpoint-interval',
  '0',
];
const budget = (steps: number) => ['--steps', String(steps), '--evaluation-interval', String(steps / 2)];

const runs: Readonly<Record<string, Run>> = {
  'npm ci && npm start': { elsewhere: 'npx torcs-pilot demo --out' },
  'npm ci && npm test': { elsewhere: 'npm test' },
  'npx torcs-pilot torcs setup': { elsewhere: 'npx torcs-pilot torcs setup' },
  'npx torcs-pilot drive --simulator torcs --track g-track-1 --laps 2 --camera 64x64 --record runs/g-track-1': {
    torcs: true,
    more: ['--time-limit', '3'],
    code: 1,
  },
  'npx torcs-pilot recordings sheet runs/g-track-1 --out runs/g-track-1.png': { torcs: true },
  'npx torcs-pilot train --environment pendulum --out runs/pendulum': { more: [...budget(400), ...tiny] },
  'npx torcs-pilot train --environment driving --out runs/driving': { more: [...budget(400), ...tiny] },
  'npx torcs-pilot drive --driver runs/driving/policy-best --laps 2 --camera 64x64 --record runs/driving/recording': {
    more: ['--time-limit', '3'],
    code: 1,
  },
  'npx torcs-pilot train --environment driving --observe pixels --out runs/pixels': { more: [...budget(200), ...tiny] },
  'npx torcs-pilot train --environment driving --simulator torcs --out runs/game': {
    torcs: true,
    more: [...budget(200), ...tiny, '--tracks', 'g-track-1'],
  },
  'npx torcs-pilot evaluate models/driving-torcs --tracks g-track-1,eroad,corkscrew --episodes 1': { torcs: true },
  'npx torcs-pilot train --environment driving --simulator torcs --observe pixels --out runs/game-pixels': {
    torcs: true,
    more: [...budget(200), ...tiny],
  },
  'npx torcs-pilot evaluate models/driving-pixels-torcs --episodes 1 --reward lillicrap': { torcs: true },
  'npx torcs-pilot record --out runs/frames': { more: ['--frames', '300', '--tracks', 'willow-park'] },
  'npx torcs-pilot train --algorithm clone --from runs/frames --out runs/clone': {
    more: ['--evaluation-tracks', 'copper-bowl', ...budget(20)],
  },
  'npx torcs-pilot record --simulator torcs --camera 192x128 --top-speed 60 --edge-room 10 --action-noise 9 --pedal-noise 1 --out runs/game-frames':
    { torcs: true, more: ['--frames', '200', '--tracks', 'g-track-1'] },
  'npx torcs-pilot train --algorithm clone --simulator torcs --from runs/game-frames --dagger 4 --dagger-frames 3000 --top-speed 60 --edge-room 10 --out runs/game-clone':
    {
      torcs: true,
      instead: { '--dagger': '1', '--dagger-frames': '50' },
      more: ['--tracks', 'g-track-1', '--evaluation-tracks', 'wheel-1', ...budget(20)],
    },
  'npx torcs-pilot replay runs/driving/policy-best --video runs/drive.mp4': {
    more: ['--time-limit', '2', '--size', '320x180'],
  },
  'npx torcs-pilot replay runs/driving/policy-best --compare scripted --track willow-park --video runs/compare.mp4': {
    more: ['--time-limit', '2', '--size', '320x180'],
  },
  'npx torcs-pilot watch': { until: /http:\/\//, more: ['--port', '0'] },
  'npx torcs-pilot train --out runs/watched --watch': {
    until: /http:\/\//,
    more: ['--watch-port', '0', '--evaluation-interval', '0', ...tiny],
  },
  'npx torcs-pilot drive --laps 3 --watch': { until: /http:\/\//, more: ['--watch-port', '0'] },
};

/** Lines of the README's shell blocks, without comments. */
const commands = [...readme.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].flatMap(([, block]) =>
  block!
    .split('\n')
    .map((line) => line.replace(/\s+#.*$/, '').trim())
    .filter((line) => line !== ''),
);

test('what is known of a command here is of one that the README has', (t) => {
  t.true(commands.length > 15);
  t.deepEqual(
    Object.keys(runs).filter((command) => !commands.includes(command)),
    [],
  );
  for (const { elsewhere } of Object.values(runs)) {
    if (elsewhere !== undefined) t.true(continuous.includes(elsewhere), elsewhere);
  }
  const { scripts } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'));
  t.is(scripts.start, 'node bin/torcs-pilot.mjs demo');
});

test('commands of the text have only flags that there are', async (t) => {
  const inline = [...readme.matchAll(/`(?:npx )?torcs-pilot ([^`]*)`/g)].map(([, words]) => words!.split(' '));
  t.true(inline.length > 3);
  for (const words of inline) {
    const [name = ''] = words;
    if (name === 'COMMAND' || name === 'demo') continue;
    const { output, code } = await run('help', name);
    t.is(code, 0, name);
    for (const word of words) {
      const [flag] = /^--[a-z-]+/.exec(word) ?? [];
      if (flag !== undefined) t.true(output.includes(flag), words.join(' '));
    }
  }
});

for (const [i, command] of commands.entries()) {
  const { more = [], instead = {}, code = 0, until, elsewhere, torcs } = runs[command] ?? {};
  if (elsewhere !== undefined) continue;
  const isPossible = torcs === undefined || build !== undefined;
  (isPossible ? test : anyTest.skip)(`${i}: ${command}`, async (t) => {
    enterCopy();
    const [npx, program, ...words] = command.split(' ');
    t.deepEqual([npx, program], ['npx', 'torcs-pilot']);
    const all = [...words.map((word, i) => instead[words[i - 1] ?? ''] ?? word), ...more];
    if (until === undefined) {
      const outcome = await run(...all);
      t.is(outcome.code, code, outcome.error);
      return;
    }
    const child = new Child(all, {}, { cwd: process.cwd() });
    await child.said(until);
    child.process.kill('SIGINT');
    const { code: ended, error } = await child.end();
    t.true(ended === 130 || ended === 0, error);
  });
}

/** A folder that looks like the repository to somebody who types commands, whose `runs` is its own. */
function enterCopy(): void {
  if (process.cwd() !== home) return;
  for (const name of ['docs', 'models', 'recordings', 'scripts']) {
    const folder = path.join(root, name);
    if (fs.existsSync(folder)) fs.symlinkSync(folder, path.join(scratch.root, name));
  }
  process.chdir(scratch.root);
}
