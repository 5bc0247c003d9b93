import loadMujoco, { type MainModule } from '@mujoco/mujoco';

let loading: Promise<MainModule> | undefined;

/**
 * MuJoCo's WebAssembly build, loaded at the first call: one for the whole thread, because it takes a quarter of a second
 * and each has a memory of its own. What MuJoCo says becomes a warning of the process: standard output stays clean.
 */
export function mujocoModule(): Promise<MainModule> {
  const warn = (text: string) => process.emitWarning(text, 'MujocoWarning');
  loading ??= loadMujoco({ print: warn, printErr: warn });
  return loading;
}
