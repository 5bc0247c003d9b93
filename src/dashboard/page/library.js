import { byId, element } from './dom.js';

/** What lies in the folder: lists, and what the form offers. */
export class Library {
  #curves;
  #library;

  constructor(curves) {
    this.#curves = curves;
  }

  show(library) {
    this.#library = library;
    const { runs, policies, recordings } = library;
    fill('runs', runs, (run) => this.#run(run));
    fill('policies', policies, (policy) => this.#policy(policy));
    fill('recordings', recordings, ({ name, episodes, frames }) => [
      element('span', { className: 'name', textContent: name }),
      element('span', {
        className: 'aside',
        textContent: `${episodes} ${episodes === 1 ? 'episode' : 'episodes'}, ${frames} frames`,
      }),
    ]);
    this.#offerDrivers();
    offer(byId('simulator'), library.simulators, byId('simulator').value);
    this.offerTracks();
  }

  /** Runs are drawn as soon as their curves are there. */
  refreshRuns() {
    if (this.#library !== undefined) fill('runs', this.#library.runs, (run) => this.#run(run));
  }

  /** Tracks of the simulator that is chosen. */
  offerTracks() {
    const simulator = byId('simulator').value;
    const tracks = this.#library?.tracks.filter(({ simulators }) => simulators.includes(simulator)) ?? [];
    offer(
      byId('track'),
      tracks.map(({ name }) => name),
      byId('track').value || 'willow-park',
    );
  }

  #offerDrivers() {
    const select = byId('driver');
    const { drivers, policies, models } = this.#library;
    const driving = policies.filter(({ task }) => task === 'driving').map(({ name }) => name);
    const chosen = select.value;
    const groups = [
      ['Drivers', drivers],
      ['Policies', driving],
      ['Models that come with it', models.filter((name) => !driving.includes(name))],
    ].filter(([, names]) => names.length > 0);
    select.replaceChildren(
      ...groups.map(([label, names]) => element('optgroup', { label }, ...names.map((name) => option(name)))),
    );
    if ([...drivers, ...driving, ...models].includes(chosen)) select.value = chosen;
  }

  #run({ name, task, state }) {
    const box = element('input', { type: 'checkbox', checked: this.#curves.isShown(name) });
    box.addEventListener('change', () => {
      this.#curves.choose(name, box.checked);
    });
    const swatch = element('i', { className: 'swatch' });
    swatch.style.background = `var(--${this.#curves.colourOf(name)})`;
    return [
      element('label', {}, box, swatch, element('span', { className: 'name', textContent: name })),
      element('span', { className: `aside ${state}`, textContent: `${task}, ${state}` }),
    ];
  }

  #policy({ name, task }) {
    const aside = element('span', { className: 'aside', textContent: task });
    if (task !== 'driving') return [element('span', { className: 'name', textContent: name }), aside];
    const choose = element('button', { type: 'button', className: 'link name', textContent: name });
    choose.addEventListener('click', () => {
      byId('driver').value = name;
      byId('start').focus();
    });
    choose.title = 'Choose as driver';
    return [choose, aside];
  }
}

const DRIVER_TEXT = { scripted: 'scripted driver', human: 'you alone', random: 'random actions' };

function option(name) {
  return element('option', { value: name, textContent: DRIVER_TEXT[name] ?? name });
}

function offer(select, names, chosen) {
  select.replaceChildren(...names.map(option));
  if (names.includes(chosen)) select.value = chosen;
}

function fill(id, items, describe) {
  const rows = items.map((item) => element('li', {}, ...describe(item)));
  byId(id).replaceChildren(
    ...(rows.length > 0 ? rows : [element('li', { className: 'hint', textContent: 'none yet' })]),
  );
}
