import { svgText, textWidth } from '../../core/svg-text.ts';
import type { LapTimes } from '../lap-clock.ts';
import type { LeafName } from '../layout/flow.ts';
import type { Layout } from '../layout/layout.ts';
import type { FilmMoment } from '../moment.ts';
import { GlyphSet } from '../raster/glyphs.ts';
import { StaticLayer } from '../raster/layer.ts';
import { drawDisc, fillBox, type Picture, type Rgb } from '../raster/picture.ts';
import { textBearing } from '../raster/text-bearing.ts';
import type { TrackMap } from '../track-map.ts';
import { gapText, gearText, lapTimeText, outcomeText, sectorText } from './format.ts';
import { drawPedal, drawRangeFinders, drawRevs, drawSteering } from './instruments.ts';
import { hex, OTHER_CAR, PALETTE, PANEL } from './palette.ts';
import { drawSeen } from './seen.ts';

export interface OverlayOptions {
  readonly layout: Layout;
  /** Who drives, and where: one line. */
  readonly title: string;
  readonly map?: TrackMap | undefined;
  /** Laps of the drive, where they are known. */
  readonly laps?: number | undefined;
  /** Directions of the range finders, degrees, -90 left. */
  readonly rangeFinderAnglesDeg: readonly number[];
}

/** What comes to a picture beside the moment itself. */
export interface OverlayState {
  readonly lapTimes: LapTimes;
  /** To another drive, s; positive: this one is ahead. */
  readonly gapS?: number | undefined;
  /** Where the other drive is. */
  readonly other?: { readonly distFromStartM: number; readonly trackPos: number } | undefined;
  /** Of the newest picture that the network sees. */
  readonly saliency?: Float32Array | undefined;
  /** What is announced now. */
  readonly announcement?: string | undefined;
}

/** How much ground a car covers on the map, in a layout's units. */
const CAR_RADIUS = 0.42;
/** Leaves whose text is heavier. */
const BOLD: ReadonlySet<LeafName> = new Set(['driver', 'lapTime', 'speed', 'gear', 'gap', 'banner']);

/** Draws telemetry over a film's pictures. What stays is drawn once; what moves costs a few thousand pixels. */
export class Overlay {
  readonly #options: OverlayOptions;
  readonly #layer: StaticLayer;
  readonly #glyphs: ReadonlyMap<LeafName, GlyphSet>;

  private constructor(options: OverlayOptions, layer: StaticLayer, glyphs: ReadonlyMap<LeafName, GlyphSet>) {
    this.#options = options;
    this.#layer = layer;
    this.#glyphs = glyphs;
  }

  static async create(options: OverlayOptions): Promise<Overlay> {
    const { layout } = options;
    const made = new Map<string, GlyphSet>();
    const glyphs = new Map<LeafName, GlyphSet>();
    for (const [name, { size }] of layout.leaves) {
      if (size === 0) continue;
      const key = `${size} ${BOLD.has(name)}`;
      const set = made.get(key) ?? (await GlyphSet.create(size, BOLD.has(name)));
      made.set(key, set);
      glyphs.set(name, set);
    }
    const layer = await StaticLayer.fromSvg(layout.width, layout.height, staticSvg(options));
    return new Overlay(options, layer, glyphs);
  }

  draw(picture: Picture, moment: FilmMoment, state: OverlayState): void {
    this.#layer.apply(picture);
    this.#drawTiming(picture, state);
    this.#drawInstruments(picture, moment);
    this.#drawSeen(picture, moment, state.saliency);
    this.#drawMap(picture, moment, state);
    if (moment.outcome !== undefined) this.#announce(picture, endText(moment.outcome, state.lapTimes), moment.outcome);
    else if (state.announcement !== undefined) this.#announce(picture, state.announcement, 'laps-done');
  }

