/**
 * What is kept of a picture's colours: three channels (`rgb`), or one: luminance with BT.709's weights (`grey`), or `blue`
 * alone, in which a road, which is grey, stands out from grass, sand and earth, which are hardly blue; or `pale`, twice the
 * darkest of a pixel's colours less the brightest, at least 0: what is grey or white stays as it is, in the light and in the
 * shade, and the more colour there is the darker it becomes; or `opponent`, blue against yellow: 128 + 2 blue - red - green, cut
 * to 0 to 255, in which all greys are the same, in the light and in the shade, with or without skid marks, and grass, sand and
 * earth are darker.
 */
export const COLOURS = ['rgb', 'grey', 'blue', 'pale', 'opponent'] as const;
