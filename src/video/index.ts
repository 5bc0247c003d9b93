export { FfmpegMissingError } from '../core/ffmpeg.ts';
export * from './errors.ts';
export { type FilmOptions, type FilmSummary, shootFilm } from './film.ts';
export { FilmFile, type FilmFormat } from './film-file.ts';
export {
  type Layout as FilmLayout,
  type LayoutOptions as FilmLayoutOptions,
  layoutOf as layOutFilm,
  type SeenContent,
} from './layout/layout.ts';
export type { Commands, FilmMoment, SeenPixels } from './moment.ts';
export { type MovingPictureOptions, makeMovingPicture } from './moving-picture.ts';
export {
  Overlay as FilmOverlay,
  type OverlayOptions as FilmOverlayOptions,
  type OverlayState as FilmOverlayState,
} from './overlay/overlay.ts';
export type { PaneOptions as FilmPane } from './pane.ts';
export { occlusionMap } from './saliency.ts';
export { type OutlinePoint, TrackMap, type TrackOutline } from './track-map.ts';
