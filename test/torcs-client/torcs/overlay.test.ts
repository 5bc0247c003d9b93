import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { TorcsBuild } from '../../../torcs-client/torcs/build/build-store.ts';
import { createOverlay, type OverlayOptions, overlaysFolder } from '../../../torcs-client/torcs/overlay/overlay.ts';
import { ownerPrefix, ownOwner } from '../../../torcs-client/torcs/overlay/owner.ts';
import {
  formatParameterFile,
  parameterText,
  parseParameterFile,
  sectionAt,
} from '../../../torcs-client/torcs/overlay/parameter-file.ts';
import { findTorcsRobot, listTorcsRobots } from '../../../torcs-client/torcs/overlay/robots.ts';
import { sweepOverlays } from '../../../torcs-client/torcs/overlay/sweep.ts';
import { setUpTorcs } from '../../../torcs-client/torcs/setup/set-up.ts';
import { findTorcsTrack, listTorcsTracks } from '../../../torcs-client/torcs/tracks.ts';
import { fakeMachine, temporaryFolder } from './setup-fakes.ts';

async function fakeBuild(t: ExecutionContext): Promise<TorcsBuild> {
  const machine = fakeMachine(t);
  const { build } = await setUpTorcs({
    ...{ host: machine.host, cacheFolder: machine.cacheFolder, robotFolder: machine.robotFolder },
    log: () => undefined,
    prove: async () => ({ track: 'g-track-1', lapTimeS: 41, ticks: 2050 }),
  });
  return build;
}

/** Every file below a folder with its content, links not followed. */
function contents(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  return Object.fromEntries(
    names.map((name) => {
      const stat = lstatSync(join(folder, name));
      if (stat.isSymbolicLink()) return [name, `-> ${readlinkSync(join(folder, name))}`];
      return [name, stat.isFile() ? readFileSync(join(folder, name), 'latin1') : 'folder'];
    }),
  );
}

function parametersOf(file: string, section: string): Record<string, string | undefined> {
  const { parameters } = sectionAt(parseParameterFile(readFileSync(file, 'latin1'), file), section);
  return Object.fromEntries([...parameters].map(([name, { attributes }]) => [name, attributes['val']]));
}

test('links the game, puts our robot and settings in, and goes without touching the game', async (t) => {
  const build = await fakeBuild(t);
  const before = [contents(build.libraryFolder), contents(build.dataFolder)];
  const overlay = createOverlay(build);
  const read = (...path: string[]) => readFileSync(join(overlay.folder, ...path), 'utf8');

  t.is(read('lib', 'modules', 'simu', 'simuv2.so'), 'simuv2');
  t.is(read('lib', 'drivers', 'berniw', 'berniw.so'), 'berniw');
  t.is(read('lib', 'drivers', 'torcs_pilot', 'torcs_pilot.so'), readFileSync(build.robotPath, 'utf8'));
  t.is(read('data', 'tracks', 'road', 'g-track-1', 'g-track-1.xml'), '<params/>');
  t.true(existsSync(join(overlay.localFolder, 'results')));
  t.true(existsSync(join(overlay.localFolder, 'config', 'raceman', 'quickrace.xml')));
  t.is(overlay.environment.LD_LIBRARY_PATH, join(build.libraryFolder, 'lib'));
  const driver = parametersOf(join(overlay.dataFolder, 'drivers/torcs_pilot/torcs_pilot.xml'), 'Robots/index/0');
  t.deepEqual(driver, { name: 'torcs_pilot 0', 'car name': 'car1-trb1', red: '0.5' });
  t.is(parametersOf(join(overlay.localFolder, 'config/sound.xml'), 'Sound Settings')['state'], 'disabled');

  writeFileSync(join(overlay.localFolder, 'config', 'graph.xml'), 'the game writes into its own folder');
  overlay.remove();
  overlay.remove();
  t.false(existsSync(overlay.folder));
  t.deepEqual([contents(build.libraryFolder), contents(build.dataFolder)], before);
});

