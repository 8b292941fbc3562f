import { gzipSync } from 'node:zlib';
import type { Plugin, Rolldown } from 'vite';

interface FirstView {
  /** Modules that the router loads for it, beside the entry, by the end of their path. */
  readonly modules: readonly string[];
  readonly maxGzipBytes: number;
}

/** Fails the build when what a customer loads before seeing the shop has grown too large: by size, never by time. */
export const firstView = ({ modules, maxGzipBytes }: FirstView): Plugin => ({
  name: 'first-view',
  apply: 'build',
  generateBundle(_options, bundle) {
    const chunks = Object.values(bundle).filter((output) => output.type === 'chunk');
    const wanted = chunks.filter(({ isEntry, moduleIds }) => isEntry || moduleIds.some(isOneOf(modules)));
    for (const path of modules) {
      if (!wanted.some(({ moduleIds }) => moduleIds.some(isOneOf([path])))) this.error(`there is no module ${path}`);
    }
    const loaded = withImports(wanted, chunks);
    const bytes = [...loaded].reduce((sum, { code }) => sum + gzipSync(code).length, 0);
    const told = `first view: ${kilobytes(bytes)} of JavaScript (gzip) in ${loaded.size} files, at most ${kilobytes(maxGzipBytes)}`;
    if (bytes > maxGzipBytes) this.error(told);
    this.info(told);
  },
});

const isOneOf = (paths: readonly string[]) => (id: string) => paths.some((path) => id.endsWith(path));

const kilobytes = (bytes: number): string => `${(bytes / 1_000).toFixed(1)} kB`;

/** What a browser fetches for these: themselves and all that they import at once. */
function withImports(
  wanted: readonly Rolldown.OutputChunk[],
  chunks: readonly Rolldown.OutputChunk[],
): ReadonlySet<Rolldown.OutputChunk> {
  const loaded = new Set(wanted);
  for (const { imports } of loaded) {
    for (const chunk of chunks) if (imports.includes(chunk.fileName)) loaded.add(chunk);
  }
  return loaded;
}
