export { SCRIPTED_RANGE_FINDER_ANGLES_DEG, ScriptedDriver } from './scripted-driver.ts';
