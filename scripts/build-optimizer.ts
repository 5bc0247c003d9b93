/** Compiles src/backend/optimizer/assembly to WebAssembly and writes it, as text, to optimizer-module.ts beside it. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { main as compile } from 'assemblyscript/asc';

const folder = new URL('../src/backend/optimizer/', import.meta.url);
export const modulePath = fileURLToPath(new URL('optimizer-module.ts', folder));

/** The generated file's text. Throws with the compiler's own words. */
export async function buildOptimizerModule(): Promise<string> {
  let binary: Uint8Array | undefined;
  const { error, stderr } = await compile(
    [
      'assembly/optimizer.ts',
      '-O3',
      '--enable=simd,threads',
      '--runtime=stub',
      '--importMemory',
      '--sharedMemory',
      '--initialMemory=1',
      '--maximumMemory=65536',
      '--noAssert',
      '--use=abort=',
      '--baseDir',
      fileURLToPath(folder),
      '--outFile=optimizer.wasm',
    ],
    {
      writeFile: (name: string, contents: Uint8Array | string) => {
        if (name.endsWith('.wasm')) binary = contents as Uint8Array;
      },
    },
  );
  if (error !== null || binary === undefined) throw new Error(`${error?.message ?? 'no module'}\n${stderr.toString()}`);
  const text = Buffer.from(binary)
    .toString('base64')
    .replace(/.{1,110}/g, "  '$&',\n");
  return `/** Generated from assembly/optimizer.ts by scripts/build-optimizer.ts. */\nexport const OPTIMIZER_MODULE: string = [\n${text}].join('');\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(modulePath, await buildOptimizerModule());
