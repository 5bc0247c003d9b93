import { byId, colour, element, onceAFrame, onSchemeChange, setText } from './dom.js';
import { Plot, plotOptions } from './plot.js';

/** What is shown of the telemetry: so many units of its first column. */
const WINDOW_S = 30;
const WINDOW_STEPS = 400;
const RANGES = { Pedals: [0, 1.02], Steering: [-1.02, 1.02] };
const NAMED_COLOURS = {
  accelerate: 'good',
  brake: 'bad',
  steer: 'blue',
  speedKmh: 'accent',
  rpm: 'violet',
  trackPos: 'teal',
};
const COLOURS = ['accent', 'blue', 'good', 'violet', 'bad', 'teal', 'dim'];

/** A small plot for each group of channels that asks for one; they move together. */
export class TelemetryPlots {
  #telemetry;
  #groups = [];
  #draw = onceAFrame(() => this.#paint());

  constructor(telemetry) {
    this.#telemetry = telemetry;
    onSchemeChange(() => {
      for (const group of this.#groups) group.plot.renew();
      this.#draw();
    });
  }

  /** A session begins. */
  begin() {
    for (const { plot, card } of this.#groups) {
      plot.destroy();
      card.remove();
    }
    const titles = new Set(this.#telemetry.channels.flatMap(({ plot }) => (plot === undefined ? [] : [plot])));
    this.#groups = [...titles].map((title) => this.#group(title));
    byId('plots-hint').hidden = this.#groups.length > 0;
    const span = this.#isTimed ? `last ${WINDOW_S} s of simulated time` : `last ${WINDOW_STEPS} steps`;
    setText(byId('telemetry-span'), span);
  }

  /** New rows have come. */
  update() {
    this.#draw();
  }

  get #isTimed() {
    return this.#telemetry.channels[0]?.key === 'timeS';
  }

  #group(title) {
    const channels = this.#telemetry.channels.filter(({ plot }) => plot === title);
    const values = channels.map((channel, i) => {
      const value = element('output', { className: 'value' });
      value.style.color = `var(--${colourOf(channel, i)})`;
      return value;
    });
    const units = [...new Set(channels.map(({ unit }) => unit))].join(' ');
    const place = element('div', { className: 'plot' });
    place.setAttribute('role', 'img');
    place.setAttribute('aria-label', `${title} over time`);
    const card = element(
      'section',
      { className: 'card plot-card' },
      element('h3', {}, title, element('span', { className: 'unit', textContent: ` ${units}` })),
      element('p', { className: 'values' }, ...values),
      place,
    );
    card.setAttribute('aria-label', title);
    byId('plots').append(card);
    const series = () => [
      {},
      ...channels.map((channel, i) => ({
        label: channel.label,
        stroke: colour(colourOf(channel, i)),
        width: 1.5,
        points: { show: false },
      })),
    ];
    const plot = new Plot(place, (width) =>
      plotOptions({
        width,
        series: series(),
        xText: (value) => String(Math.round(value * 10) / 10),
        yRange: RANGES[title],
        sync: 'telemetry',
      }),
    );
    return { card, channels, values, plot };
  }

  #paint() {
    const x = this.#telemetry.columns[0] ?? [];
    if (x.length === 0) return;
    const span = this.#isTimed ? WINDOW_S : WINDOW_STEPS;
    const first = firstFrom(x, x.at(-1) - span);
    const shown = x.slice(first);
    for (const { channels, values, plot } of this.#groups) {
      const columns = channels.map(({ key }) => this.#telemetry.column(key));
      plot.setData([shown, ...columns.map((column) => column.slice(first))]);
      channels.forEach(({ label, digits }, i) => {
        const value = columns[i].at(-1);
        const name = channels.length === 1 ? '' : `${label} `;
        setText(values[i], `${name}${value === null || value === undefined ? '–' : value.toFixed(digits)}`);
      });
    }
    byId('plots').dataset.rows = String(Number(byId('plots').dataset.rows ?? 0) + 1);
  }
}

const colourOf = ({ key }, index) => NAMED_COLOURS[key] ?? COLOURS[index % COLOURS.length];

/** Index of the first value that is at least so large, in a column that grows. */
function firstFrom(column, least) {
  let [low, high] = [0, column.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (column[middle] < least) low = middle + 1;
    else high = middle;
  }
  return low;
}
