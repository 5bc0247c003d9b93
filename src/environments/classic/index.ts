export {
  ClassicEnvironment,
  type ClassicEnvironmentParts,
  type ClassicInfo,
} from './classic-environment.ts';
