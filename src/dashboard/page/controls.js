import { byId, element, setText } from './dom.js';

const SPEEDS = [0.25, 0.5, 1, 2, 4, 0];
const STATES = { idle: 'ready', starting: 'starting', running: 'live', paused: 'paused', ended: 'ended' };

/** Buttons, form and keys that control the drive. What the page may not do is hidden, what makes no sense now is disabled. */
export class Controls {
  #connection;
  #wheel;
  #status = { state: 'idle', speed: 1, wheel: 'driver', holder: null, recording: null };
  #session;
  #viewer = 0;
  #allowed = false;

  constructor(connection, wheel) {
    this.#connection = connection;
    this.#wheel = wheel;
    wheel.onToggle = () => this.#toggleWheel();
    byId('speeds').append(...SPEEDS.map((speed) => this.#speedButton(speed)));
    const on = (id, act) => byId(id).addEventListener('click', act);
    on('pause', () => this.#togglePause());
    on('step', () => this.#say({ type: 'step', steps: 1 }));
    on('restart', () => this.#say({ type: 'restart' }));
    on('stop', () => this.#say({ type: 'stop' }));
    on('record', () => this.#toggleRecording());
    on('wheel', () => this.#toggleWheel());
    on('help-open', () => byId('help').showModal());
    byId('view').addEventListener('change', ({ target }) => this.#say({ type: 'view', view: target.value }));
    byId('start-form').addEventListener('submit', (event) => {
      event.preventDefault();
      this.#start();
    });
    addEventListener('keydown', (event) => this.#key(event));
  }

  welcome({ viewer, controls }) {
    this.#viewer = viewer;
    this.#allowed = controls;
    document.body.dataset.controls = controls ? 'yes' : 'no';
    this.#show();
  }

  lose() {
    this.#allowed = false;
    this.#wheel.stop();
    setText(byId('state'), 'no connection');
    document.body.dataset.state = 'lost';
    this.#show();
  }

  setSession(session) {
    this.#session = session;
    document.body.dataset.mode = session.mode;
    setText(byId('mode'), session.mode);
    const title = session.title === '' ? 'Nothing is driving' : session.title;
    setText(byId('title'), title);
    document.title = session.title === '' ? 'torcs-pilot' : `${session.title} · torcs-pilot`;
    byId('view').replaceChildren(...session.views.map((view) => element('option', { value: view, textContent: view })));
    this.#show();
  }

  setStatus(status) {
    this.#status = status;
    document.body.dataset.state = status.state;
    if (status.view !== null) byId('view').value = status.view;
    this.#show();
  }

  get #mine() {
    return this.#status.wheel === 'person' && this.#status.holder === this.#viewer;
  }

  #show() {
    const { state, speed, wheel, recording } = this.#status;
    const can = this.#session?.can ?? {};
    const drives = state === 'running' || state === 'paused';
    for (const part of document.querySelectorAll('[data-needs]')) {
      part.hidden = !(this.#allowed && can[part.dataset.needs] === true);
    }
    byId('view-group').hidden = !this.#allowed || (this.#session?.views.length ?? 0) === 0;
    for (const id of ['pause', 'step', 'restart', 'wheel', 'record', 'stop']) byId(id).disabled = !drives;
    for (const button of byId('speeds').querySelectorAll('button')) {
      button.disabled = !drives;
      button.setAttribute('aria-pressed', String(Number(button.dataset.speed) === speed));
    }
    if (document.body.dataset.state !== 'lost') setText(byId('state'), STATES[state] ?? state);
    setText(byId('pause'), state === 'paused' ? 'Resume' : 'Pause');
    byId('record').setAttribute('aria-pressed', String(recording !== null));
    setText(byId('record-text'), recording === null ? 'Record' : `Recording ${recording.frames}`);
    byId('wheel').setAttribute('aria-pressed', String(this.#mine));
    setText(byId('wheel'), this.#mine ? 'Give the wheel back' : 'Take the wheel');
    if (this.#mine) this.#wheel.start();
    else this.#wheel.stop();
    byId('touch').hidden = !this.#mine;
    byId('wheel-banner').hidden = wheel === 'driver';
    const who = wheel === 'lost' ? 'Nobody is at the wheel: the car brakes' : 'Another person is at the wheel';
    setText(byId('wheel-banner'), this.#mine ? 'You are at the wheel' : who);
    setText(
      byId('screen-hint'),
      state === 'starting'
        ? 'Getting ready …'
        : can.start
          ? 'Choose who drives, and start.'
          : 'There is no camera here.',
    );
  }

  #speedButton(speed) {
    const button = element('button', { type: 'button', textContent: speed === 0 ? 'max' : `${speed}×` });
    button.dataset.speed = String(speed);
    button.setAttribute('aria-label', speed === 0 ? 'as fast as it goes' : `${speed} times real time`);
    button.addEventListener('click', () => this.#say({ type: 'speed', factor: speed }));
    return button;
  }

  #say(message) {
    if (this.#allowed) this.#connection.send(message);
  }

  #start() {
    const [width, height] = byId('size').value.split('x').map(Number);
    this.#say({
      type: 'start',
      driver: byId('driver').value,
      track: byId('track').value,
      simulator: byId('simulator').value,
      camera: { width, height, view: 'road' },
    });
    byId('stage').focus();
  }

  #togglePause() {
    this.#say({ type: this.#status.state === 'paused' ? 'resume' : 'pause' });
  }

  #toggleWheel() {
    if (this.#session?.can.wheel) this.#say({ type: this.#mine ? 'give-wheel' : 'take-wheel' });
  }

  #toggleRecording() {
    if (this.#session?.can.record) this.#say({ type: 'record', on: this.#status.recording === null });
  }

  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (event.target.closest?.('input, select, textarea, dialog') !== null) return;
    // Space and Enter press the button that has the focus.
    if (event.code === 'Space' && event.target.closest?.('button, a, summary') !== null) return;
    const pace = this.#session?.can.pace === true;
    const acts = {
      t: () => this.#toggleWheel(),
      r: () => this.#toggleRecording(),
      '.': () => pace && this.#say({ type: 'step', steps: 1 }),
      ' ': () => pace && this.#togglePause(),
      '?': () => byId('help').showModal(),
    };
    const act = acts[event.key.toLowerCase()];
    if (act === undefined) return;
    event.preventDefault();
    act();
  }
}
