import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { TorcsBuild } from '../../../torcs-client/torcs/build/build-store.ts';
import { acquireSetupLock } from '../../../torcs-client/torcs/setup/lock.ts';
import { type SetUpTorcsOptions, setUpTorcs } from '../../../torcs-client/torcs/setup/set-up.ts';
import { findTorcs, requireTorcs } from '../../../torcs-client/torcs/status/status.ts';
import { type FakeMachine, fakeMachine, temporaryFolder } from './setup-fakes.ts';

const lap = { track: 'g-track-1', lapTimeS: 41.5, ticks: 2075 };

function setUp(machine: FakeMachine, changes: Partial<SetUpTorcsOptions> = {}) {
  return setUpTorcs({
    host: machine.host,
    cacheFolder: machine.cacheFolder,
    robotFolder: machine.robotFolder,
    log: () => undefined,
    prove: async () => lap,
    date: () => new Date('2026-01-02T03:04:05Z'),
    ...changes,
  });
}

const status = (machine: FakeMachine) =>
  findTorcs({ host: machine.host, cacheFolder: machine.cacheFolder, robotFolder: machine.robotFolder });

const workFolder = (machine: FakeMachine) => join(machine.cacheFolder, 'torcs', 'work');
const nothingLeftOver = (t: ExecutionContext, machine: FakeMachine) => {
  const work = workFolder(machine);
  t.deepEqual(existsSync(work) ? readdirSync(work) : [], [], 'no half-done work is left');
};

test('root gets everything on a machine that has nothing, and a proof', async (t) => {
  const machine = fakeMachine(t);
  const lines: string[] = [];
  const proved: TorcsBuild[] = [];
  const result = await setUp(machine, {
    log: (line) => lines.push(line),
    prove: async (build) => {
      proved.push(build);
      return lap;
    },
  });
  t.deepEqual(result.done, ['packages', 'headers', 'programs', 'proof']);
  t.deepEqual(proved, [result.build]);
  t.deepEqual(result.proof, { ...lap, provedAt: '2026-01-02T03:04:05.000Z' });
  t.true(existsSync(result.build.runnerPath) && existsSync(result.build.robotPath));
  t.true(machine.commands.findIndex((line) => /apt-get .*update/.test(line)) >= 0, 'there were no lists: fetched');
  t.true(lines.some((line) => line.startsWith('installing torcs torcs-data g++')));
  t.true(lines.includes('proved: g-track-1 in 41.50 s'));
  nothingLeftOver(t, machine);

  const after = await status(machine);
  t.true(after.ready);
  t.deepEqual(after.build, result.build);
  t.deepEqual(after.proof, result.proof);
});

test('run again, it finds everything and only proves', async (t) => {
  const machine = fakeMachine(t);
  const first = await setUp(machine);
  machine.commands.length = 0;
  const second = await setUp(machine);
  t.deepEqual(second.done, ['proof']);
  t.deepEqual(second.build, first.build);
  t.deepEqual(
    machine.commands.filter((line) => !line.startsWith('dpkg-query')),
    [],
  );
});

test('who is not root is told the one command, and goes on by himself once it was run', async (t) => {
  const machine = fakeMachine(t, { userId: 1000 });
  const error = await t.throwsAsync(setUp(machine), { code: 'ERR_TORCS_PACKAGES_MISSING' });
  t.regex(
    error?.message ?? '',
    /\n {2}sudo apt-get update && sudo apt-get install -y --no-install-recommends torcs torcs-data g\+\+/,
  );
  t.false(machine.commands.some((line) => line.startsWith('apt-get')));

  machine.installGame();
  const result = await setUp(machine);
  t.deepEqual(result.done, ['headers', 'programs', 'proof']);
  t.false(
    machine.commands.some((line) => line.includes('APT::Sandbox::User')),
    'only root has a user to drop to',
  );
});