test('the camera goes into graph.xml and screen.xml, beside what is there', async (t) => {
  const build = await fakeBuild(t);
  const settings = (options: OverlayOptions) => {
    const { localFolder } = createOverlay(build, options);
    const file = (name: string) => join(localFolder, 'config', name);
    t.is(parametersOf(file('graph.xml'), 'Graphic')['fov factor'], '2.0', 'the other settings are kept');
    return {
      display: parametersOf(file('graph.xml'), 'Display Mode/0'),
      screen: parametersOf(file('screen.xml'), 'Screen Properties'),
    };
  };
  const bare = settings({ camera: { width: 64, height: 48, view: 'road', panels: false } });
  t.like(bare.display, { camera: '4', 'camera head list': '0', 'current driver': 'torcs_pilot 0', 'debug info': '0' });
  t.like(bare.display, { 'map mode': '1', 'enable mirror': '0', 'driver board': '0', 'G graph': '0' });
  t.like(bare.screen, { x: '64', y: '48', 'window width': '64', 'window height': '48', fullscreen: 'no' });

  const panels = settings({ camera: { width: 640, height: 480, view: 'behind-far', panels: true } });
  t.deepEqual(panels.display, {
    ...{ 'current driver': 'torcs_pilot 0', 'camera head list': '0', camera: '1', 'debug info': '0' },
  });
  t.is(settings({}).screen['x'], '640', 'no camera: as installed');
});

test('opponents keep their cars, or all get the one asked for', async (t) => {
  const build = await fakeBuild(t);
  const own = createOverlay(build, { opponents: ['berniw'] });
  t.false(existsSync(join(own.localFolder, 'drivers')));
  const changed = createOverlay(build, { opponents: ['berniw'], opponentCar: 'car1-trb1' });
  const file = join(changed.localFolder, 'drivers/berniw/berniw.xml');
  t.like(parametersOf(file, 'Robots/index/1'), { name: 'berniw 1', 'car name': 'car1-trb1', red: '0.5' });
  t.like(parametersOf(file, 'Robots/index/2'), { 'car name': 'car1-trb1' });
});

