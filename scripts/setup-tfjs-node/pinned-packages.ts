import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * TensorFlow's CPU wheel for Linux x64, as PyPI has it. The binding of tfjs-node 4.22 was tried with it; the wheel
 * carries the C API in `libtensorflow_cc.so.2`.
 */
export const TENSORFLOW = {
  name: 'tensorflow-cpu',
  version: '2.15.1',
  sha256: '54660c074d7241a503e81edfd9f5ef5af88f64051b72e2945f26318c790f2d26',
  python: '3.11',
  platform: 'manylinux2014_x86_64',
} as const;

/** The headers of Node-API, as npm has them. */
export const NODE_API_HEADERS = {
  version: '1.9.0',
  integrity: 'sha512-2oNILP4jXwRB4ywnYKjVk1YyJ96n2D4EOVJO6S3oYZ5PtbJrw3Yt9TpAuX3nBLMuzn74rnfGQrv13pS9vC+YiA==',
} as const;

/** Writes a file that names the wheel and its digest for pip. Returns its path. */
export function writeWheelRequirement(folder: string): string {
  const path = join(folder, 'requirements.txt');
  writeFileSync(path, `${TENSORFLOW.name}==${TENSORFLOW.version} --hash=sha256:${TENSORFLOW.sha256}\n`);
  return path;
}

/** Writes a package with one dependency and its lock, by which `npm ci` checks the digest. */
export function writeHeadersPackage(folder: string): void {
  const { version, integrity } = NODE_API_HEADERS;
  const name = 'node-api-headers-fetcher';
  const dependencies = { 'node-api-headers': version };
  const packages = { '': { name, dependencies }, 'node_modules/node-api-headers': { version, integrity } };
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name, private: true, dependencies }));
  writeFileSync(join(folder, 'package-lock.json'), JSON.stringify({ name, lockfileVersion: 3, packages }));
}