  #drawTiming(picture: Picture, { lapTimes, gapS }: OverlayState): void {
    const { title, laps } = this.#options;
    this.#text(picture, 'driver', title, PALETTE.text);
    const lap = laps === undefined ? lapTimes.lap : Math.min(lapTimes.lap, laps);
    const counts = laps === undefined ? [] : [`LAP ${lap}/${laps}`];
    this.#text(picture, 'lap', [...counts, `LAP ${lap}`, `L${lap}`], PALETTE.faint);
    const running = laps !== undefined && lapTimes.lap > laps ? lapTimes.lastLapS : lapTimes.lapTimeS;
    const times = [2, 1].map((decimals) => lapTimeText(running, decimals));
    this.#text(picture, 'lapTime', times, PALETTE.text, 'end');
    for (const [i, name] of (['sector1', 'sector2', 'sector3'] as const).entries()) {
      const isRunning = lapTimes.running?.sector === i;
      const time = isRunning ? lapTimes.running?.timeS : lapTimes.sectorsS[i];
      const isBest = time !== undefined && time === lapTimes.bestSectorsS[i] && lapTimes.lap > 1;
      const done = time === undefined ? PALETTE.empty : isBest ? PALETTE.good : PALETTE.text;
      this.#text(picture, name, sectorText(i, time), isRunning ? PALETTE.accent : done);
    }
    this.#text(picture, 'lastLap', `LAST ${lapTimeText(lapTimes.lastLapS, 3)}`, PALETTE.faint);
    this.#text(picture, 'bestLap', `BEST ${lapTimeText(lapTimes.bestLapS, 3)}`, PALETTE.best, 'end');
    if (gapS !== undefined) this.#text(picture, 'gap', gapText(gapS), gapS >= 0 ? PALETTE.good : PALETTE.warning);
  }

  #drawInstruments(picture: Picture, { sensors, commands, reward, returnSum, value }: FilmMoment): void {
    this.#text(picture, 'gear', gearText(sensors.gear), PALETTE.accent, 'middle');
    this.#text(picture, 'speed', String(Math.abs(Math.round(sensors.speedX))), PALETTE.text, 'end');
    const revs = this.#box('revs');
    if (revs !== undefined) drawRevs(picture, revs, sensors.rpm);
    if (commands !== undefined) {
      const { accelerate, brake, steer } = commands;
      const boxes = [this.#box('accelerate'), this.#box('brake'), this.#box('steer')] as const;
      if (boxes[0] !== undefined) drawPedal(picture, boxes[0], accelerate, PALETTE.good);
      if (boxes[1] !== undefined) drawPedal(picture, boxes[1], brake, PALETTE.bad);
      if (boxes[2] !== undefined) drawSteering(picture, boxes[2], steer);
    }
    if (reward !== undefined) this.#text(picture, 'reward', `REWARD ${reward.toFixed(2)}`, PALETTE.faint);
    if (returnSum !== undefined) this.#text(picture, 'return', `RETURN ${returnSum.toFixed(1)}`, PALETTE.faint);
    if (value !== undefined) this.#text(picture, 'value', `VALUE ${value.toFixed(1)}`, PALETTE.faint);
  }

  #drawSeen(picture: Picture, { seen, sensors }: FilmMoment, saliency: Float32Array | undefined): void {
    const box = this.#box('seen');
    const { seen: fit } = this.#options.layout;
    if (box === undefined) return;
    if (fit === undefined) drawRangeFinders(picture, box, sensors.track, this.#options.rangeFinderAnglesDeg);
    else if (seen !== undefined) drawSeen(picture, box, fit, seen, saliency);
  }

  #drawMap(picture: Picture, { sensors }: FilmMoment, { other }: OverlayState): void {
    const { map, layout } = this.#options;
    const box = this.#box('map');
    if (map === undefined || box === undefined) return;
    const radius = CAR_RADIUS * layout.unit;
    const inner = mapBox(box, layout.unit);
    if (other !== undefined) {
      const [x, y] = map.place(other.distFromStartM, other.trackPos, inner);
      drawDisc(picture, x, y, radius * 0.85, OTHER_CAR);
    }
    const [x, y] = map.place(sensors.distFromStart, sensors.trackPos, inner);
    drawDisc(picture, x, y, radius + Math.max(1, radius * 0.3), [11, 15, 20]);
    drawDisc(picture, x, y, radius, PALETTE.accent);
  }

  #announce(picture: Picture, words: string, outcome: string): void {
    const leaf = this.#options.layout.leaves.get('banner');
    if (leaf === undefined) return;
    const { box, size } = leaf;
    const width = Math.min(box.width, Math.ceil(textWidth(words, size)) + 2 * size);
    const panel = { ...box, width, x: box.x + Math.floor((box.width - width) / 2) };
    fillBox(picture, panel, [11, 15, 20], 0.8);
    const edge = Math.max(1, Math.round(size / 8));
    const color = outcome === 'laps-done' ? PALETTE.good : PALETTE.bad;
    fillBox(picture, { ...panel, y: panel.y + panel.height - edge, height: edge }, color);
    const inner = { ...panel, x: panel.x + Math.round(size / 2), width: panel.width - size };
    this.#glyphs.get('banner')?.draw(picture, inner, words, PALETTE.text, 'middle');
  }

  /** @param words one wording, or several from the longest to the shortest */
  #text(
    picture: Picture,
    name: LeafName,
    words: string | readonly string[],
    color: Rgb,
    anchor: 'start' | 'middle' | 'end' = 'start',
  ): void {
    const leaf = this.#options.layout.leaves.get(name);
    const glyphs = this.#glyphs.get(name);
    if (leaf === undefined || glyphs === undefined) return;
    const text = typeof words === 'string' ? words : glyphs.choose(words, leaf.box.width);
    glyphs.draw(picture, leaf.box, text, color, anchor);
  }

  #box(name: LeafName) {
    return this.#options.layout.leaves.get(name)?.box;
  }
}

