export { drawArcArrow, drawArrow } from './arrows.ts';
export { Canvas, type Colour, type PictureFormat, type View } from './canvas.ts';
export { PALETTE } from './palette.ts';
