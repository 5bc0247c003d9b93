import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import test from 'ava';
import ts from 'typescript';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** Compiles sources as `npm run build` does, file by file. */
function compile(into: string, folders: readonly string[]): void {
  const { config } = ts.readConfigFile(path.join(root, 'tsconfig.json'), ts.sys.readFile) as { config: object };
  const { options } = ts.convertCompilerOptionsFromJson((config as { compilerOptions: object }).compilerOptions, root);
  for (const folder of folders) {
    for (const name of fs.readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })) {
      if (!name.endsWith('.ts')) continue;
      const source = fs.readFileSync(path.join(root, folder, name), 'utf8');
      const { outputText } = ts.transpileModule(source, {
        compilerOptions: { ...options, noEmit: false, module: ts.ModuleKind.ESNext },
      });
      const target = path.join(into, folder, name.replace(/\.ts$/, '.js'));
      fs.mkdirSync(path.dirname(target), { recursive: true });
      fs.writeFileSync(target, outputText);
    }
  }
}

test('worker threads start from compiled sources, where there is no tsx', async (t) => {
  // Below the project, so that packages are found.
  const dist = fs.mkdtempSync(path.join(root, 'node_modules', '.compiled-'));
  t.teardown(() => fs.rmSync(dist, { recursive: true }));
  compile(dist, ['src/core', 'src/training', 'torcs-client', 'test/training/support']);
  fs.writeFileSync(path.join(dist, 'package.json'), '{"type":"module"}');
  const script = path.join(dist, 'main.js');
  fs.writeFileSync(
    script,
    `import { WorkerGroup } from './src/training/index.js';
     const description = { module: new URL('./test/training/support/chaotic-environment.js', import.meta.url).href, factory: 'makeChaotic', arguments: [] };
     const group = await WorkerGroup.start([description, description]);
     const { info } = await group.reset(1, 42);
     await group.close();
     console.log(info.seed);`,
  );
  const { stdout } = await promisify(execFile)(process.execPath, [script]);
  t.is(stdout, '42\n');
});
