import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import test from 'ava';

test('imports only go down', async (t) => {
  const run = promisify(execFile);
  const options = { cwd: new URL('../..', import.meta.url) };
  const program = 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs';
  const result = await run(process.execPath, [program, '--output-type', 'json', 'src', 'torcs-client'], {
    ...options,
    maxBuffer: 64 * 1024 * 1024,
  }).catch((error: { stdout: string }) => error);
  const { summary } = JSON.parse(result.stdout) as {
    summary: { totalCruised: number; violations: { rule: { name: string }; from: string; to: string }[] };
  };
  t.true(summary.totalCruised > 10, 'the sources were read');
  t.deepEqual(
    summary.violations.map((violation) => `${violation.rule.name}: ${violation.from} -> ${violation.to}`),
    [],
  );
});