test('an installed TORCS of another version is refused and left alone', async (t) => {
  const machine = fakeMachine(t);
  machine.installGame();
  machine.installed.set('torcs', '1.3.8+dfsg-1');
  const error = await t.throwsAsync(setUp(machine), { code: 'ERR_TORCS_VERSION' });
  t.regex(error?.message ?? '', /^Expected TORCS 1\.3\.7, got 1\.3\.8\+dfsg-1/);
  t.false(machine.commands.some((line) => line.startsWith('apt-get')));
});

test('an archive that offers another version installs nothing', async (t) => {
  const machine = fakeMachine(t);
  machine.archive.torcs = '1.3.10-1';
  const error = await t.throwsAsync(setUp(machine), { code: 'ERR_TORCS_VERSION' });
  t.regex(error?.message ?? '', /offers 1\.3\.10-1\. Nothing was installed/);
  t.is(machine.installed.size, 0);
});

test('an archive without TORCS is asked again after an update, then the part of the archive is named', async (t) => {
  const machine = fakeMachine(t);
  machine.archive.torcs = undefined;
  const error = await t.throwsAsync(setUp(machine), { code: 'ERR_TORCS_VERSION' });
  t.regex(error?.message ?? '', /universe/);
  t.is(machine.commands.filter((line) => line.endsWith('update')).length, 1);
});

test('an archive out of reach is told apart from one without TORCS', async (t) => {
  const machine = fakeMachine(t);
  machine.archive.torcs = undefined;
  machine.intervene = (line) =>
    line.endsWith('update') ? { code: 0, stdout: '', stderr: 'W: Failed to fetch http://deb.debian.org/' } : undefined;
  const error = await t.throwsAsync(setUp(machine), { code: 'ERR_TORCS_COMMAND' });
  t.regex(error?.message ?? '', /W: Failed to fetch http:\/\/deb\.debian\.org\/\nCheck the network/);
});

test('a full disk is named', async (t) => {
  const machine = fakeMachine(t);
  const prove = () => Promise.reject(Object.assign(new Error('no space left on device'), { code: 'ENOSPC' }));
  await t.throwsAsync(setUp(machine, { prove }), { code: 'ERR_DISK_FULL', message: /TORCS_PILOT_CACHE/ });
});

test('a source of another upstream version is refused', async (t) => {
  const machine = fakeMachine(t);
  machine.archive.source = '1.3.6+dfsg';
  const error = await t.throwsAsync(setUp(machine), { code: 'ERR_TORCS_VERSION' });
  t.regex(error?.message ?? '', /source of TORCS 1\.3\.7\+dfsg.*has 1\.3\.6\+dfsg/);
});

test('other systems are told what to do instead', async (t) => {
  const machine = fakeMachine(t);
  const mac = { ...machine.host, platform: 'darwin' as const };
  const error = await t.throwsAsync(setUp(machine, { host: mac }), { code: 'ERR_TORCS_UNSUPPORTED_SYSTEM' });
  t.regex(error?.message ?? '', /got darwin.*--simulator embedded.*scr:\/\/HOST:PORT/);
  writeFileSync(join(machine.root, 'etc/os-release'), 'PRETTY_NAME="Arch Linux"\nID=arch\n');
  await t.throwsAsync(setUp(machine), { code: 'ERR_TORCS_UNSUPPORTED_SYSTEM', message: /Arch Linux/ });
  t.deepEqual(machine.commands, []);
});

test('Ubuntu is known by its family', async (t) => {
  const machine = fakeMachine(t);
  writeFileSync(
    join(machine.root, 'etc/os-release'),
    'PRETTY_NAME="Linux Mint 21"\nID=linuxmint\nID_LIKE="ubuntu debian"\n',
  );
  t.true((await setUp(machine)).done.includes('packages'));
});

