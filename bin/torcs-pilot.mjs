#!/usr/bin/env node
// A clone runs its TypeScript sources through tsx, so an edit counts at once; an installed package runs what was built.
import { existsSync } from 'node:fs';

const built = new URL('../dist/src/cli/main.js', import.meta.url);
const source = new URL('../src/cli/main.ts', import.meta.url);
const isClone = existsSync(new URL('../tsconfig.build.json', import.meta.url));
const runSource = isClone || !existsSync(built);
if (runSource) {
  const { register } = await import('tsx/esm/api');
  register();
}
const { main } = await import(runSource ? source.href : built.href);
process.exitCode = await main(process.argv.slice(2));
