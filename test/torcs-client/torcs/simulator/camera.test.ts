import { CAMERA_VIEWS } from '../../../../torcs-client/simulator.ts';
import { steadyControls } from '../../../../torcs-client/torcs/simulator/steady-driver.ts';
import { digest, drive, gameTest, withGame } from './game.ts';

const WIDTH = 64;
const HEIGHT = 48;

/** Mean red, green and blue of some rows. */
function meanColour(pixels: Uint8Array, fromRow: number, toRow: number): readonly [number, number, number] {
  const sums: [number, number, number] = [0, 0, 0];
  for (let i = fromRow * WIDTH * 3; i < toRow * WIDTH * 3; i += 3) {
    sums[0] += pixels[i] ?? 0;
    sums[1] += pixels[i + 1] ?? 0;
    sums[2] += pixels[i + 2] ?? 0;
  }
  const count = (toRow - fromRow) * WIDTH;
  return [sums[0] / count, sums[1] / count, sums[2] / count];
}

gameTest('each picture is of the instant of its sensors, and the same whichever way it comes', async (t) => {
  const film = (pictureWay: 'stream' | 'file') =>
    withGame({ camera: { width: WIDTH, height: HEIGHT }, pictureWay }, async (simulator) => {
      let sensors = await simulator.reset({ track: 'g-track-1' });
      const pictures: string[] = [];
      const pixels = new Uint8Array(WIDTH * HEIGHT * 3);
      for (let i = 0; i < 40; i++) {
        const info = await simulator.renderCamera(pixels);
        t.deepEqual(info, { tick: i, width: WIDTH, height: HEIGHT });
        t.is(simulator.tick, i);
        if (i % 10 === 0) pictures.push(digest([...pixels]));
        sensors = await simulator.step({ ...steadyControls(sensors), accel: 1 });
      }
      t.is(new Set(pictures).size, pictures.length, 'the car moves, so does the picture');
      return pictures;
    });
  t.deepEqual(await film('stream'), await film('file'));
});

gameTest('the sky is above, the road below, and every view is another', async (t) => {
  const seen = new Set<string>();
  for (const view of CAMERA_VIEWS) {
    await withGame({ camera: { width: WIDTH, height: HEIGHT, view } }, async (simulator) => {
      const pixels = new Uint8Array(WIDTH * HEIGHT * 3);
      await drive(simulator, await simulator.reset({ track: 'g-track-1' }), 50);
      await simulator.renderCamera(pixels);
      seen.add(digest([...pixels]));
      if (view !== 'road') return;
      const [skyRed, , skyBlue] = meanColour(pixels, 0, 8);
      t.true(skyBlue > skyRed + 30, 'blue above');
      const [red, green, blue] = meanColour(pixels, HEIGHT - 8, HEIGHT);
      t.true(Math.max(red, green, blue) - Math.min(red, green, blue) < 15, 'grey below');
    });
  }
  t.is(seen.size, CAMERA_VIEWS.length);
});

gameTest('pictures go on over another track, after a restart, in odd sizes and in real time', async (t) => {
  const camera = { width: 33, height: 7, panels: true };
  await withGame({ camera, mode: 'real-time' }, async (simulator) => {
    const pixels = new Uint8Array(33 * 7 * 3);
    for (const track of ['g-track-1', 'dirt-1', 'dirt-1']) {
      await drive(simulator, await simulator.reset({ track }), 3);
      pixels.fill(0);
      const { tick } = await simulator.renderCamera(pixels);
      t.true(tick >= simulator.tick);
      t.true(pixels.some((value) => value > 0));
    }
  });
});
