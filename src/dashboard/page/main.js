import { showPictures } from './camera.js';
import { Connection } from './connection.js';
import { Controls } from './controls.js';
import { Curves } from './curves.js';
import { byId, element, setText } from './dom.js';
import { Instruments } from './instruments.js';
import { Library } from './library.js';
import { TrackMap } from './map.js';
import { TelemetryPlots } from './plots.js';
import { Telemetry } from './telemetry.js';
import { WheelInput } from './wheel.js';

const NOTICE_MS = 9000;
const MOST_NOTICES = 4;

const connection = new Connection();
const telemetry = new Telemetry();
const plots = new TelemetryPlots(telemetry);
const instruments = new Instruments();
const map = new TrackMap();
const curves = new Curves();
const library = new Library(curves);
const wheel = new WheelInput(
  (message) => connection.send(message),
  () => telemetry.latest('speedKmh') ?? 0,
);
const controls = new Controls(connection, wheel);

const on = (type, act) => connection.addEventListener(type, ({ detail }) => act(detail));

showPictures(connection);
on('welcome', (welcome) => controls.welcome(welcome));
on('lost', ({ code, reason }) => {
  controls.lose();
  if (code === 1008) notify('problem', `The connection was closed: ${reason}.`);
});
on('session', (session) => {
  telemetry.begin(session);
  plots.begin();
  byId('stage').classList.toggle('without-instruments', !session.channels.some(({ key }) => key === 'speedKmh'));
  byId('telemetry-card').hidden = session.channels.length === 0;
  controls.setSession(session);
});
on('status', (status) => {
  controls.setStatus(status);
  map.showLaps(status.laps);
  showProgress(status);
});
on('telemetry', (message) => {
  if (!telemetry.add(message)) return;
  plots.update();
  instruments.show(telemetry);
  map.follow(telemetry, message.rows.length / message.channels);
});
on('map', ({ track }) => map.setTrack(track));
on('library', (message) => library.show(message));
on('curves', (message) => {
  curves.setCurves(message.curves);
  library.refreshRuns();
});
on('notice', ({ level, text }) => notify(level, text));
byId('simulator').addEventListener('change', () => {
  library.offerTracks();
  // The game's picture is the car's own camera: a small one is hard to drive by.
  byId('size').value = byId('simulator').value === 'torcs' ? '320x240' : '64x64';
});
connection.open();

function notify(level, text) {
  const notice = element('p', { className: `notice ${level}`, textContent: text });
  byId('notices').append(notice);
  while (byId('notices').children.length > MOST_NOTICES) byId('notices').firstChild.remove();
  setTimeout(() => notice.remove(), NOTICE_MS);
}

function showProgress({ progress, stepsPerS }) {
  byId('progress-card').hidden = progress === undefined;
  if (progress === undefined) return;
  const { steps, total, updates, episodes, meanReturn, elapsedS } = progress;
  byId('progress').value = steps / total;
  const left = stepsPerS > 0 ? (total - steps) / stepsPerS : Number.NaN;
  const figures = [
    ['Steps', `${steps.toLocaleString('en')} of ${total.toLocaleString('en')}`],
    ['Updates', updates.toLocaleString('en')],
    ['Episodes', episodes.toLocaleString('en')],
    ['Mean return', meanReturn === null ? '–' : meanReturn.toFixed(1)],
    ['Steps/s', String(stepsPerS)],
    ['Time', durationText(elapsedS)],
    ['Left', Number.isFinite(left) ? durationText(left) : '–'],
  ];
  const list = byId('progress-figures');
  if (list.children.length === 0) {
    list.append(...figures.map(([name]) => element('div', {}, element('dt', { textContent: name }), element('dd'))));
  }
  figures.forEach(([, text], i) => {
    setText(list.children[i].lastChild, text);
  });
}

function durationText(seconds) {
  const whole = Math.round(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  return hours > 0 ? `${hours} h ${minutes} min` : minutes > 0 ? `${minutes} min ${whole % 60} s` : `${whole} s`;
}
