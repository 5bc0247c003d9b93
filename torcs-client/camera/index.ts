export { llvmpipeThreads } from './llvmpipe-threads.ts';
export { PICTURE_WAYS, type PictureWay } from './picture-way.ts';
