import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { readHeaders, sealHeaders } from '../../../torcs-client/torcs/build/headers.ts';
import { defaultRobotFolder, readRobotSources } from '../../../torcs-client/torcs/build/robot-sources.ts';
import { setUpTorcs } from '../../../torcs-client/torcs/setup/set-up.ts';
import { fakeMachine, temporaryFolder, writeFiles } from './setup-fakes.ts';

const target = { sources: ['a.cpp'], libraries: ['tgf'] };
const whole = { robot: target, runner: target, robotDefinition: 'robot.xml' };

test('the sources of this package are listed and there', (t) => {
  const sources = readRobotSources(defaultRobotFolder());
  t.is(sources.robotDefinition, 'torcs_pilot.xml');
  t.true(sources.robot.sources.includes('robot.cpp') && sources.runner.sources.includes('runner.cpp'));
});

test('a build.json that is broken, unknown or names what is not there is refused', (t) => {
  const folder = temporaryFolder(t);
  writeFiles(folder, { 'a.cpp': '', 'robot.xml': '<params/>' });
  const write = (content: unknown) => writeFileSync(join(folder, 'build.json'), JSON.stringify(content));
  write(whole);
  t.deepEqual(readRobotSources(folder).robot, { ...target, torcsSources: [] });
  const refuse = (message: RegExp) =>
    t.throws(() => readRobotSources(folder), { code: 'ERR_TORCS_ROBOT_SOURCES', message });
  write({ ...whole, robot: { ...target, sources: ['b.cpp'] } });
  refuse(/b\.cpp/);
  write({ ...whole, robot: { ...target, flags: ['-O3'] } });
  refuse(/flags/);
  writeFileSync(join(folder, 'build.json'), '{');
  refuse(/JSON/);
  rmSync(join(folder, 'build.json'));
  refuse(/build\.json/);
  t.throws(() => defaultRobotFolder(folder), { code: 'ERR_TORCS_ROBOT_SOURCES' });
});

test('the digest of the sources follows names and contents of sources and headers, and nothing else', (t) => {
  const folder = temporaryFolder(t);
  const digest = (files: Readonly<Record<string, string>>) => {
    writeFiles(folder, files);
    return readRobotSources(folder).digest;
  };
  const first = digest({ 'build.json': JSON.stringify(whole), 'a.cpp': 'a', 'a.h': 'h', 'robot.xml': '<params/>' });
  t.is(digest({ LICENSE: 'GPL', 'notes.md': 'notes' }), first);
  const seen = new Set([
    first,
    digest({ 'a.h': 'changed' }),
    digest({ 'b.h': 'new' }),
    digest({ 'robot.xml': '<p/>' }),
  ]);
  t.is(seen.size, 4);
});

test('headers are sealed: of another version, cut or added to, they do not count', (t) => {
  const folder = temporaryFolder(t);
  writeFiles(folder, { 'src/interfaces/car.h': 'car' });
  t.is(readHeaders(folder, '1.3.7'), undefined, 'not sealed');
  sealHeaders(folder, '1.3.7');
  t.truthy(readHeaders(folder, '1.3.7'));
  t.is(readHeaders(folder, '1.3.6'), undefined);
  writeFiles(folder, { 'src/interfaces/extra.h': '' });
  t.is(readHeaders(folder, '1.3.7'), undefined);
  sealHeaders(folder, '1.3.7');
  writeFileSync(join(folder, 'headers.json'), '{"upstr');
  t.is(readHeaders(folder, '1.3.7'), undefined);
});

test("our own files are compiled with warnings on, the game's without, against its own libraries", async (t) => {
  const machine = fakeMachine(t);
  const warning = 'part.cpp:1: warning: unused';
  const lines: string[] = [];
  machine.intervene = (line) => {
    if (!line.startsWith('g++ ') || !line.includes('-shared')) return undefined;
    writeFileSync(/ -o (\S+)/.exec(line)?.[1] ?? '', 'robot');
    return { code: 0, stdout: '', stderr: `${warning}\n` };
  };
  const { build } = await setUpTorcs({
    ...{ host: machine.host, cacheFolder: machine.cacheFolder, robotFolder: machine.robotFolder },
    log: (line) => lines.push(line),
    prove: async () => ({ track: 'g-track-1', lapTimeS: 41, ticks: 2050 }),
  });
  t.true(lines.includes(warning));
  t.is(readFileSync(build.robotPath, 'utf8'), 'robot');
  const compilers = machine.commands.filter((line) => line.startsWith('g++ '));
  t.is(compilers.length, 3);
  const ours = compilers.filter((line) => line.includes(join(machine.robotFolder, 'part.cpp')));
  t.true(ours.length === 2 && ours.every((line) => line.includes('-Wall -Wextra') && !line.includes(' -w ')));
  const game = compilers.find((line) => line.includes('linuxspec.cpp'));
  t.regex(game ?? '', / -w .*-isystem \S+\/src\/interfaces .*-isystem \S+\/src\/libs\/tgf/);
  t.true(ours.every((line) => line.includes(`-L${join(build.libraryFolder, 'lib')} -ltgf`)));
});
