import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import { packageFile } from '../../core/package-file.ts';

/** The page's folder: a package keeps it with its sources, and runs what was built of them. */
const PAGE = packageFile('src/dashboard/page/');
const require = createRequire(import.meta.url);

const TYPES = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
} as const;

const PAGE_FILES = [
  'index.html',
  'style.css',
  'plots.css',
  'icon.svg',
  'main.js',
  'bytes.js',
  'camera.js',
  'connection.js',
  'controls.js',
  'curves.js',
  'dom.js',
  'instruments.js',
  'library.js',
  'map.js',
  'plot.js',
  'plots.js',
  'telemetry.js',
  'wheel.js',
] as const;

interface StaticFile {
  readonly type: string;
  readonly content: Buffer;
}

/** Everything that is served, by its address: read once, so that no address ever reaches the disk. */
export function loadStaticFiles(): ReadonlyMap<string, StaticFile> {
  const files = new Map<string, StaticFile>();
  const add = (address: string, name: string, file: URL | string) => {
    const type = TYPES[name.slice(name.lastIndexOf('.') + 1) as keyof typeof TYPES];
    files.set(address, { type, content: readFileSync(file) });
  };
  for (const name of PAGE_FILES) add(name === 'index.html' ? '/' : `/${name}`, name, new URL(name, PAGE));
  add('/uplot.js', 'uplot.js', require.resolve('uplot/dist/uPlot.esm.js'));
  add('/uplot.css', 'uplot.css', require.resolve('uplot/dist/uPlot.min.css'));
  return files;
}

/** Answers a request whose sender the guard has let in. */
export function answerRequest(
  files: ReadonlyMap<string, StaticFile>,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('Allow', 'GET, HEAD');
    refuse(response, 405, 'Expected GET');
    return;
  }
  const [address] = (request.url ?? '/').split('?');
  const file = files.get(address ?? '/');
  if (file === undefined) {
    refuse(response, 404, 'Nothing is here');
    return;
  }
  setHeaders(response, request.headers.host ?? '');
  response.setHeader('Content-Type', file.type);
  response.setHeader('Content-Length', file.content.length);
  response.end(request.method === 'HEAD' ? undefined : file.content);
}

export function refuse(response: ServerResponse, status: number, reason: string): void {
  setHeaders(response, '');
  response.statusCode = status;
  response.setHeader('Content-Type', 'text/plain; charset=utf-8');
  response.end(`${reason}\n`);
}

/** Scripts, styles and connections of this page's own only; nobody may frame it, and nothing of it is kept. */
function setHeaders(response: ServerResponse, host: string): void {
  // Browsers that are not of the newest do not count a WebSocket of the same origin as `self`.
  const live = host === '' ? '' : ` ws://${host}`;
  response.setHeader(
    'Content-Security-Policy',
    `default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'${live}; ` +
      "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  );
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.setHeader('X-Frame-Options', 'DENY');
  response.setHeader('Referrer-Policy', 'no-referrer');
  response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
  response.setHeader('Cross-Origin-Resource-Policy', 'same-origin');
  response.setHeader('Cache-Control', 'no-store');
}
