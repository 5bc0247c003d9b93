export { CameraRenderer, type Scene } from './camera-renderer.ts';
export type { CarPose } from './view.ts';