test('a failing program is reported with its command, exit code, last lines and what to do', async (t) => {
  const machine = fakeMachine(t);
  machine.intervene = (line) =>
    line.startsWith('apt-get') && line.endsWith('update')
      ? { code: 100, stdout: '', stderr: 'E: Could not resolve deb.debian.org' }
      : undefined;
  const error = await t.throwsAsync(setUp(machine), { code: 'ERR_TORCS_COMMAND' });
  t.regex(
    error?.message ?? '',
    /apt-get -o DPkg::Lock::Timeout=300 -q update exited with 100\.\nE: Could not resolve deb\.debian\.org\n.*network/s,
  );
});

test('an installation that dpkg left half-way is finished first', async (t) => {
  const machine = fakeMachine(t);
  let interrupted = true;
  machine.intervene = (line) => {
    if (line.startsWith('dpkg --configure')) interrupted = false;
    else if (!interrupted || !line.includes(' install ')) return undefined;
    const stderr = "E: dpkg was interrupted, you must manually run 'dpkg --configure -a' to correct the problem.";
    return { code: interrupted ? 100 : 0, stdout: '', stderr };
  };
  t.true((await setUp(machine)).done.includes('packages'));
});

// What a kill leaves is what lies on the disk at that moment: a copy of it is where the next setup goes on.
const MOMENTS = {
  'fetching lists': /^apt-get .*update$/,
  'installing packages': /^apt-get .* install /,
  'fetching the source': /^apt-get .*--download-only/,
  unpacking: /^tar /,
  'compiling the robot': /^g\+\+ .*-shared/,
  'compiling the runner': /^g\+\+ .*-rdynamic/,
};

for (const [moment, command] of Object.entries(MOMENTS)) {
  test(`killed while ${moment}, it goes on where it was`, async (t) => {
    const machine = fakeMachine(t);
    const killed = `${machine.cacheFolder}-killed`;
    const death = new Error('killed');
    machine.intervene = (line) => {
      if (!command.test(line)) return undefined;
      cpSync(machine.cacheFolder, killed, { recursive: true });
      throw death;
    };
    t.is(await t.throwsAsync(setUp(machine)), death);
    nothingLeftOver(t, machine);

    machine.intervene = () => undefined;
    machine.commands.length = 0;
    const next = { ...machine, cacheFolder: killed };
    t.false((await status(next)).ready);
    const result = await setUp(next);
    t.true((await status(next)).ready);
    t.truthy(result.proof);
    nothingLeftOver(t, next);
    if (moment.startsWith('compiling')) {
      t.false(
        machine.commands.some((line) => line.includes('--download-only')),
        'the headers were kept',
      );
    }
  });
}

test('changed sources, another package and a damaged program each make a build stale', async (t) => {
  const machine = fakeMachine(t);
  const first = await setUp(machine);

  writeFileSync(first.build.runnerPath, 'cut');
  t.false((await status(machine)).ready);
  const repaired = await setUp(machine);
  t.deepEqual(repaired.done, ['programs', 'proof']);
  t.is(repaired.build.runnerPath, first.build.runnerPath);

  writeFileSync(join(machine.robotFolder, 'part.cpp'), 'int part() { return 2; }\n');
  const error = await t.throwsAsync(
    requireTorcs({ host: machine.host, cacheFolder: machine.cacheFolder, robotFolder: machine.robotFolder }),
    { code: 'ERR_TORCS_NOT_READY' },
  );
  t.regex(error?.message ?? '', /other sources.*torcs setup/);
  const second = await setUp(machine);
  t.not(second.build.fingerprint, first.build.fingerprint);

  machine.installed.set('torcs', '1.3.7+dfsg-5+b3');
  t.false((await status(machine)).ready);
  t.deepEqual((await setUp(machine)).done, ['programs', 'proof']);
});

test('damaged headers are fetched again', async (t) => {
  const machine = fakeMachine(t);
  await setUp(machine);
  writeFileSync(join(machine.cacheFolder, 'torcs/headers/1.3.7+dfsg/src/interfaces/car.h'), 'cut');
  writeFileSync(join(machine.robotFolder, 'part.cpp'), 'changed');
  machine.commands.length = 0;
  await setUp(machine);
  t.true(machine.commands.some((line) => line.includes('--download-only')));
  t.is(
    readFileSync(join(machine.cacheFolder, 'torcs/headers/1.3.7+dfsg/src/interfaces/car.h'), 'utf8'),
    'struct tCarElt;',
  );
});

