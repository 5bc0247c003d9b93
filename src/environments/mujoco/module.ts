import loadMujoco, { type MainModule } from '@mujoco/mujoco';

let loading: Promise<MainModule> | undefined;

/**
 * MuJoCo's WebAssembly build, loaded at the first call: one for the whole thread, because it takes a quarter of a second.
 */
export function mujocoModule(): Promise<MainModule> {
  loading ??= loadMujoco();
  return loading;
}
