import test from 'ava';
import { fuzzClient, fuzzServer } from '../../../scripts/fuzz-scr.ts';
import { Random } from '../../../src/core/random.ts';

const COUNT = 50_000;

for (const [side, fuzz] of [
  ['server', fuzzServer],
  ['client', fuzzClient],
] as const) {
  test.serial(`fuzzed datagrams: the ${side} does not crash, drives on, and its memory stays flat`, async (t) => {
    const { acted, dropped, sent, rssBeforeMiB, rssAfterMiB } = await fuzz(COUNT, new Random(3));
    t.true(acted > 100, `${acted} datagrams moved the race on`);
    t.true(dropped > COUNT / 100, `${dropped} datagrams were dropped`);
    t.true(sent <= COUNT + acted + 2, `${sent} datagrams were sent: they do not breed`);
    t.true(rssAfterMiB - rssBeforeMiB < 64, `${rssBeforeMiB} MiB before, ${rssAfterMiB} MiB after`);
  });
}
