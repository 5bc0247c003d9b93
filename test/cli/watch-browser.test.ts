import fs from 'node:fs';
import path from 'node:path';
import anyTest, { type ExecutionContext } from 'ava';
import type { Page } from 'playwright-core';
import { inspectRecording, verifyRecording } from '../../src/recordings/index.ts';
import { Child, Scratch } from './support.ts';

/** Where Debian and others put Chromium; another may be named. */
const CHROMIUM = [process.env['CHROMIUM'], '/usr/bin/chromium', '/usr/bin/chromium-browser'].find(
  (file) => file !== undefined && fs.existsSync(file),
);
if (CHROMIUM === undefined) console.log('skipped: the live page in a browser, for there is no chromium here');

const test = CHROMIUM === undefined ? anyTest.skip : anyTest.serial;
const scratch = new Scratch();
anyTest.after.always(() => scratch.remove());

/** A program with its page, and browsers that look at it. */
async function serve(t: ExecutionContext, ...words: string[]) {
  const { chromium } = await import('playwright-core');
  const child = new Child(words);
  const url = await child.said(/the page is at (\S+)/);
  const browser = await chromium.launch({ executablePath: CHROMIUM!, args: ['--no-sandbox'] });
  t.teardown(async () => {
    await browser.close();
    child.process.kill('SIGKILL');
  });
  const problems: string[] = [];
  const open = async (at = url, options: Parameters<typeof browser.newContext>[0] = {}): Promise<Page> => {
    const page = await (await browser.newContext({ viewport: { width: 1200, height: 800 }, ...options })).newPage();
    page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
    page.on('pageerror', (error) => problems.push(String(error)));
    await page.goto(at);
    return page;
  };
  return { child, url, open, problems };
}

/** Waits until a script is true; it is asked from outside, for the page's policy lets no script in. */
async function comes(page: Page, script: string): Promise<void> {
  const deadline = performance.now() + 60_000;
  while (!(await page.evaluate<boolean>(script))) {
    if (performance.now() > deadline) throw new Error(`Expected ${script} to come true within a minute`);
    await page.waitForTimeout(10);
  }
}
const state = (name: string) => `document.body.dataset.state === '${name}'`;
const speed = (comparison: string) => `Number(document.getElementById('speed').textContent) ${comparison}`;
const pictureOf = (page: Page) => page.evaluate<string>("document.getElementById('camera').toDataURL()");
const plotOf = (page: Page) => page.evaluate<string>("document.querySelector('#plots canvas').toDataURL()");

test('a browser: picture and plots move, the wheel is taken by key, recorded, and given back', async (t) => {
  const folder = scratch.path('runs');
  fs.mkdirSync(folder);
  const { child, open, problems, url } = await serve(t, 'watch', folder, '--port', '0');
  const page = await open();
  await comes(page, state('idle'));
  t.is(await page.evaluate('location.hash'), '', 'the token does not stay in the address bar');
  await page.selectOption('#track', 'harbour-oval');
  await page.click('#start');
  await comes(page, state('running'));
  await comes(page, "Number(document.getElementById('camera').dataset.pictures) > 2");
  await comes(page, speed('> 15'));
  const [picture, plot] = [await pictureOf(page), await plotOf(page)];
  await comes(page, speed('> 40'));
  t.not(await pictureOf(page), picture, 'the picture moves');
  t.not(await plotOf(page), plot, 'the plots move');
  t.is(await page.locator('#plots .plot-card').count(), 6);

  const onlooker = await open(url.replace(/#.*/, ''), { viewport: { width: 360, height: 700 } });
  await comes(onlooker, "Number(document.getElementById('camera').dataset.pictures) > 2");
  t.false(await onlooker.locator('#wheel').isVisible(), 'who has no token is offered nothing to press');
  t.is(await onlooker.evaluate('document.documentElement.scrollWidth'), 360, 'nothing is wider than a phone');

  await page.keyboard.press('r');
  await comes(page, "document.getElementById('record').getAttribute('aria-pressed') === 'true'");
  await page.keyboard.press('t');
  await comes(page, "document.getElementById('wheel').getAttribute('aria-pressed') === 'true'");
  await comes(onlooker, "document.getElementById('wheel-banner').textContent === 'Another person is at the wheel'");
  await page.keyboard.down('ArrowDown');
  await comes(page, speed('< 30'));
  await page.keyboard.up('ArrowDown');
  await page.keyboard.down('w');
  await page.keyboard.down('a');
  await comes(page, "Number(document.getElementById('accelerate').style.getPropertyValue('--value')) > 0.9");
  await comes(page, "Number(document.getElementById('steer').style.getPropertyValue('--value')) > 0.2");
  await page.keyboard.up('w');
  await page.keyboard.up('a');
  await page.keyboard.press('t');
  await comes(page, "document.getElementById('wheel').getAttribute('aria-pressed') === 'false'");
  await comes(page, speed('> 35'));
  await page.keyboard.press('r');
  await comes(page, "document.querySelector('#recordings .name') !== null");
  await page.keyboard.press(' ');
  await comes(page, state('paused'));
  const name = (await page.locator('#recordings .name').textContent()) ?? '';
  t.deepEqual(problems, [], 'no script fails, and the policy of the page stops nothing of it');

  child.process.kill('SIGINT');
  t.is((await child.end()).code, 130);
  await comes(page, state('lost'));
  const recording = path.join(folder, name);
  t.like(await verifyRecording(recording), { ok: true, problems: [] });
  const { drivers, frames } = await inspectRecording(recording);
  t.deepEqual(drivers, { scripted: 2, human: 1 });
  t.true(frames > 50);
});

test('a browser: a person who closes the page is followed by the brake', async (t) => {
  const folder = scratch.path('runs');
  fs.mkdirSync(folder);
  const { open, child } = await serve(t, 'watch', folder, '--port', '0');
  const [driver, other] = [await open(), await open()];
  await comes(driver, state('idle'));
  await driver.selectOption('#driver', 'human');
  await driver.click('#start');
  await comes(driver, state('running'));
  await driver.keyboard.press('t');
  await comes(driver, "document.getElementById('wheel-banner').textContent === 'You are at the wheel'");
  await driver.keyboard.press('r');
  await driver.keyboard.down('w');
  await comes(other, speed('> 25'));
  await driver.close();
  await comes(other, state('paused'));
  await comes(other, speed('< 3'));
  await comes(other, "document.querySelector('#recordings .name') !== null");
  const name = (await other.locator('#recordings .name').textContent()) ?? '';
  t.like(await verifyRecording(path.join(folder, name)), { ok: true });
  child.process.kill('SIGINT');
  await child.end();
});

test('a browser: the curves of a run that trains', async (t) => {
  const { open, problems } = await serve(
    t,
    ...[
      'train',
      '--environment',
      'pendulum',
      '--steps',
      '100000',
      '--log-interval',
      '200',
      '--out',
      scratch.path('run'),
    ],
    ...['--evaluation-interval', '500', '--watch', '--watch-port', '0'],
  );
  const page = await open();
  await comes(page, "document.querySelector('#curves canvas') !== null");
  const curve = () => page.evaluate<string>("document.querySelector('#curves canvas').toDataURL()");
  const before = await curve();
  await comes(page, "document.querySelector('#progress').value > 0.01");
  for (let after = before; after === before; after = await curve()) await page.waitForTimeout(50);
  t.false(await page.locator('#pause').isVisible(), 'a run that trains is looked at, no more');
  t.deepEqual(problems, []);
});
