import test from 'ava';
import type { CameraFrame } from '../../../src/core/frame.ts';
import { TASK_NAMES, TASKS, type TaskName } from './tasks.ts';

const SIZE = { width: 128, height: 96 };

async function pictureOf(name: TaskName, state: number[], options: { showAction?: boolean } = {}) {
  const environment = await TASKS[name]({ options });
  await environment.reset({ options: { state } });
  const frame = environment.renderFrame(SIZE);
  await environment.close();
  return frame;
}

/** The pixel at a place of the world, m, for a view of this height around its centre. */
function colourAt(frame: CameraFrame, x: number, y: number, view: { height: number; width: number; centreY: number }) {
  const scale = Math.min(frame.width / view.width, frame.height / view.height);
  const column = Math.floor(frame.width / 2 + x * scale);
  const row = Math.floor(frame.height / 2 - (y - view.centreY) * scale);
  return [...frame.data.subarray((row * frame.width + column) * 3, (row * frame.width + column) * 3 + 3)];
}

const isReddish = ([red, green, blue]: number[]) => red! > 1.8 * green! && red! > 1.8 * blue!;
const isLight = (colour: number[]) => colour.every((value) => value > 200);

test('pendulum: the rod points where its angle says, counter-clockwise from upright', async (t) => {
  const view = { height: 2.5, width: 2.5, centreY: 0 };
  const frame = await pictureOf('pendulum', [Math.PI / 2, 0]);
  t.true(isReddish(colourAt(frame, -0.7, 0, view)), 'to the left');
  t.true(isLight(colourAt(frame, 0.7, 0, view)), 'nothing to the right');
  t.true(isReddish(colourAt(await pictureOf('pendulum', [0, 0]), 0, 0.7, view)), 'upright at 0');
});

test('inverted pendulum: cart and pole stand where the state says, clockwise from upright', async (t) => {
  const view = { height: 1.2, width: 2.5, centreY: 0.24 };
  const frame = await pictureOf('inverted-pendulum', [0.5, 0.6, 0, 0]);
  t.true(isReddish(colourAt(frame, 0.5 + 0.45 * Math.sin(0.6), 0.45 * Math.cos(0.6), view)), 'the pole leans right');
  t.true(isLight(colourAt(frame, 0.5 - 0.45 * Math.sin(0.6), 0.45 * Math.cos(0.6), view)));
  const cart = colourAt(frame, 0.62, 0.04, view);
  t.true(cart[2]! > 1.5 * cart[0]!, `cart is blue: ${cart}`);
});

test('reacher: target and finger tip are drawn where they are', async (t) => {
  const view = { height: 0.46, width: 0.46, centreY: 0 };
  const frame = await pictureOf('reacher', [0, Math.PI / 2, -0.1, 0.12, 0, 0]);
  t.true(isReddish(colourAt(frame, -0.1, 0.12, view)), 'target');
  const [red, green, blue] = colourAt(frame, 0.1, 0.11, view) as [number, number, number];
  t.true(red > 180 && green > 100 && blue < 110, `finger tip is amber: ${[red, green, blue]}`);
});

for (const name of TASK_NAMES) {
  const rest = { pendulum: [0.3, 0], 'inverted-pendulum': [0.1, 0.05, 0, 0], reacher: [1, 1, 0.1, 0, 0, 0] }[name];

  test(`${name}: a small move shows even at 64x64, a velocity does not`, async (t) => {
    const environment = await TASKS[name]();
    const picture = async (state: number[]) => {
      await environment.reset({ options: { state } });
      return environment.renderFrame({ width: 64, height: 64 }).data;
    };
    const still = await picture(rest);
    t.deepEqual(await picture(rest), still);
    t.deepEqual(await picture(rest.with(-1, 1)), still);
    t.notDeepEqual(await picture(rest.with(0, rest[0]! + 0.01)), still);
    if (name !== 'pendulum') t.notDeepEqual(await picture(rest.with(1, rest[1]! + 0.02)), still);
    await environment.close();
  });

  test(`${name}: the last action is hinted at where that is asked for`, async (t) => {
    const pictures: Uint8Array[] = [];
    for (const showAction of [false, true]) {
      const environment = await TASKS[name]({ options: { showAction } });
      await environment.reset({ options: { state: rest } });
      const before = environment.renderFrame(SIZE).data;
      await environment.step(Float32Array.from({ length: environment.actionSpace.shape[0]! }, () => 0.9));
      pictures.push(before, environment.renderFrame(SIZE).data);
      await environment.reset({ options: { state: rest } });
      t.deepEqual(environment.renderFrame(SIZE).data, before, 'an episode starts without one');
      await environment.close();
    }
    const [plainBefore, plain, hintedBefore, hinted] = pictures;
    t.deepEqual(hintedBefore, plainBefore);
    t.notDeepEqual(hinted, plain);
  });

  test(`${name}: pictures of several sizes by turns, into a buffer of the caller's`, async (t) => {
    const environment = await TASKS[name]();
    await environment.reset({ options: { state: rest } });
    const small = environment.renderFrame({ width: 32, height: 24 });
    const large = environment.renderFrame(SIZE);
    const into = new Uint8Array(32 * 24 * 3).fill(7);
    const again = environment.renderFrame({ width: 32, height: 24 }, into);
    t.is(again.data, into);
    t.deepEqual(again, small);
    t.is(large.data.length, SIZE.width * SIZE.height * 3);
    const refused = { code: 'ERR_INVALID_ARGUMENT' };
    t.throws(() => environment.renderFrame(SIZE, into), refused);
    t.throws(() => environment.renderFrame({ width: 0, height: 24 }), refused);
    await environment.close();
  });
}
