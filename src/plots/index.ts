export { type Curve, type CurvePoint, type SummaryPoint, summarizeCurves } from './curve-summary.ts';
export {
  type DriveMap,
  type DrivePoint,
  driveMapPlot,
  type MapPoint,
  type RoadOutline,
  roundLength,
} from './drive-map.ts';
export { bootstrapInterval, interquartileMean } from './interquartile.ts';
export { type ComparedLap, type GapPoint, gapOf, type LapSample, lapComparisonPlot } from './lap-comparison.ts';
export { type LapTable, type LapTableRow, lapTablePlot } from './lap-table.ts';
export { type CurveGroup, type CurvePanel, learningCurvesPlot } from './learning-curves.ts';
export { type RasterOptions, renderPng } from './raster.ts';
export { type Plot, renderSvg } from './render.ts';
