/** URL of a file or folder that comes with the package; what runs was built into `dist`, or is the source itself. */
export function packageFile(path: string): URL {
  const root = import.meta.url.endsWith('.ts') ? '../../' : '../../../';
  return new URL(root + path, import.meta.url);
}