/** How it ended; who finished is told the last lap's time. */
function endText(outcome: string, { lastLapS }: LapTimes): string {
  const isDone = outcome === 'laps-done' && lastLapS !== undefined;
  return isDone ? `${outcomeText(outcome)}  ${lapTimeText(lastLapS, 3)}` : outcomeText(outcome);
}

/** The way on a map stays so far from its box's edges that a car's mark does not leave it. */
function mapBox(box: { x: number; y: number; width: number; height: number }, unit: number) {
  const inset = Math.ceil(CAR_RADIUS * unit * 1.3 + 1);
  return { x: box.x + inset, y: box.y + inset, width: box.width - 2 * inset, height: box.height - 2 * inset };
}

function staticSvg({ layout, map }: OverlayOptions): string {
  const { unit, panels, labels, leaves } = layout;
  const radius = (unit * 0.4).toFixed(1);
  const parts = panels.map(
    ({ x, y, width, height }) =>
      `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="${radius}" fill="${PANEL.fill}" fill-opacity="${PANEL.opacity}"/>`,
  );
  for (const { text, box, size } of labels) {
    const y = box.y + Math.round((box.height + 0.73 * size) / 2);
    parts.push(svgText({ x: box.x + textBearing(size), y, size, fill: hex(PALETTE.faint) }, text));
  }
  const box = leaves.get('map')?.box;
  if (map !== undefined && box !== undefined) {
    const inner = mapBox(box, unit);
    const width = Math.max(1.2, unit * 0.16);
    const [x, y] = map.place(0, 0, inner);
    parts.push(
      `<path d="${map.path(inner)}" fill="none" stroke="${PANEL.fill}" stroke-width="${(width * 2.6).toFixed(2)}" stroke-linejoin="round"/>`,
      `<path d="${map.path(inner)}" fill="none" stroke="${hex(PALETTE.track)}" stroke-width="${width.toFixed(2)}" stroke-linejoin="round"/>`,
      `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="${(width * 1.3).toFixed(2)}" fill="${hex(PALETTE.bad)}"/>`,
    );
  }
  return parts.join('');
}
