import { fileURLToPath } from 'node:url';
import test from 'ava';
import { inspectRecording, openRecording, verifyRecording } from '../../src/recordings/index.ts';

const dir = fileURLToPath(new URL('../../recordings/scripted-64x64', import.meta.url));

test('the recording that comes with the repository is sound and small', async (t) => {
  const report = await verifyRecording(dir);
  t.deepEqual(report.problems, []);
  t.true(report.frames > 1000);
  t.true(report.bytes <= 10e6, `${report.bytes} bytes`);
});

test('it shows both simulators through the same camera', async (t) => {
  const { simulators, features } = await inspectRecording(dir);
  t.deepEqual(simulators, { embedded: 1, torcs: 1 });
  t.is(features['observation.images.camera'], 'image 64x64x3');
  const recording = await openRecording(dir);
  for (const episode of [0, 1]) {
    for await (const row of recording.transitions({ episode })) {
      const picture = await row.picture?.decode();
      t.is(picture?.data.length, 64 * 64 * 3);
      const brightness = (from: number) =>
        picture!.data.subarray(from, from + 640).reduce((sum, value) => sum + value, 0);
      t.true(brightness(0) > brightness(60 * 192), 'the sky is brighter than the road');
      break;
    }
  }
});
