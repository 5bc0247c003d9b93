/** A process of its own that measures one engine once: `measure-process.ts '{"engine": …}'` prints one line of JSON. */
import { describeFailure } from '../../failure.ts';
import { type MeasureOptions, measure } from './measure.ts';

try {
  const options = JSON.parse(process.argv[2]!) as MeasureOptions;
  process.stdout.write(`${JSON.stringify(await measure(options))}\n`);
} catch (error) {
  process.stdout.write(`${JSON.stringify({ error: describeFailure(error).message })}\n`);
}
