import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The Python that tests use: `TORCS_PILOT_PYTHON`, or the one on the path. */
const python = process.env['TORCS_PILOT_PYTHON'] ?? 'python3';

/** Whether it has these modules; where not, says so. */
export async function pythonHas(...modules: readonly string[]): Promise<boolean> {
  try {
    await run(python, ['-c', `import ${modules.join(', ')}`]);
    return true;
  } catch {
    console.log(`# skipped: ${python} has no ${modules.join(', ')} (TORCS_PILOT_PYTHON names another)`);
    return false;
  }
}

/** Its standard output; throws with its standard error when it fails. */
export async function runPython(words: readonly string[], cwd: string): Promise<string> {
  const { stdout } = await run(python, [...words], { cwd, maxBuffer: 1 << 26 });
  return stdout;
}
