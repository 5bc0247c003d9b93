import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { overlaysFolder } from '../../../../torcs-client/torcs/overlay/overlay.ts';
import {
  TorcsClosedError,
  TorcsCrashedError,
  TorcsHungError,
  TorcsSimulator,
} from '../../../../torcs-client/torcs/simulator/index.ts';
import { steadyControls } from '../../../../torcs-client/torcs/simulator/steady-driver.ts';
import { build, gameTest, withGame } from './game.ts';

function isAlive(pid: number): boolean {
  return existsSync(`/proc/${pid}`);
}

/** Waits for something that another process brings about; false when it does not come in ten seconds. */
async function comesTrue(condition: () => boolean): Promise<boolean> {
  const deadline = performance.now() + 10_000;
  while (!condition()) {
    if (performance.now() > deadline) return false;
    await delay(5);
  }
  return true;
}

gameTest('a hanging game is noticed and killed, and the next reset starts another', async (t) => {
  await withGame({ tickTimeoutMs: 500 }, async (simulator) => {
    const sensors = await simulator.reset();
    const pid = simulator.processId ?? 0;
    process.kill(pid, 'SIGSTOP');
    await t.throwsAsync(simulator.step(steadyControls(sensors)), { instanceOf: TorcsHungError });
    t.true(simulator.raceOver);
    await t.throwsAsync(simulator.step(steadyControls(sensors)), { instanceOf: TorcsHungError });
    await simulator.reset();
    t.not(simulator.processId, pid);
    t.is(simulator.relaunches, 1);
    t.true(await comesTrue(() => !isAlive(pid)));
  });
});

gameTest('a crash is told with its signal, and the next reset starts another game', async (t) => {
  await withGame({}, async (simulator) => {
    const sensors = await simulator.reset();
    process.kill(simulator.processId ?? 0, 'SIGSEGV');
    const error = await t.throwsAsync(
      (async () => {
        for (;;) await simulator.step(steadyControls(sensors));
      })(),
      { instanceOf: TorcsCrashedError },
    );
    t.regex(error?.message ?? '', /SIGSEGV/);
    const again = await simulator.reset();
    t.is((await simulator.step(steadyControls(again))).damage, 0);
  });
});

gameTest('a game that has grown is replaced between races', async (t) => {
  await withGame({ memoryLimitMib: 1 }, async (simulator) => {
    const pid = simulator.processId;
    await simulator.reset();
    t.is(simulator.relaunches, 1);
    t.not(simulator.processId, pid);
  });
});

gameTest('a game that does not start is told, and nothing is left', async (t) => {
  const folder = overlaysFolder(build().cacheFolder);
  const launch = (runnerPath: string) => TorcsSimulator.launch({ build: { ...build(), runnerPath } });
  await t.throwsAsync(launch('/nowhere/torcs-pilot-runner'), { instanceOf: TorcsCrashedError, message: /ENOENT/ });
  await t.throwsAsync(launch('/bin/false'), { instanceOf: TorcsCrashedError, message: /code 1/ });
  t.false(readdirSync(folder).some((name) => name.startsWith(`${process.pid}-`)));
});

gameTest('close leaves neither process nor folder, twice as well', async (t) => {
  const folder = overlaysFolder(build().cacheFolder);
  let pid = 0;
  await withGame({}, async (simulator) => {
    await simulator.reset();
    pid = simulator.processId ?? 0;
    t.true(readdirSync(folder).some((name) => name.startsWith(`${process.pid}-`)));
    await simulator.close();
    await t.throwsAsync(simulator.reset(), { instanceOf: TorcsClosedError });
  });
  t.true(await comesTrue(() => !isAlive(pid)));
  t.false(readdirSync(folder).some((name) => name.startsWith(`${process.pid}-`)));
});

for (const state of ['driving', 'stopped'] as const) {
  gameTest(`kill -9 of the process that drives leaves nothing behind, with the game ${state}`, async (t) => {
    const child = spawn(process.execPath, ['--import=tsx', join(import.meta.dirname, 'driven-until-killed.ts')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
    const pid = Number(line);
    const folder = overlaysFolder(build().cacheFolder);
    const left = () => readdirSync(folder).filter((name) => name.startsWith(`${child.pid}-`));
    t.true(isAlive(pid));
    t.is(left().length, 1);
    if (state === 'stopped') process.kill(pid, 'SIGSTOP');
    child.kill('SIGKILL');
    t.true(await comesTrue(() => !isAlive(pid)), 'the game is gone');
    t.true(await comesTrue(() => left().length === 0), 'and its folder');
  });
}
