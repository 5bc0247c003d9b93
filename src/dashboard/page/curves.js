import { byId, colour, onceAFrame, onSchemeChange } from './dom.js';
import { Plot, plotOptions, shortNumber, uPlot } from './plot.js';

const COLOURS = ['accent', 'blue', 'good', 'violet', 'bad', 'teal'];

/** Learning curves of the chosen runs. */
export class Curves {
  #curves = [];
  /** Names of the runs that are drawn; undefined: the newest, until somebody chooses. */
  #chosen;
  #plot;
  #shape = '';
  #draw = onceAFrame(() => this.#paint());

  constructor() {
    this.#plot = new Plot(byId('curves'), (width) => this.#options(width));
    onSchemeChange(() => {
      this.#plot.renew();
    });
  }

  setCurves(curves) {
    this.#curves = curves;
    this.#draw();
  }

  isShown(run) {
    return this.#shown().some((curve) => curve.run === run);
  }

  choose(run, shown) {
    const names = new Set(this.#shown().map((curve) => curve.run));
    if (shown) names.add(run);
    else names.delete(run);
    this.#chosen = names;
    this.#draw();
  }

  /** The colour of a run's curve. */
  colourOf(run) {
    const place = this.#curves.findIndex((curve) => curve.run === run);
    return place < 0 ? 'dim' : COLOURS[place % COLOURS.length];
  }

  #shown() {
    const filled = this.#curves.filter(({ steps }) => steps.length > 0);
    if (this.#chosen === undefined) return filled.slice(0, 1);
    return filled.filter(({ run }) => this.#chosen.has(run));
  }

  #paint() {
    const shown = this.#shown();
    byId('curves-hint').hidden = shown.length > 0;
    byId('curves').hidden = shown.length === 0;
    if (shown.length === 0) return;
    const tables = shown.map(({ steps, training, evaluation }) => [steps, training, evaluation]);
    const modes = tables.map((table) => table.map(() => 0));
    const data = uPlot.join(tables.map(onePointAStep), modes);
    // Curves of several runs lie on one axis of steps: between its own steps a run has no value, and is drawn through.
    const shape = shown.map(({ run }) => run).join('\n');
    const isNew = shape !== this.#shape;
    this.#shape = shape;
    this.#plot.setData(data);
    if (isNew) this.#plot.renew();
  }

  #options(width) {
    const series = this.#shown().flatMap(({ run }) => {
      const stroke = colour(this.colourOf(run));
      const common = { stroke, spanGaps: true, points: { show: false } };
      return [
        { ...common, label: `${run} training`, width: 1, alpha: 0.55 },
        { ...common, label: `${run} evaluation`, width: 2.2, points: { show: true, size: 5, fill: stroke } },
      ];
    });
    return plotOptions({ width, height: 240, series: [{}, ...series], xText: shortNumber });
  }
}

/** A log line and an evaluation may come at one step: they become one point. */
function onePointAStep([steps, ...columns]) {
  const table = [[], ...columns.map(() => [])];
  steps.forEach((step, i) => {
    const isSame = table[0].at(-1) === step;
    if (!isSame) {
      table[0].push(step);
      for (const column of table.slice(1)) column.push(null);
    }
    columns.forEach((column, c) => {
      if (column[i] !== null) table[c + 1][table[0].length - 1] = column[i];
    });
  });
  return table;
}
