import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Duplex } from 'node:stream';
import { createOverlay } from '../../../../torcs-client/torcs/overlay/overlay.ts';
import { GameProcess } from '../../../../torcs-client/torcs/simulator/game-process.ts';
import { build, gameTest } from './game.ts';

const GOOD = 'race track=dirt-1 category=dirt';

gameTest('the runner refuses every bad command with an error, and goes on', async (t) => {
  const overlay = createOverlay(build());
  const game = await GameProcess.start({
    build: build(),
    overlay,
    camera: undefined,
    pictureWay: 'stream',
    startTimeoutMs: 30_000,
    onOver: () => undefined,
    onFailure: (error) => t.fail(error.message),
  });
  try {
    const long = 'x'.repeat(20_000);
    for (const command of [
      'nonsense',
      'race',
      'race track=dirt-1',
      'race track=../../../etc category=dirt',
      'race track=dirt-1 category=road',
      `race track=${long} category=dirt`,
      `${GOOD} laps=0`,
      `${GOOD} laps=1e9`,
      `${GOOD} laps=`,
      `${GOOD} start=nan`,
      `${GOOD} start=-1`,
      `${GOOD} seed=-1`,
      `${GOOD} damage=2`,
      `${GOOD} unknown=1`,
      `${GOOD} opponents=bt`,
      `${GOOD} opponents=nobody:0`,
      `${GOOD} opponents=human:0`,
      `${GOOD} opponents=bt:99999999999999999999`,
      `${GOOD} \u0001\u00ff`.replace('category=dirt', 'category=%s%n'),
    ]) {
      await t.throwsAsync(game.race(command, 5000), { message: /^The game refuses: / }, command.slice(0, 80));
      t.is((await game.race(GOOD, 5000)).verb, 'ready');
    }
  } finally {
    await game.close();
    overlay.remove();
  }
});

gameTest('a race is aborted and the runner quits on command', async (t) => {
  const overlay = createOverlay(build());
  const { dataFolder, libraryFolder, localFolder } = overlay;
  const args = ['--local', localFolder, '--library', libraryFolder, '--data', dataFolder];
  const child = spawn(build().runnerPath, args, {
    stdio: ['ignore', 'ignore', 'inherit', 'pipe'],
    env: { ...process.env, ...overlay.environment },
  });
  const channel = child.stdio[3] as Duplex;
  const lines = createInterface({ input: channel })[Symbol.asyncIterator]();
  const next = async () => (await lines.next()).value as string;
  t.regex(await next(), /^hello version=1 pid=\d+$/);
  channel.write(`${GOOD}\n`);
  t.regex(await next(), /^ready port=\d+ length=1072\.9\d* width=10$/);
  channel.write('abort\npicture\n');
  t.is(await next(), 'over reason=aborted');
  t.is(await next(), 'error code=ERR_PICTURE no race is under way');
  const exit = once(child, 'exit');
  channel.write('quit\n');
  t.deepEqual(await exit, [0, null]);
  overlay.remove();
});
