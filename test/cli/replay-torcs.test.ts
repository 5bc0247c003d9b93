import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { FilmedSimulator } from '../../src/cli/replay/filmed-simulator.ts';
import { TorcsSimulator } from '../../torcs-client/torcs/simulator/index.ts';
import { steadyControls } from '../../torcs-client/torcs/simulator/steady-driver.ts';
import { build, gameTest } from '../torcs-client/torcs/simulator/game.ts';
import { runJson } from './support.ts';

const shipped = fileURLToPath(new URL('../../recordings/scripted-64x64', import.meta.url));

gameTest('two games that are driven with the same controls are the same race, with cameras of two kinds', async (t) => {
  const driven = await TorcsSimulator.launch({ build: build(), camera: { width: 32, height: 32 } });
  const filmed = await TorcsSimulator.launch({ build: build(), camera: { width: 64, height: 36, view: 'behind-far' } });
  const simulator = new FilmedSimulator(driven, filmed, async () => {});
  try {
    let sensors = await simulator.reset({ track: 'e-track-1', seed: 5 });
    for (let i = 0; i < 1500; i++) {
      sensors = await simulator.step(steadyControls(sensors));
      if (i % 100 === 0) await simulator.renderCamera(new Uint8Array(32 * 32 * 3));
      if (i % 150 === 0) await simulator.renderFilm(new Uint8Array(64 * 36 * 3));
    }
    t.true(sensors.distRaced > 300);
  } finally {
    await simulator.close();
  }
});

gameTest('the real game is filmed, and what was recorded in it is driven again', async (t) => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'replay-torcs-test-'));
  try {
    const video = path.join(folder, 'drive.mp4');
    const small = ['--size', '320x180', '--fps', '10', '--video', video];
    const words = ['--simulator', 'torcs', '--track', 'dirt-1', '--time-limit', '2'];
    const { code, error, json } = await runJson('replay', 'scripted', ...words, ...small);
    t.is(code, 0, error);
    t.like(json, { simulator: 'torcs', track: 'dirt-1', outcome: 'time-limit', frames: 41 });
    const again = await runJson('replay', shipped, '--episode', '1', ...small);
    t.is(again.code, 0, again.error);
    t.regex(again.error, /it is filmed anew/);
    t.like(again.json, { simulator: 'torcs', track: 'g-track-1', outcome: 'time-limit' });
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
});
