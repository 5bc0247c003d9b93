export {
  SCRIPTED_RANGE_FINDER_ANGLES_DEG,
  ScriptedDriver,
  type ScriptedDriverOptions,
  scriptedDriverOptionsSchema,
} from './scripted-driver.ts';
