import test from 'ava';
import { AnswerReader, parseAnswer, type RunnerAnswer } from '../../../../torcs-client/torcs/simulator/channel.ts';

test('takes lines apart', (t) => {
  const ready = parseAnswer('ready port=4711 length=2057.56');
  t.is(ready.verb, 'ready');
  t.deepEqual(
    [...ready.values],
    [
      ['port', '4711'],
      ['length', '2057.56'],
    ],
  );
  const error = parseAnswer('error code=ERR_RACE no track road/x=y here');
  t.is(error.values.get('code'), 'ERR_RACE');
  t.is(error.text, 'no track road/x=y here');
});

test('finds lines and pictures however the stream is cut', (t) => {
  const picture = Buffer.from([10, 13, 0, 255, 10, 112]);
  const stream = Buffer.concat([
    Buffer.from('hello version=1\npicture tick=3 bytes=6\n'),
    picture,
    Buffer.from('over reason=finished\n'),
  ]);
  for (let size = 1; size <= stream.length; size++) {
    const answers: RunnerAnswer[] = [];
    const reader = new AnswerReader((answer) => answers.push(answer));
    const target = new Uint8Array(6);
    reader.target = target;
    for (let at = 0; at < stream.length; at += size) reader.receive(stream.subarray(at, at + size));
    t.deepEqual(
      answers.map((answer) => answer.verb),
      ['hello', 'picture', 'over'],
    );
    t.deepEqual([...target], [...picture]);
  }
});

test('drops a picture that nobody waits for, and never writes beyond the target', (t) => {
  const verbs: string[] = [];
  const reader = new AnswerReader((answer) => verbs.push(answer.verb));
  reader.receive(Buffer.from('picture tick=0 bytes=3\nabcover\n'));
  const target = new Uint8Array(2);
  reader.target = target;
  reader.receive(Buffer.from('picture tick=1 bytes=3\nabcover\n'));
  t.deepEqual([...target], [97, 98]);
  t.deepEqual(verbs, ['picture', 'over', 'picture', 'over']);
});