test('a lap that fails leaves no proof of an earlier day', async (t) => {
  const machine = fakeMachine(t);
  await setUp(machine);
  machine.commands.length = 0;
  await t.throwsAsync(setUp(machine, { prove: () => Promise.reject(new Error('no lap')) }), { message: 'no lap' });
  t.is((await status(machine)).proof, undefined);
  await t.throwsAsync(setUp(machine, { prove: async () => ({ ...lap, lapTimeS: Number.NaN }) }), {
    code: 'ERR_TORCS_NOT_READY',
  });
  t.is((await status(machine)).proof, undefined);
  t.false(
    machine.commands.some((line) => line.startsWith('g++ ')),
    'the programs were kept',
  );
});

test('the private lists name the archive of torcs and no other', async (t) => {
  const machine = fakeMachine(t);
  let sources: string[] = [];
  machine.intervene = (line) => {
    const parts = /Dir::Etc::sourceparts=(\S+)/.exec(line)?.[1];
    if (parts !== undefined) sources = readdirSync(parts).map((name) => readFileSync(join(parts, name), 'utf8'));
    return undefined;
  };
  await setUp(machine);
  t.deepEqual(sources, ['deb-src http://deb.debian.org/debian bookworm main\n']);
});

test('nothing that is missing keeps the status from being told, and each piece is named', async (t) => {
  const machine = fakeMachine(t);
  const bare = await status(machine);
  t.false(bare.ready);
  const lacks = (await status(machine)).pieces.filter((piece) => !piece.ok).map((piece) => piece.name);
  t.deepEqual(lacks, ['game', 'libraries', 'data', 'build-tools', 'headers', 'programs']);

  await setUp(machine);
  machine.installed.delete('libpng-dev');
  const after = await status(machine);
  t.true(after.ready, 'what only building needs does not keep anyone from driving');
  t.regex(after.pieces.find((piece) => piece.name === 'build-tools')?.found ?? '', /missing: libpng-dev/);

  const data = join(machine.root, 'usr/share/games/torcs');
  renameSync(data, `${data}-away`);
  const error = await t.throwsAsync(
    requireTorcs({ host: machine.host, cacheFolder: machine.cacheFolder, robotFolder: machine.robotFolder }),
    { code: 'ERR_TORCS_NOT_READY' },
  );
  t.regex(error?.message ?? '', /no \/usr\/share\/games\/torcs.*npx torcs-pilot torcs setup/);
  await t.throwsAsync(setUp(machine), { code: 'ERR_TORCS_NOT_READY', message: /--reinstall torcs torcs-data/ });
});

const onLinux = process.platform === 'linux' ? test : test.skip;

onLinux('two setups of one cache folder do not meet, and a killed one frees its place', async (t) => {
  const folder = temporaryFolder(t);
  const lockModule = new URL('../../../torcs-client/torcs/setup/lock.ts', import.meta.url).href;
  const script = `const { acquireSetupLock } = await import(${JSON.stringify(lockModule)});
    await acquireSetupLock(${JSON.stringify(folder)}); console.log('held'); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--import=tsx', '--input-type=module', '--eval', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.teardown(() => child.kill('SIGKILL'));
  await once(child.stdout, 'data');

  const error = await t.throwsAsync(acquireSetupLock(folder), { code: 'ERR_TORCS_SETUP_RUNNING' });
  t.regex(error?.message ?? '', new RegExp(`process ${child.pid} is at it`));
  const other = await acquireSetupLock(join(folder, 'another'));
  await other.release();

  child.kill('SIGKILL');
  await once(child, 'close');
  const lock = await acquireSetupLock(folder);
  await lock.release();
  await (await acquireSetupLock(folder)).release();
});
