import { writeSync } from 'node:fs';
import test from 'ava';
import { llvmpipeThreads } from '../../../torcs-client/camera/index.ts';
import { openSharedPicture } from '../../../torcs-client/camera/shared-picture.ts';
import { TorcsPilotError } from '../../../torcs-client/errors.ts';

test('small pictures get no threads, large ones as many as there are processors', (t) => {
  t.is(llvmpipeThreads({ width: 64, height: 64 }, 2), 0);
  t.is(llvmpipeThreads({ width: 640, height: 480 }, 2), 2);
  t.is(llvmpipeThreads({ width: 640, height: 480 }, 64), 8);
});

test('a shared picture is read from its start each time, and a short one is an error', (t) => {
  const picture = openSharedPicture();
  writeSync(picture.fd, Buffer.from([1, 2, 3]), 0, 3, 0);
  const into = new Uint8Array(3);
  picture.read(into);
  writeSync(picture.fd, Buffer.from([4]), 0, 1, 0);
  picture.read(into);
  t.deepEqual([...into], [4, 2, 3]);
  t.throws(() => picture.read(new Uint8Array(4)), { instanceOf: TorcsPilotError, code: 'ERR_PICTURE' });
  picture.close();
  picture.close();
});
