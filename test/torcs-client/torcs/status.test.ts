import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { CAMERA_VIEWS } from '../../../torcs-client/simulator.ts';
import { createOverlay } from '../../../torcs-client/torcs/overlay/overlay.ts';
import { parseParameterFile, sectionAt } from '../../../torcs-client/torcs/overlay/parameter-file.ts';
import { listTorcsRobots } from '../../../torcs-client/torcs/overlay/robots.ts';
import { findTorcs } from '../../../torcs-client/torcs/status/status.ts';
import { listTorcsTracks } from '../../../torcs-client/torcs/tracks.ts';
import { fakeMachine, temporaryFolder } from './setup-fakes.ts';

test('on a system without apt the status says so and throws nothing', async (t) => {
  const machine = fakeMachine(t);
  const host = { ...machine.host, platform: 'win32' as const };
  const status = await findTorcs({ host, cacheFolder: machine.cacheFolder, robotFolder: machine.robotFolder });
  t.false(status.ready);
  t.deepEqual(status.pieces[0], {
    ...{ name: 'system', neededTo: 'drive', ok: false },
    found: 'win32: neither Debian nor Ubuntu',
  });
  t.deepEqual(machine.commands, [], 'nothing of apt is asked');
});

test('overlays of the real game, where it is installed', async (t) => {
  const status = await findTorcs({ cacheFolder: temporaryFolder(t) });
  const found = (name: string) => status.pieces.find((piece) => piece.name === name);
  const [libraryFolder, dataFolder] = [found('libraries')?.found ?? '', found('data')?.found ?? ''];
  if (found('game')?.ok !== true) {
    t.log(`skipped: ${found('game')?.found}. \`npx torcs-pilot torcs setup\` brings the game in.`);
    return t.pass();
  }
  const tracks = listTorcsTracks(dataFolder);
  t.is(tracks.length, 38);
  t.deepEqual([...new Set(tracks.map((track) => track.category))], ['dirt', 'oval', 'road']);
  const robots = listTorcsRobots({ libraryFolder, dataFolder });
  t.true(robots.some((robot) => robot.module === 'berniw' && robot.drivers.length === 10));

  const robotDefinitionPath = join(dataFolder, 'drivers/bt/bt.xml');
  const build = {
    ...{ libraryFolder, dataFolder, robotDefinitionPath },
    ...{ runnerPath: '/nonexistent', robotPath: '/nonexistent', fingerprint: '0' },
    packageVersion: status.packageVersion ?? '',
    cacheFolder: temporaryFolder(t),
  };
  for (const view of CAMERA_VIEWS) {
    const overlay = createOverlay(build, {
      camera: { width: 64, height: 64, view, panels: false },
      opponents: robots.map((robot) => robot.module),
      opponentCar: 'car1-trb1',
    });
    t.true(existsSync(join(overlay.dataFolder, 'tracks/road/g-track-1/g-track-1.xml')));
    for (const { module } of robots) {
      const file = join(overlay.localFolder, 'drivers', module, `${module}.xml`);
      const { sections } = sectionAt(parseParameterFile(readFileSync(file, 'latin1'), file), 'Robots/index');
      for (const driver of sections.values()) t.is(driver.parameters.get('car name')?.attributes['val'], 'car1-trb1');
    }
    overlay.remove();
  }
});
