import anyTest from 'ava';
import { commonFlags, parseCommandLine } from '../../src/cli/command.ts';
import { commands } from '../../src/cli/commands/index.ts';
import { commandHelp, programHelp } from '../../src/cli/help.ts';
import { Child, parseOnlyLine, run } from './support.ts';

/** One after the other: each run listens to this process's signals. */
const test = anyTest.serial;

test('the program tells its commands; without a command that is wrong usage', async (t) => {
  const help = await run('--help');
  t.is(help.code, 0);
  for (const { name } of commands) t.regex(help.output, new RegExp(`^  ${name} `, 'm'));
  t.is((await run('help')).output, help.output);
  const nothing = await run();
  t.is(nothing.code, 2);
  t.is(nothing.output, help.output);
  t.regex((await run('--version')).output, /^\d+\.\d+\.\d+\n$/);
});

test('help fits the terminal: descriptions stay in their column, and no word is lost', (t) => {
  for (const help of [
    (columns?: number) => programHelp(commands, columns),
    (columns?: number) => commandHelp(commands.find(({ name }) => name === 'train')!, columns),
  ]) {
    const [whole, narrow] = [help(), help(80)];
    const table = (text: string) => text.split('\n').filter((line) => /^ {2}(?!npx)/.test(line));
    t.true(Math.max(...table(whole).map(({ length }) => length)) > 80);
    t.true(Math.max(...table(narrow).map(({ length }) => length)) <= 80);
    t.deepEqual(narrow.split(/\s+/), whole.split(/\s+/));
    const continued = table(narrow).filter((line) => line.startsWith('   '));
    t.true(continued.length > 0);
    t.is(new Set(continued.map((line) => line.search(/\S/))).size, 1, 'one column');
  }
});

for (const { name, flags, examples } of commands) {
  test(`${name} --help tells every flag, and examples that the program takes`, async (t) => {
    const { code, output, error } = await run(name, '--help');
    t.is(code, 0);
    t.is(error, '');
    for (const flag of Object.keys({ ...flags, seed: 0, json: 0, help: 0 }))
      t.regex(output, new RegExp(`  --${flag}\\b`));
    t.true(examples.length > 0);
    for (const example of examples) {
      t.true(output.includes(`\n  npx torcs-pilot ${example}`));
      const [first, ...words] = example.split(' ');
      t.is(first, name);
      t.notThrows(() => parseCommandLine({ ...flags, ...commonFlags }, words));
    }
    t.is((await run(name, '--nonsense', '--help', 'x')).code, 0);
    t.is((await run('help', name)).output, output);
  });
}

