export type { PictureFormat } from '../raster/index.ts';
export {
  ClassicEnvironment,
  type ClassicEnvironmentParts,
  type ClassicInfo,
} from './classic-environment.ts';
