import test from 'ava';
import { fuzzPolicies } from '../../../scripts/policy-fuzz.ts';

test('mutated policies are refused, or the same; nothing else comes of them', async (t) => {
  const report = await fuzzPolicies(230, 11);
  const totals = Object.values(report);
  t.true(totals.length > 40, 'every kind of mutation came');
  t.is(
    totals.reduce((sum, { refused, same, sound }) => sum + refused + same + sound, 0),
    230,
  );
  t.true(report['white space']!.same > 0 && report['a bit of the weights']!.refused > 0);
});