for (const [line, message] of [
  ['driev', /commands that --help lists, got "driev"\. Did you mean drive\?/],
  ['help driev', /got "driev"\. Did you mean drive\?/],
  ['xyzzy', /got "xyzzy" \(/],
  ['--json', /a command before the flags, such as `demo`, got "--json"/],
  ['drive now', /flags only after `drive`, got "now"/],
  ['drive --lapz 3', /flags that --help lists, got "--lapz"\. Did you mean --laps\?/],
  ['drive -l 3', /flags that --help lists, got "-l"/],
  ['drive --constructor', /flags that --help lists, got "--constructor"/],
  ['drive --laps', /--laps N, got no value/],
  ['drive --laps --json', /--laps N, got "--json"; write --laps=--json/],
  ['drive --json=yes', /--json without a value, got "yes"/],
  ['drive --laps 2 --laps 3', /--laps once, got it twice/],
  ['drive --laps 0', /--laps to be a whole number from 1 to 10000, got "0"/],
  ['drive --laps 1e3', /whole number/],
  ['drive --laps NaN', /whole number/],
  ['drive --laps 99999999999999999999', /whole number/],
  ['drive --time-limit Infinity', /--time-limit to be a number from 0\.1/],
  ['drive --time-limit 0', /--time-limit to be a number from 0\.1/],
  ['drive --seed -1', /--seed to be a whole number from 0 to 4294967295, got "-1"/],
  ['drive --seed 4294967296', /--seed/],
  ['drive --driver scritped', /--driver to be one of scripted, random \(perhaps scripted\), got "scritped"/],
  ['drive --track harbor-oval', /name of a track, such as `harbour-oval`.*got `harbor-oval`/],
  ['drive --track ../../etc/passwd', /name of a track/],
  ['drive --simulator embeded', /--simulator to be embedded, torcs or scr:\/\/HOST:PORT, got "embeded"/],
  ['drive --simulator scr://:1', /--simulator/],
  ['drive --camera 0x64', /--camera to be WIDTHxHEIGHT with sides from 1 to 4096/],
  ['drive --camera 100000x64', /--camera to be WIDTHxHEIGHT with sides from 1 to 4096/],
  ['drive --camera 64x64 --view hood', /--view to be one of road, .*got "hood"/],
  ['drive --view behind', /--camera WxH with --view/],
  ['drive --panels', /--camera WxH with --panels/],
  ['drive --camera 64x64 --panels', /--panels with --simulator torcs only/],
  ['drive --camera 64x64 --video', /--record DIR with --video/],
  ['drive --real-time', /--real-time with --simulator torcs only/],
  ['drive --opponents bt', /--opponents scripted:N in the embedded simulator, got "bt"/],
  ['drive --opponents scripted:0', /counts from 1 to 20/],
  ['drive --start-distance 99999', /from 0 to below .*, the length of harbour-oval, got 99999/],
  ['drive --simulator scr://127.0.0.1:1 --track forza', /no --track with scr:\/\//],
  ['drive --simulator scr://127.0.0.1:1 --camera 9x9', /no --camera with scr:\/\//],
  ['drive --simulator scr://127.0.0.1:1 --opponents bt', /no --opponents with scr:\/\//],
  ['drive --simulator scr://127.0.0.1:1 --real-time', /no --real-time with scr:\/\//],
  ['drive --simulator scr://127.0.0.1:1 --noise', /no --noise with scr:\/\//],
  ['drive --simulator scr://127.0.0.1:1 --start-distance 0', /no --start-distance with scr:\/\//],
  ['tracks nowhere', /name of a track.*got `nowhere`/],
  ['torcs', /setup or status, got nothing/],
  ['torcs statsu', /setup or status, got "statsu"\. Did you mean status\?/],
  ['torcs status now', /nothing after "status", got "now"/],
  ['recordings', /inspect or verify or repair or sheet, got nothing/],
  ['recordings verfy x', /Did you mean verify\?/],
  ['recordings verify', /a folder after "recordings verify", got nothing/],
  ['recordings verify a b', /one folder .*got also "b"/],
  ['drive --record=', /--record to be a folder, got ""/],
  ['tracks --draw=', /--draw to be a folder, got ""/],
  ['demo --out=', /--out to be a folder, got ""/],
  ['serve --host=', /--host to be an address, got ""/],
  ['recordings sheet a --out picture.jpg', /--out to be a file that ends in \.png, got "picture\.jpg"/],
  ['recordings sheet a', /--out FILE\.png/],
  ['bench everything', /engine or simulator or torcs or replay, got "everything"/],
  ['bench simulator --rounds 2', /--rounds with `bench engine` only, got it with simulator/],
  ['bench engine --configurations fats-64', /--configurations to be some of .*got "fats-64"\. Did you mean fast-64\?/],
  ['serve --port 70000', /--port to be a whole number from 0 to 65535/],
  ['serve --cars 11', /--cars to be a whole number from 1 to 10/],
  ['serve --port 65535 --cars 2', /leave room for 2 cars/],
] as const) {
  test(`wrong usage: ${line}`, async (t) => {
    const { code, output, error } = await run(...line.split(' '));
    t.is(code, 2, error);
    t.regex(error, /^torcs-pilot: Expected [^\n]* \(ERR_[A-Z_]+\)\n$/);
    t.regex(error, message);
    t.is(output, line.endsWith(' --json') || line === '--json' ? output : '');
  });
}

test('words of any kind and length are shown on one short line', async (t) => {
  for (const word of [`--${'x'.repeat(5000)}`, '--\n\nline', '--\u001b[31mred', '--ünïcode', '--']) {
    const { code, error } = await run('drive', word, ...(word === '--' ? ['x'] : []));
    t.is(code, 2);
    t.regex(error, /^torcs-pilot: [^\n]{1,300}\n$/u);
    t.false(error.includes('\u001b'));
  }
});

test('with --json a failure is one object too, alone on standard output', async (t) => {
  for (const line of ['driev --json', 'drive --laps 0 --json', 'tracks nowhere --json', 'recordings verify --json']) {
    const { code, output } = await run(...line.split(' '));
    t.is(code, 2);
    const { ok, error } = parseOnlyLine(output) as { ok: boolean; error: { code: string; message: string } };
    t.false(ok);
    t.regex(error.code, /^ERR_(USAGE|INVALID_ARGUMENT)$/);
    t.regex(error.message, /^Expected/);
  }
});

test('the program itself exits with these codes, and shows a stack only when DEBUG is set', async (t) => {
  const quiet = await new Child(['drive', '--lapz'], {}).end();
  t.is(quiet.code, 2);
  t.is(quiet.error.split('\n').length, 2, quiet.error);
  const loud = await new Child(['drive', '--lapz'], { DEBUG: '1' }).end();
  t.regex(loud.error, /\n {4}at /);
});
