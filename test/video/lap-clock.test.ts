import test from 'ava';
import { LapClock, type LapTimes } from '../../src/video/lap-clock.ts';

/** A car at a steady speed on a lap of 300 m, in ticks of 20 ms; its clock is the game's. */
function drive(clock: LapClock, { fromM, toM, speed = 50 }: { fromM: number; toM: number; speed?: number }): LapTimes {
  let last: LapTimes | undefined;
  const lapTimesS: number[] = [];
  let lapStartS = 0;
  const ticks = Math.round((toM - fromM) / speed / 0.02);
  for (let i = 0; i <= ticks; i++) {
    const timeS = i * 0.02;
    const placeM = fromM + speed * timeS;
    const crossings = Math.floor(placeM / 300) - Math.floor(fromM / 300);
    // The first crossing after the grid completes nothing.
    if (crossings - 1 > lapTimesS.length) {
      const crossedS = (Math.floor(placeM / 300) * 300 - fromM) / speed;
      lapTimesS.push(crossedS - lapStartS);
      lapStartS = crossedS;
    }
    last = clock.observe({
      timeS,
      distFromStartM: placeM % 300,
      curLapTimeS: timeS - lapStartS,
      lapTimesS: [...lapTimesS],
    });
  }
  return last!;
}

const close = (a: number | undefined, b: number) => a !== undefined && Math.abs(a - b) < 1e-9;

test('from the grid, the first lap and its first sector count from the start', (t) => {
  const early = drive(new LapClock(300, true), { fromM: 290, toM: 295 });
  t.is(early.running, undefined, 'not yet over the line');
  t.true(close(early.lapTimeS, 0.1));
  const now = drive(new LapClock(300, true), { fromM: 290, toM: 550 });
  t.is(now.lap, 1);
  t.true(close(now.sectorsS[0], 110 / 50), `${now.sectorsS[0]}`);
  t.true(close(now.sectorsS[1], 100 / 50));
  t.is(now.sectorsS[2], undefined);
  t.is(now.running?.sector, 2);
  t.true(close(now.running?.timeS, 50 / 50));
});

test('sectors add up to the lap, which is the game’s own', (t) => {
  const now = drive(new LapClock(300, true), { fromM: 290, toM: 610 });
  t.is(now.lap, 2);
  t.true(close(now.lastLapS, 310 / 50));
  t.true(close(now.bestLapS, 310 / 50));
  t.true(close(now.lapTimeS, 10 / 50));
  // The new lap's first sector has not ended: those of the lap before stand.
  const [one, two, three] = now.sectorsS as readonly [number, number, number];
  t.true(close(one + two + three, 310 / 50), `${now.sectorsS}`);
});

test('a new lap clears what it has not got to, and keeps the best', (t) => {
  const now = drive(new LapClock(300, true), { fromM: 290, toM: 1010 });
  t.true(close(now.sectorsS[0], 2), `${now.sectorsS}`);
  t.deepEqual(now.sectorsS.slice(1), [undefined, undefined]);
  t.true(close(now.bestSectorsS[0], 2), 'without the way from the grid');
  t.true(close(now.bestSectorsS[2], 2));
});

test('a start elsewhere is timed from the line, and half a sector is none', (t) => {
  const before = drive(new LapClock(300, false), { fromM: 150, toM: 290 });
  t.is(before.lapTimeS, undefined);
  t.deepEqual(before.sectorsS, [undefined, undefined, undefined], 'it did not begin where a sector does');
  const now = drive(new LapClock(300, false), { fromM: 150, toM: 450 });
  t.true(close(now.lapTimeS, 3));
  t.true(close(now.sectorsS[0], 2));
});

test('backwards over a sector’s beginning counts nothing', (t) => {
  const clock = new LapClock(300, true);
  const at = (timeS: number, distFromStartM: number) =>
    clock.observe({ timeS, distFromStartM, curLapTimeS: timeS, lapTimesS: [] });
  at(0, 290);
  at(1, 5);
  at(2, 105);
  const back = at(3, 95);
  t.is(back.running, undefined);
  const again = at(4, 105);
  t.true(close(again.bestSectorsS[0], 1.95), `${again.bestSectorsS}`);
  t.is(again.running?.sector, 1);
});