test('what an overlay cannot be made of is refused by name, and leaves no folder', async (t) => {
  const build = await fakeBuild(t);
  const refuse = (options: object, message: RegExp) =>
    t.throws(() => createOverlay(build, options as OverlayOptions), { code: 'ERR_INVALID_ARGUMENT', message });
  refuse({ car: 'car1-trb2' }, /one of the game's 2, got "car1-trb2"\. Nearest: car1-trb1/);
  refuse({ opponents: ['berni'] }, /robots \(berniw, bt\), got "berni"/);
  refuse({ opponents: ['human'] }, /got "human"/);
  refuse({ opponentCar: 'x' }, /got "x"/);
  refuse({ colour: 'red' }, /colour/);
  for (const width of [0, 100_000, 1.5, Number.NaN]) {
    refuse({ camera: { width, height: 64, view: 'road', panels: false } }, /width/);
  }
  t.false(existsSync(overlaysFolder(build.cacheFolder)));
});

test('a broken file of the game is named, and no half-made overlay stays', async (t) => {
  const build = await fakeBuild(t);
  const file = join(build.dataFolder, 'config', 'graph.xml');
  for (const broken of ['<params><section name="x">', '', '<!DOCTYPE p [<!ENTITY a "b">]><params name="&a;"/>']) {
    writeFileSync(file, broken);
    t.throws(() => createOverlay(build), { code: 'ERR_INVALID_FILE', message: /graph\.xml/ });
  }
  t.deepEqual(readdirSync(overlaysFolder(build.cacheFolder)), []);
});

test('overlays are swept when their owner is dead, and never through a link', (t) => {
  const base = temporaryFolder(t);
  const outside = temporaryFolder(t);
  writeFileSync(join(outside, 'precious'), 'kept');
  const own = ownOwner();
  const make = (name: string) => {
    mkdirSync(join(base, name));
    symlinkSync(outside, join(base, name, 'link'));
  };
  const mine = `${ownerPrefix(own)}aaaaaa`;
  const reused = `${ownerPrefix({ ...own, startTicks: '1' })}bbbbbb`;
  const elsewhere = `${ownerPrefix({ ...own, namespace: '17' })}cccccc`;
  const elsewhereLongAgo = `${ownerPrefix({ ...own, namespace: '17' })}dddddd`;
  for (const name of [mine, reused, elsewhere, elsewhereLongAgo, 'something-else']) make(name);
  utimesSync(join(base, elsewhereLongAgo), 1e9, 1e9);
  symlinkSync(outside, join(base, `${ownerPrefix({ ...own, startTicks: '1' })}eeeeee`));

  t.is(sweepOverlays(base), 2);
  t.deepEqual(
    readdirSync(base).sort(),
    [mine, elsewhere, 'something-else', `${ownerPrefix({ ...own, startTicks: '1' })}eeeeee`].sort(),
  );
  t.deepEqual(readdirSync(outside), ['precious']);
  t.is(sweepOverlays(join(base, 'nowhere')), 0);
});

const onLinux = process.platform === 'linux' ? test : test.skip;

for (const [ending, signal] of [
  ['a kill -9', 'SIGKILL'],
  ['an exit', undefined],
] as const) {
  onLinux(`after ${ending} of its process an overlay goes`, async (t) => {
    const build = await fakeBuild(t);
    const module = new URL('../../../torcs-client/torcs/overlay/overlay.ts', import.meta.url).href;
    const script = `const { createOverlay } = await import(${JSON.stringify(module)});
      createOverlay(${JSON.stringify(build)}); console.log('made');
      process.stdin.once('end', () => process.exit(0)).resume();`;
    const child = spawn(process.execPath, ['--import=tsx', '--input-type=module', '--eval', script], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    t.teardown(() => child.kill('SIGKILL'));
    await once(child.stdout, 'data');
    const base = overlaysFolder(build.cacheFolder);
    t.is(readdirSync(base).length, 1);
    if (signal === undefined) child.stdin.end();
    else child.kill(signal);
    await once(child, 'close');
    t.is(readdirSync(base).length, signal === undefined ? 0 : 1);
    const overlay = createOverlay(build);
    t.deepEqual(readdirSync(base), [overlay.folder.slice(base.length + 1)], 'the next one sweeps');
  });
}

test('parameter files keep what they hold', (t) => {
  const text = `<?xml version="1.0" encoding="UTF-8"?>
<!-- \u00e9 -->
<!DOCTYPE params SYSTEM "params.dtd">
<params name="a&amp;b" type="param">
  <attnum name="top" unit="deg" min="0" max="9" val="5"/>
  <section name="one"><section name="two"><attstr name="&lt;s&gt;" in="yes,no" val="&quot;no&quot;"/></section></section>
</params>`;
  const file = parseParameterFile(text, 'test');
  t.is(parameterText(sectionAt(file, 'one/two'), '<s>'), '"no"');
  t.deepEqual(parseParameterFile(formatParameterFile(file), 'again'), file);
  t.regex(formatParameterFile(file), /<attnum name="top" unit="deg" min="0" max="9" val="5"\/>/);
});

test("the game's tracks and robots are listed, and a wrong name gets the nearest", async (t) => {
  const build = await fakeBuild(t);
  t.deepEqual(
    listTorcsTracks(build.dataFolder).map(({ category, name }) => `${category}/${name}`),
    ['dirt/dirt-1', 'road/g-track-1', 'road/g-track-2'],
  );
  t.is(findTorcsTrack(build.dataFolder, 'dirt-1').file, join(build.dataFolder, 'tracks/dirt/dirt-1/dirt-1.xml'));
  t.throws(() => findTorcsTrack(build.dataFolder, 'gtrack-2'), {
    code: 'ERR_INVALID_ARGUMENT',
    message: /one of the game's 3 tracks, got "gtrack-2"\. Nearest: g-track-2, g-track-1/,
  });
  t.deepEqual(
    listTorcsRobots(build).map((robot) => robot.module),
    ['berniw', 'bt'],
  );
  t.deepEqual(findTorcsRobot(build, 'bt').drivers, [{ index: 0, name: 'bt 0', car: 'car7-trb1' }]);
});
