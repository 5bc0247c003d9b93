import type { ExecutionContext } from 'ava';
import { LiveClient } from '../../dashboard/live-client.ts';
import { Child } from '../support.ts';

const ADDRESS = /the page is at http:\/\/127\.0\.0\.1:(\d+)\/#token=([\w-]+)/;

/** A program that serves its page; a viewer with the token. */
export async function serve(t: ExecutionContext, ...words: string[]) {
  t.timeout(180_000);
  const child = new Child([...words, '--json']);
  t.teardown(() => child.process.kill('SIGKILL'));
  await child.said(ADDRESS);
  const [, port, token] = ADDRESS.exec(child.error) as unknown as [string, string, string];
  const viewer = new LiveClient(Number(port), token);
  t.like(await viewer.text('welcome'), { controls: true });
  const end = async () => {
    child.process.kill('SIGINT');
    const outcome = await child.end();
    const json = JSON.parse(outcome.output.trim().split('\n').at(-1) ?? '') as Record<string, unknown>;
    return { ...outcome, json };
  };
  return { child, viewer, port: Number(port), token, end };
}

/** The next row of telemetry, by the keys of its channels. */
export async function newestRow(viewer: LiveClient): Promise<Record<string, number>> {
  const { channels } = (await viewer.text('session')) as unknown as { channels: { key: string }[] };
  const message = await viewer.nextBinary(3);
  const rows = new Float32Array(Uint8Array.from(message.subarray(12)).buffer);
  return Object.fromEntries(channels.map(({ key }, i) => [key, rows[rows.length - channels.length + i] ?? Number.NaN]));
}

/** Waits for a row. */
export async function untilRow(viewer: LiveClient, fits: (row: Record<string, number>) => boolean) {
  for (;;) {
    const row = await newestRow(viewer);
    if (fits(row)) return row;
  }
}

/** What a page at the wheel says all the time. */
export function input(viewer: LiveClient, changes: Record<string, unknown> = {}): NodeJS.Timeout {
  const message = { type: 'input', steer: 0, accelerate: 1, brake: 0, reverse: false, ...changes };
  return setInterval(() => viewer.send(message), 50);
}
