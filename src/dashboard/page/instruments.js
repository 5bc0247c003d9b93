import { byId, element, lapText, setText } from './dom.js';

/** Revolutions, 1/min, from which the lights glow, and at which all do: the limiter's. */
const FIRST_LIGHT = 5000;
const LAST_LIGHT = 8900;
const LIGHTS = 15;
/** How often those who hear the page are told, ms. */
const SPOKEN_MS = 500;

/** Speed, gear, pedals, steering and the shift lights. */
export class Instruments {
  #lights = Array.from({ length: LIGHTS }, () => element('i'));
  #spokenMs = 0;

  constructor() {
    byId('lights').append(...this.#lights);
  }

  show(telemetry) {
    const of = (key) => telemetry.latest(key);
    const speed = of('speedKmh');
    setText(byId('speed'), speed === undefined ? '–' : String(Math.round(Math.abs(speed))));
    const gear = of('gear');
    setText(byId('gear'), gear === undefined ? '–' : gear < 0 ? 'R' : gear === 0 ? 'N' : String(gear));
    setText(byId('lap'), lapText(of('lapTimeS') ?? Number.NaN));
    const revolutions = of('rpm') ?? 0;
    const glowing = Math.round(((revolutions - FIRST_LIGHT) / (LAST_LIGHT - FIRST_LIGHT)) * LIGHTS);
    this.#lights.forEach((light, i) => {
      light.classList.toggle('on', i < glowing);
    });
    const speaks = performance.now() - this.#spokenMs > SPOKEN_MS;
    if (speaks) this.#spokenMs = performance.now();
    for (const key of ['brake', 'accelerate', 'steer']) {
      const value = of(key) ?? 0;
      byId(key).style.setProperty('--value', String(value));
      if (speaks) byId(`${key}-meter`).value = value;
    }
  }
}
