import { byId, colour, lapText, onceAFrame, onSchemeChange, setText, sharpen } from './dom.js';

const MARGIN = 14;
/** Hues of slow and fast, degrees. */
const SLOW_HUE = 215;
const FAST_HUE = 35;

/** The road from above, in the colours of the speed that it was last driven at, and the car on it. */
export class TrackMap {
  #canvas = byId('map');
  #track = null;
  /** Speed at each point of the line, km/h; NaN: not driven yet. */
  #speeds = new Float32Array(0);
  #fastest = 100;
  #car;
  #labelledMs = 0;
  #draw = onceAFrame(() => this.#paint());

  constructor() {
    new ResizeObserver(this.#draw).observe(this.#canvas);
    onSchemeChange(this.#draw);
  }

  setTrack(track) {
    this.#track = track;
    this.#speeds = new Float32Array((track?.line.length ?? 0) / 2).fill(Number.NaN);
    this.#car = undefined;
    byId('map-card').classList.toggle('without-map', track === null);
    setText(byId('map-name'), track === null ? '' : `${track.name}, ${(track.lengthM / 1000).toFixed(2)} km`);
    this.#draw();
  }

  showLaps(laps) {
    const best = Math.min(...laps);
    const list = byId('laps');
    list.replaceChildren(
      ...laps.slice(-6).map((time, i) => {
        const item = document.createElement('li');
        item.value = Math.max(0, laps.length - 6) + i + 1;
        item.textContent = lapText(time);
        if (time === best) item.className = 'best';
        return item;
      }),
    );
  }

  /** New rows have come: the road behind the car takes the colour of its speed. */
  follow(telemetry, rows) {
    if (this.#track === null) return;
    const [distances, speeds, places] = ['distFromStartM', 'speedKmh', 'trackPos'].map((key) => telemetry.column(key));
    const count = this.#speeds.length;
    for (let i = Math.max(0, distances.length - rows); i < distances.length; i++) {
      if (distances[i] === null || speeds[i] === null) continue;
      const point = Math.floor((distances[i] / this.#track.lengthM) * count) % count;
      const before = this.#car?.point ?? point;
      // Between two rows the car may have passed several points.
      const passed = (point - before + count) % count;
      for (let k = 0; k <= (passed < count / 8 ? passed : 0); k++)
        this.#speeds[(point - k + count) % count] = speeds[i];
      this.#fastest = Math.max(this.#fastest, speeds[i]);
      this.#car = { point, distance: distances[i], place: places[i] ?? 0 };
    }
    this.#draw();
  }

  #paint() {
    const { context, width, height } = sharpen(this.#canvas);
    context.clearRect(0, 0, width, height);
    if (this.#track === null || width === 0) return;
    const project = this.#projection(width, height);
    const count = this.#speeds.length;
    context.lineJoin = 'round';
    context.lineCap = 'round';
    const trace = () => {
      context.beginPath();
      for (let i = 0; i <= count; i++) context.lineTo(...project(i % count));
      context.stroke();
    };
    context.strokeStyle = colour('map-edge');
    context.lineWidth = 9;
    trace();
    context.strokeStyle = colour('map-road');
    context.lineWidth = 6;
    trace();
    this.#paintSpeeds(context, project);
    this.#paintStart(context, project);
    if (this.#car !== undefined) this.#paintCar(context, project);
    this.#describe();
  }

  #projection(width, height) {
    const { line } = this.#track;
    let [left, right, bottom, top] = [Infinity, -Infinity, Infinity, -Infinity];
    for (let i = 0; i < line.length; i += 2) {
      left = Math.min(left, line[i]);
      right = Math.max(right, line[i]);
      bottom = Math.min(bottom, line[i + 1]);
      top = Math.max(top, line[i + 1]);
    }
    const scale = Math.min((width - 2 * MARGIN) / (right - left), (height - 2 * MARGIN) / (top - bottom));
    const x0 = (width - (right - left) * scale) / 2;
    const y0 = (height - (top - bottom) * scale) / 2;
    return (i) => [x0 + (line[2 * i] - left) * scale, y0 + (top - line[2 * i + 1]) * scale];
  }

  #paintSpeeds(context, project) {
    const count = this.#speeds.length;
    const lightness = matchMedia('(prefers-color-scheme: dark)').matches ? 58 : 46;
    context.lineWidth = 4;
    for (let i = 0; i < count; i++) {
      const speed = this.#speeds[i];
      if (Number.isNaN(speed)) continue;
      const share = Math.min(1, Math.max(0, speed / this.#fastest));
      // The long way round the wheel would go through every colour; through magenta it stays readable.
      const hue = SLOW_HUE + (FAST_HUE + 360 - SLOW_HUE) * share;
      context.strokeStyle = `hsl(${hue} 85% ${lightness}%)`;
      context.beginPath();
      context.moveTo(...project(i));
      context.lineTo(...project((i + 1) % count));
      context.stroke();
    }
  }

  #paintStart(context, project) {
    const [x, y] = project(0);
    const [nextX, nextY] = project(1);
    const angle = Math.atan2(nextY - y, nextX - x) + Math.PI / 2;
    context.strokeStyle = colour('text');
    context.lineWidth = 2;
    context.beginPath();
    context.moveTo(x - 7 * Math.cos(angle), y - 7 * Math.sin(angle));
    context.lineTo(x + 7 * Math.cos(angle), y + 7 * Math.sin(angle));
    context.stroke();
  }

  #paintCar(context, project) {
    const count = this.#speeds.length;
    const exact = (this.#car.distance / this.#track.lengthM) * count;
    const [from, to] = [Math.floor(exact) % count, (Math.floor(exact) + 1) % count];
    const [a, b] = [project(from), project(to)];
    const part = exact - Math.floor(exact);
    const [x, y] = [a[0] + (b[0] - a[0]) * part, a[1] + (b[1] - a[1]) * part];
    context.fillStyle = colour('card');
    context.strokeStyle = colour('text');
    context.lineWidth = 3;
    context.beginPath();
    context.arc(x, y, 6, 0, 2 * Math.PI);
    context.fill();
    context.stroke();
  }

  #describe() {
    if (performance.now() - this.#labelledMs < 2000) return;
    this.#labelledMs = performance.now();
    const where = this.#car === undefined ? '' : `, the car ${Math.round(this.#car.distance)} m past the start line`;
    this.#canvas.setAttribute('aria-label', `${this.#track.name} from above${where}`);
  }
}
