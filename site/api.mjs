// The API reference: a page for each entry point of each package, from the docstrings of the sources.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Application, Converter } from 'typedoc';
import { entryPoints, published, root } from '../scripts/workspace.mjs';
import { slug } from './markdown.mjs';

/** Every entry point: `{ specifier, file, page }`; `file` relative to the root, `page` as in `api/`. */
export const entries = published.flatMap(({ folder, manifest }) =>
  entryPoints(manifest).map(({ specifier, source }) => ({
    specifier,
    file: `${folder}/${source.slice(2)}`,
    page: `${specifier.replace('@bootstrap-gate/', '').replaceAll('/', '-')}.md`,
  })),
);

export async function writeApi(folder) {
  const app = await Application.bootstrapWithPlugins({
    plugin: ['typedoc-plugin-markdown'],
    router: 'module',
    entryPoints: entries.map(({ file }) => `${root}${file}`),
    tsconfig: `${root}site/tsconfig.json`,
    name: 'API reference',
    out: folder,
    basePath: root,
    readme: 'none',
    disableGit: true,
    sourceLinkTemplate: 'https://github.com/bootstrap-gate/bootstrap-gate/blob/main/{path}#L{line}',
    hideBreadcrumbs: true,
    hidePageHeader: true,
    useCodeBlocks: true,
    expandObjects: true,
    parametersFormat: 'table',
    interfacePropertiesFormat: 'list',
    entryFileName: 'index',
    excludeInternal: true,
    excludePrivate: true,
    logLevel: 'Error',
  });
  // Pages are named after what is imported, not after where its source lies.
  app.converter.on(Converter.EVENT_RESOLVE_END, ({ project }) => {
    for (const module of project.children) {
      const entry = entries.find(({ file }) => file === module.sources?.[0]?.fileName);
      if (entry) module.name = entry.page.slice(0, -'.md'.length);
    }
  });
  const project = await app.convert();
  if (!project) throw new Error('TypeDoc could not read the sources');
  await app.generateOutputs(project);
  if (app.logger.hasErrors()) throw new Error('TypeDoc could not write the reference');
  for (const name of readdirSync(folder)) corrected(folder, name);
}

/** TypeDoc numbers some anchors as if their name were taken, and shows where inherited members of Node's types lie here. */
function corrected(folder, name) {
  const text = readFileSync(join(folder, name), 'utf8')
    .replace(/^Defined in: \[node\\_modules.*\n\n/gm, '')
    .replace(/\]\(([\w-]*\.md|)#([\w-]+)-1\)/g, (link, page, anchor) =>
      anchorsOf(folder, page || name).has(`${anchor}-1`) ? link : `](${page}#${anchor})`,
    );
  writeFileSync(join(folder, name), text);
}

/** As the site makes them: a name that is taken gets a number. */
function anchorsOf(folder, name) {
  const anchors = new Set();
  for (const [, title] of readFileSync(join(folder, name), 'utf8').matchAll(/^#+ (.+)$/gm)) {
    const plain = slug(title.replace(/\\/g, ''));
    let anchor = plain;
    for (let number = 1; anchors.has(anchor); number++) anchor = `${plain}-${number}`;
    anchors.add(anchor);
  }
  return anchors;
}
