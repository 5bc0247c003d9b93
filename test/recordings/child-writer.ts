import fs from 'node:fs';
import { RecordingWriter } from '../../src/recordings/index.ts';
import { optionsFor, recordEpisode } from './drive.ts';

// A writer to be killed: records without end, and notes in DIR.acknowledged what was acknowledged: `s` for each
// step, `e` for each ended episode. Arguments: folder, steps per episode, megabytes per data file, number of the first episode.
const [dir = '', steps = '40', megabytes = '1', first = '0'] = process.argv.slice(2);
const notes = fs.openSync(`${dir}.acknowledged`, 'w');
const writer = await RecordingWriter.open(optionsFor(dir, { dataFileMegabytes: Number(megabytes) }));
const onStep = writer.onStep.bind(writer);
writer.onStep = async (transition) => {
  await onStep(transition);
  fs.writeSync(notes, 's');
};
fs.writeSync(1, 'r');
for (let episode = Number(first); ; episode++) {
  await recordEpisode(writer, episode, Number(steps));
  fs.writeSync(notes, 'e');
}
