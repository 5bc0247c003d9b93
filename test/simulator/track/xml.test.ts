import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { readTrackFile, TrackLibrary } from '../../../src/simulator/track/index.ts';
import { unitFactor } from '../../../src/simulator/track/xml/units.ts';

const GAME = '/usr/share/games/torcs';

/** Published lengths of the game's tracks, m. */
const lengths: Readonly<Record<string, number>> = {
  aalborg: 2587.55,
  'alpine-1': 6355.64,
  corkscrew: 3608.45,
  'e-track-4': 7041.68,
  forza: 5784.11,
  'g-track-1': 2057.56,
  'wheel-2': 6205.46,
  'dirt-3': 2205.93,
  'a-speedway': 1908.32,
  michigan: 2311.79,
};

function read(t: ExecutionContext, body: string, doctype = '', head = '<?xml version="1.0" encoding="UTF-8"?>') {
  const folder = mkdtempSync(join(tmpdir(), 'track-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'data', 'tracks'), { recursive: true });
  writeFileSync(
    join(folder, 'data', 'tracks', 'surfaces.xml'),
    '<section name="ice"><attnum name="friction" val="0.1"/></section>',
  );
  writeFileSync(join(folder, 'mine.xml'), `${head}${doctype}<params name="x">${body}</params>`);
  return readTrackFile(join(folder, 'mine.xml'), folder);
}

const section = (name: string, body: string) => `<section name="${name}">${body}</section>`;
const bend = section(
  'b',
  '<attstr name="type" val="lft"/><attnum name="radius" unit="ft" val="200"/><attnum name="arc" unit="deg" val="90"/>',
);
const whole = (inside: string) =>
  section('Header', '<attnum name="version" val="4"/>') +
  section('Main Track', `<attstr name="surface" val="ice"/>${section('Track Segments', inside)}`);
const doctype =
  '<!DOCTYPE params SYSTEM "params.dtd" [<!ENTITY default-surfaces SYSTEM "../../../data/tracks/surfaces.xml">]>';

test('units: plain, compound, squared, unknown', (t) => {
  t.is(unitFactor('deg'), Math.PI / 180);
  t.is(unitFactor('km/h'), 1000 / 3600);
  t.true(Math.abs(unitFactor('lbs/in') - 17.857967) < 1e-6);
  t.true(Math.abs(unitFactor('cm2') - 1e-4) < 1e-12);
  t.is(unitFactor('parsec'), 1);
});

test('a track with an included surface file', (t) => {
  const track = read(t, section('Surfaces', '&default-surfaces;') + whole(bend), doctype);
  t.true(Math.abs(track.lengthM - (200 * 0.304801 * Math.PI) / 2) < 1e-6);
  t.is(track.segments[0]!.material.friction, 0.1);
});

for (const [what, body, type] of [
  ['entity expansion', whole(bend), '<!DOCTYPE params [<!ENTITY a "aaa"><!ENTITY b "&a;&a;">]>'],
  ['a foreign file', whole(bend), '<!DOCTYPE params [<!ENTITY a SYSTEM "/etc/passwd">]>'],
  ['an address', whole(bend), '<!DOCTYPE params [<!ENTITY a SYSTEM "http://example.org/x.xml">]>'],
  ['a parameter entity', whole(bend), '<!DOCTYPE params [<!ENTITY % a SYSTEM "surfaces.xml"> %a;]>'],
  ['deep sections', '<section name="a">'.repeat(100) + '</section>'.repeat(100), ''],
  ['broken XML', '<section name="Header">', ''],
  ['no segments', whole(''), ''],
  ['a number that is none', whole(bend.replace('200', 'many')), ''],
  ['a huge number', whole(bend.replace('200', '1e39')), ''],
  ['a radius that does not fit', whole(bend.replace('200', '1')), ''],
  ['a section twice', whole(bend + bend), ''],
  [
    'too many pieces',
    whole(bend.replace('</section>', '<attnum name="profil steps length" val="1e-6"/></section>')),
    '',
  ],
] as const) {
  test(`refused, naming the file: ${what}`, (t) => {
    t.throws(() => read(t, body, type), { code: 'ERR_INVALID_FILE', message: /mine\.xml/ });
  });
}

test('bytes that are not UTF-8 are refused unless declared', (t) => {
  t.notThrows(() => read(t, whole(bend), '', '<?xml version="1.0" encoding="ISO-8859-1"?>'));
  t.throws(() => read(t, whole(bend), '', '<?xml version="1.0" encoding="EBCDIC"?>'), { code: 'ERR_INVALID_FILE' });
});

test('an unknown name is answered with the nearest ones', (t) => {
  t.throws(() => new TrackLibrary().get('harbor-oval'), { code: 'ERR_INVALID_ARGUMENT', message: /`harbour-oval`/ });
});

test('all 38 tracks of the game load, close, and have the published lengths', (t) => {
  if (!existsSync(join(GAME, 'tracks'))) {
    t.log('skipped: TORCS is not installed');
    t.pass();
    return;
  }
  const library = new TrackLibrary({ gameDataFolder: GAME });
  const names = library.list().filter(({ source }) => source === 'game');
  t.is(names.length, 38);
  for (const { name } of names) {
    const track = library.get(name);
    const first = track.segments[0]!;
    const last = track.segments.at(-1)!;
    t.true(Math.hypot(first.startRight.x - last.endRight.x, first.startRight.y - last.endRight.y) < 0.3, name);
    const published = lengths[name];
    if (published !== undefined) t.true(Math.abs(track.lengthM / published - 1) < 0.001, name);
  }
  t.is(library.get('g-track-1'), library.get('g-track-1'));
});
