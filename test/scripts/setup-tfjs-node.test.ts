import { existsSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { NODE_API_HEADERS, TENSORFLOW } from '../../scripts/setup-tfjs-node/pinned-packages.ts';
import { type SetUpTfjsNodeOptions, setUpTfjsNode } from '../../scripts/setup-tfjs-node/set-up.ts';
import { ended, type FakeMachine, fakeMachine, filesOf, missing, write, writeNative } from './setup-tfjs-node-fakes.ts';

function setUp(fake: FakeMachine, changes: Partial<SetUpTfjsNodeOptions> = {}) {
  return setUpTfjsNode({
    machine: fake.machine,
    modulesFolder: fake.modulesFolder,
    from: 'any',
    downloadLimitS: 300,
    processId: 111,
    log: () => undefined,
    ...changes,
  });
}

const ran = (fake: FakeMachine, pattern: RegExp) => fake.commands.some((line) => pattern.test(line));
const onlyThePackageIsThere = (t: ExecutionContext, fake: FakeMachine) =>
  t.deepEqual(readdirSync(dirname(fake.packageFolder)), ['tfjs-node'], 'no half-done work is left');

/** Expects an error, and every file of the package as it was. */
async function failsAndLeavesAlone(
  t: ExecutionContext,
  fake: FakeMachine,
  code: string,
  message: RegExp,
  changes: Partial<SetUpTfjsNodeOptions> = {},
) {
  const before = filesOf(fake.packageFolder);
  const error = await t.throwsAsync(setUp(fake, changes), { code });
  t.regex(error?.message ?? '', message);
  t.deepEqual(filesOf(fake.packageFolder), before);
  onlyThePackageIsThere(t, fake);
}

test('a library that loads is left alone', async (t) => {
  const fake = fakeMachine(t);
  writeNative(fake.packageFolder, 'libtensorflow.so.2', 'good');
  const before = filesOf(fake.packageFolder);
  t.deepEqual(await setUp(fake), { source: 'present', tensorflow: '2.15.1' });
  t.deepEqual(filesOf(fake.packageFolder), before);
  t.is(fake.commands.length, 1, 'nothing but the probe ran');
});

test('the own download is taken where it works, and the package is otherwise untouched', async (t) => {
  const fake = fakeMachine(t);
  fake.ownScript = 'works';
  t.deepEqual(await setUp(fake, { downloadLimitS: 17 }), { source: 'download', tensorflow: '2.15.1' });
  const files = filesOf(fake.packageFolder);
  t.is(files['package.json'], '{"name":"@tensorflow/tfjs-node"}');
  t.true('deps/lib/libtensorflow.so.2' in files && 'lib/napi-v8/tfjs_binding.node' in files);
  t.is(fake.limits[fake.commands.findIndex((line) => line.includes('install.js'))], 17);
  t.false(ran(fake, /^g\+\+/));
  onlyThePackageIsThere(t, fake);
  t.is((await setUp(fake)).source, 'present');
});

test('where the own download fails halfway, it is built from packages whose digests are pinned', async (t) => {
  const fake = fakeMachine(t);
  const lines: string[] = [];
  t.deepEqual(await setUp(fake, { log: (line) => lines.push(line) }), { source: 'packages', tensorflow: '2.15.1' });
  t.true(
    lines.some((line) => line.includes('ENOTFOUND')),
    'says why there was no download',
  );
  const files = filesOf(fake.packageFolder);
  t.is(files['package.json'], '{"name":"@tensorflow/tfjs-node"}');
  t.false('deps/half-written' in files);
  t.is(files['lib/napi-v8/tfjs_binding.node'], 'good');
  t.true('deps/lib/libtensorflow_cc.so.2' in files);
  onlyThePackageIsThere(t, fake);

  t.true(ran(fake, /pip download .*--require-hashes/));
  t.is(
    fake.given.get('requirements.txt'),
    `tensorflow-cpu==${TENSORFLOW.version} --hash=sha256:${TENSORFLOW.sha256}\n`,
  );
  const lock = JSON.parse(fake.given.get('package-lock.json') ?? '');
  t.deepEqual(lock.packages['node_modules/node-api-headers'], NODE_API_HEADERS);
  t.true(ran(fake, /^npm ci --ignore-scripts/));
  t.true(ran(fake, /^g\+\+ .*tfjs_binding\.cc .*-Wl,-rpath,\$ORIGIN\/\.\.\/\.\.\/deps\/lib$/));
  t.false(ran(fake, /^g\+\+ .*utils\.h/));
});

test('each source can be asked for alone', async (t) => {
  const packages = fakeMachine(t);
  packages.ownScript = 'works';
  t.is((await setUp(packages, { from: 'packages' })).source, 'packages');
  t.false(ran(packages, /install\.js/));

  const download = fakeMachine(t);
  download.ownScript = 'takes-too-long';
  const limit = { from: 'download', downloadLimitS: 9 } as const;
  await failsAndLeavesAlone(t, download, 'ERR_TFJS_NODE_DOWNLOAD', /install script was stopped after 9 s/, limit);
  t.false(ran(download, /pip/));
});

test('a download that does not load is no success', async (t) => {
  const fake = fakeMachine(t);
  fake.ownScript = 'works';
  fake.intervene = (line) =>
    /--eval.*\.tfjs-node-setup-.*download/s.test(line) ? ended(1, 'GLIBC_2.99 not found') : undefined;
  await failsAndLeavesAlone(t, fake, 'ERR_TFJS_NODE_DOWNLOAD', /GLIBC_2\.99/, { from: 'download' });
  t.is((await setUp(fake)).source, 'packages', 'the packages are tried then');
});

const failures = [
  { step: /^g\+\+ --version/, result: missing, code: 'ERR_TFJS_NODE_NO_COMPILER', says: /apt-get install g\+\+/ },
  { step: /pip --version/, result: ended(1, 'No module named pip'), code: 'ERR_TFJS_NODE_NO_PIP', says: /python3-pip/ },
  { step: /pip --version/, result: missing, code: 'ERR_TFJS_NODE_NO_PIP', says: /python3 is not there/ },
  { step: /pip download/, result: ended(1, 'from versions: none'), code: 'ERR_TFJS_NODE_FETCH', says: /none.*PyPI/s },
  { step: /^npm ci/, result: ended(1, 'EINTEGRITY'), code: 'ERR_TFJS_NODE_FETCH', says: /EINTEGRITY.*registry/s },
  { step: /unpack-wheel/, result: ended(1, 'No space left'), code: 'ERR_TFJS_NODE_BUILD', says: /No space.*0\.6 GB/s },
  { step: /^g\+\+ -O2/, result: ended(1, 'error: no'), code: 'ERR_TFJS_NODE_BUILD', says: /g\+\+ exited with 1.*no/s },
];
for (const { step, result, code, says } of failures) {
  test(`${step} ending with ${result.output}: ${code}, and the package stays as it was`, async (t) => {
    const fake = fakeMachine(t);
    fake.intervene = (line) => (step.test(line) ? result : undefined);
    await failsAndLeavesAlone(t, fake, code, says);
  });
}

test('a built library that does not load is not moved in; the broken one before it stays', async (t) => {
  const fake = fakeMachine(t);
  fake.compiled = 'broken';
  writeNative(fake.packageFolder, 'old', 'also broken');
  await failsAndLeavesAlone(t, fake, 'ERR_TFJS_NODE_LOAD', /undefined symbol/);
});

test('a library that computes something else is not taken', async (t) => {
  const fake = fakeMachine(t);
  const wrong = '{"backend":"tensorflow","tensorflow":"2.15.1","product":[3,3,3,2]}';
  fake.intervene = (line) => (line.includes('--eval') ? ended(0, wrong) : undefined);
  await failsAndLeavesAlone(t, fake, 'ERR_TFJS_NODE_LOAD', /answered .*3,2/);
});

test('a library that does not load is replaced whole', async (t) => {
  const fake = fakeMachine(t);
  writeNative(fake.packageFolder, 'old', 'broken');
  t.is((await setUp(fake)).source, 'packages');
  t.false(existsSync(join(fake.packageFolder, 'deps/lib/old')));
  onlyThePackageIsThere(t, fake);
});

test('elsewhere than on Linux x64 there is the own download only', async (t) => {
  const mac = fakeMachine(t, { platform: 'darwin', architecture: 'arm64' });
  await failsAndLeavesAlone(t, mac, 'ERR_TFJS_NODE_UNSUPPORTED_SYSTEM', /got darwin on arm64.*--from download/);
  t.true(ran(mac, /install\.js/), 'it was tried');
  mac.ownScript = 'works';
  t.is((await setUp(mac)).source, 'download');
});

test('without the package, it says how to get it', async (t) => {
  const fake = fakeMachine(t);
  rmSync(fake.packageFolder, { recursive: true });
  await t.throwsAsync(setUp(fake), { code: 'ERR_TFJS_NODE_NOT_INSTALLED', message: /npm ci/ });
});

for (const moment of [/install\.js/, /pip download/, /--eval.*packages/s]) {
  test(`interrupted at ${moment}, it stops there and leaves everything as it was`, async (t) => {
    const fake = fakeMachine(t);
    const interruption = new AbortController();
    fake.intervene = (line) => {
      if (moment.test(line)) interruption.abort();
      return undefined;
    };
    await failsAndLeavesAlone(t, fake, 'ERR_TFJS_NODE_INTERRUPTED', /as it was/, { signal: interruption.signal });
    t.true(moment.test(fake.commands.at(-1) ?? ''), 'nothing ran after it');
  });
}

test('work that a killed setup left behind is cleared, that of a running one is not', async (t) => {
  const fake = fakeMachine(t);
  const scope = dirname(fake.packageFolder);
  write(join(scope, '.tfjs-node-setup-221-abc/file'), '');
  write(join(scope, '.tfjs-node-setup-222-def/file'), '');
  await setUp(fake);
  t.deepEqual(readdirSync(scope).sort(), ['.tfjs-node-setup-222-def', 'tfjs-node']);
});
