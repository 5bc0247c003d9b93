import { join } from 'node:path';
import test from 'ava';
import { nearestNames } from '../../../torcs-client/nearest.ts';
import {
  commandLine,
  defaultCacheFolder,
  runCommand,
  runOrThrow,
  systemHost,
} from '../../../torcs-client/torcs/installation/host.ts';
import { findInstallation } from '../../../torcs-client/torcs/installation/installation.ts';
import { isSupportedVersion } from '../../../torcs-client/torcs/installation/packages.ts';
import { fakeMachine } from './setup-fakes.ts';

test('the cache folder follows its own variable, then the XDG one, then the home folder', (t) => {
  const home = { HOME: '/home/ada' };
  t.is(defaultCacheFolder(home), '/home/ada/.cache/torcs-pilot');
  t.is(defaultCacheFolder({ ...home, XDG_CACHE_HOME: '/var/cache/ada' }), '/var/cache/ada/torcs-pilot');
  t.is(defaultCacheFolder({ ...home, XDG_CACHE_HOME: 'relative' }), '/home/ada/.cache/torcs-pilot');
  t.is(defaultCacheFolder({ ...home, XDG_CACHE_HOME: '/x', TORCS_PILOT_CACHE: '/elsewhere' }), '/elsewhere');
  t.is(defaultCacheFolder({ ...home, TORCS_PILOT_CACHE: '' }), '/home/ada/.cache/torcs-pilot');
});

test('versions of the one TORCS that we know, and of others', (t) => {
  for (const version of ['1.3.7', '1.3.7+dfsg', '1.3.7+ds1']) t.true(isSupportedVersion(version), version);
  for (const version of ['1.3.70', '1.3.7.1', '1.3.8', '11.3.7', '1.3.6+dfsg', '']) {
    t.false(isSupportedVersion(version), version);
  }
});

test('only packages that are installed count', async (t) => {
  const machine = fakeMachine(t);
  machine.installGame();
  machine.installed.delete('torcs-data');
  machine.intervene = (line) =>
    line.startsWith('dpkg-query')
      ? {
          code: 1,
          stdout:
            'torcs:amd64\t1.3.7+dfsg-5+b2\t1.3.7+dfsg-5\t1.3.7+dfsg\tconfig-files\ng++\t4:12\t12\t12\tinstalled\n',
          stderr: 'dpkg-query: no packages found matching torcs-data',
        }
      : undefined;
  const installation = await findInstallation(machine.host);
  t.deepEqual(installation.missingGamePackages, ['torcs', 'torcs-data']);
  t.false(installation.missingBuildPackages.includes('g++'));
  t.is(installation.libraryFolder, join(machine.root, 'usr/lib/x86_64-linux-gnu/torcs'));
  const arm = await findInstallation({ ...machine.host, architecture: 'arm64' });
  t.is(arm.libraryFolder, undefined, 'libraries of another processor are of no use');
});

test('names most like a wrong one, nearest first', (t) => {
  const names = ['aalborg', 'alpine-1', 'e-track-1', 'g-track-1', 'wheel-1'];
  t.deepEqual(nearestNames('Albourg', names, 1), ['aalborg']);
  t.is(nearestNames('track', names, 2).join(), 'e-track-1,g-track-1');
  t.is(nearestNames('x'.repeat(1e6), names).length, 3);
});

const onLinux = process.platform === 'linux' ? test : test.skip;

onLinux('a program is run to its end, and what is missing is an exit too', async (t) => {
  t.deepEqual(await runCommand('sh', ['-c', 'echo out; echo err >&2; exit 3']), {
    code: 3,
    stdout: 'out\n',
    stderr: 'err\n',
  });
  t.not((await runCommand('torcs-pilot-no-such-program', [])).code, 0);
  t.is((await runCommand('sh', ['-c', 'exit 0'], { outlivesUs: true })).code, 0);
  const abort = new AbortController();
  abort.abort();
  t.is((await runCommand('sleep', ['60'], { signal: abort.signal })).code, null);
  t.is(commandLine('g++', ['-I/a b', "it's", '-O2']), "g++ '-I/a b' 'it'\\''s' -O2");
  await t.throwsAsync(
    runOrThrow(systemHost(), 'sh', ['-c', 'seq 20; exit 4'], { purpose: 'count', whatToDo: 'Count again.' }),
    {
      code: 'ERR_TORCS_COMMAND',
      message: /^Could not count: sh -c 'seq 20; exit 4' exited with 4\.\n13\n.*20\nCount again\.$/s,
    },
  );
});
