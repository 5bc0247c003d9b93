import { colour } from './dom.js';

/** uPlot as its package ships it, which the server keeps at this address; it lies in no folder of ours. */
export const { default: uPlot } = await import(new URL('/uplot.js', import.meta.url).href);

const PLOT_HEIGHT = 132;

/** Options that every plot has: the page's colours, thin grid, no legend but what the caller makes. */
export function plotOptions({ width, height = PLOT_HEIGHT, series, xText, yRange, sync }) {
  const axis = {
    stroke: colour('dim'),
    font: '11px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace',
    grid: { stroke: colour('grid'), width: 1 },
    ticks: { show: false },
  };
  return {
    width,
    height,
    series,
    legend: { show: false },
    padding: [8, 14, 0, 0],
    cursor: { y: false, points: { size: 6 }, ...(sync === undefined ? {} : { sync: { key: sync } }) },
    scales: { x: { time: false }, ...(yRange === undefined ? {} : { y: { range: yRange } }) },
    axes: [
      { ...axis, size: 26, values: (_, ticks) => ticks.map(xText) },
      { ...axis, size: 46, values: (_, ticks) => ticks.map(shortNumber) },
    ],
  };
}

/** A number for an axis: no more digits than needed. */
export function shortNumber(value) {
  const size = Math.abs(value);
  if (size >= 1e6) return `${+(value / 1e6).toPrecision(3)}M`;
  if (size >= 1e4) return `${+(value / 1e3).toPrecision(3)}k`;
  return String(+value.toPrecision(4));
}

/** A uPlot that is made anew when its place changes its width or the colours change. */
export class Plot {
  #place;
  #make;
  #plot;
  #data;

  /** @param make gives the options for a width */
  constructor(place, make) {
    this.#place = place;
    this.#make = make;
    this.observer = new ResizeObserver(() => this.#fit());
    this.observer.observe(place);
  }

  setData(data) {
    this.#data = data;
    if (this.#plot === undefined) this.#fit();
    else this.#plot.setData(data);
  }

  /** Makes it anew. */
  renew(make = this.#make) {
    this.#make = make;
    this.#plot?.destroy();
    this.#plot = undefined;
    this.#fit();
  }

  destroy() {
    this.observer.disconnect();
    this.#plot?.destroy();
  }

  #fit() {
    const width = Math.floor(this.#place.clientWidth);
    if (width === 0 || this.#data === undefined) return;
    if (this.#plot === undefined) this.#plot = new uPlot(this.#make(width), this.#data, this.#place);
    else if (this.#plot.width !== width) this.#plot.setSize({ width, height: this.#plot.height });
  }
}
