/** One line that the runner says: a verb, words `key=value`, and the rest as text. */
export interface RunnerAnswer {
  readonly verb: string;
  readonly values: ReadonlyMap<string, string>;
  /** What follows the words: the message of an error. */
  readonly text: string;
}

const NEWLINE = 0x0a;
/** A line longer than this is no answer of the runner. */
const LONGEST_LINE = 64 * 1024;

/** Takes one line apart. */
export function parseAnswer(line: string): RunnerAnswer {
  const [verb = '', ...words] = line.split(' ');
  const values = new Map<string, string>();
  let next = 0;
  for (; next < words.length; next++) {
    const word = words[next] ?? '';
    const equals = word.indexOf('=');
    if (equals < 1) break;
    values.set(word.slice(0, equals), word.slice(equals + 1));
  }
  return { verb, values, text: words.slice(next).join(' ') };
}

/**
 * Cuts the runner's stream into lines, and the bytes that follow a `picture` line. Bytes go straight to where the
 * caller wants them: no copy in between.
 */
export class AnswerReader {
  readonly #onAnswer: (answer: RunnerAnswer) => void;
  #partial: Buffer = Buffer.alloc(0);
  #pending: RunnerAnswer | undefined;
  #target: Uint8Array | undefined;
  #received = 0;
  #expected = 0;

  constructor(onAnswer: (answer: RunnerAnswer) => void) {
    this.#onAnswer = onAnswer;
  }

  /** Where the bytes of the next picture go; pictures that nobody waits for are dropped. */
  set target(target: Uint8Array | undefined) {
    this.#target = target;
  }

  receive(chunk: Buffer): void {
    let rest = chunk;
    while (rest.length > 0) rest = this.#pending === undefined ? this.#takeLine(rest) : this.#takeBytes(rest);
  }

  #takeLine(chunk: Buffer): Buffer {
    const end = chunk.indexOf(NEWLINE);
    const piece = end < 0 ? chunk : chunk.subarray(0, end);
    const line = this.#partial.length === 0 ? piece : Buffer.concat([this.#partial, piece]);
    if (end < 0) {
      this.#partial = Buffer.from(line.subarray(0, LONGEST_LINE));
      return chunk.subarray(chunk.length);
    }
    this.#partial = Buffer.alloc(0);
    const answer = parseAnswer(line.toString('latin1'));
    this.#expected = answer.verb === 'picture' ? Number(answer.values.get('bytes') ?? 0) : 0;
    this.#received = 0;
    if (this.#expected > 0) this.#pending = answer;
    else this.#onAnswer(answer);
    return chunk.subarray(end + 1);
  }

  #takeBytes(chunk: Buffer): Buffer {
    const count = Math.min(chunk.length, this.#expected - this.#received);
    const target = this.#target;
    if (target !== undefined && this.#received < target.length) {
      target.set(chunk.subarray(0, Math.min(count, target.length - this.#received)), this.#received);
    }
    this.#received += count;
    const answer = this.#pending;
    if (this.#received === this.#expected && answer !== undefined) {
      this.#pending = undefined;
      this.#target = undefined;
      this.#onAnswer(answer);
    }
    return chunk.subarray(count);
  }
}
