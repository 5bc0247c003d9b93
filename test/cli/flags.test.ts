import test from 'ava';
import { opponentsSchema, pictureSizeSchema, simulatorSchema } from '../../src/cli/flags.ts';

test('simulators', (t) => {
  t.deepEqual(simulatorSchema.parse(undefined), { kind: 'embedded' });
  t.deepEqual(simulatorSchema.parse('torcs'), { kind: 'torcs' });
  t.deepEqual(simulatorSchema.parse('scr://host.example:3101'), { kind: 'scr', host: 'host.example', port: 3101 });
  t.deepEqual(simulatorSchema.parse('scr://[::1]'), { kind: 'scr', host: '::1', port: 3001 });
});

test('picture sizes', (t) => {
  t.deepEqual(pictureSizeSchema.parse('64x48'), { width: 64, height: 48 });
});

test('opponents', (t) => {
  t.deepEqual(opponentsSchema.parse('berniw:2,bt'), [
    { robot: 'berniw', count: 2 },
    { robot: 'bt', count: 1 },
  ]);
});

for (const [schema, text] of [
  [simulatorSchema, 'speed-dreams'],
  [simulatorSchema, 'scr://host:70000'],
  [pictureSizeSchema, '0x64'],
  [pictureSizeSchema, '100000x100000'],
  [pictureSizeSchema, '64'],
  [opponentsSchema, 'berniw:0'],
  [opponentsSchema, 'berniw,,bt'],
] as const) {
  test(`"${text}" is refused`, (t) => {
    t.false(schema.safeParse(text).success);
  });
}
