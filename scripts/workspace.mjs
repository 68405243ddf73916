// What the other scripts need to know about the workspace.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

/** The folders of the workspace's members, relative to the root. */
export const members = ['packages', 'examples'].flatMap((group) =>
  existsSync(`${root}/${group}`)
    ? readdirSync(`${root}/${group}`)
        .filter((name) => existsSync(`${root}/${group}/${name}/package.json`))
        .map((name) => `${group}/${name}`)
    : [],
);

/** The packages that are published: `{ folder, name, manifest }`. */
export const published = members
  .map((folder) => ({
    folder,
    name: folder.split('/')[1],
    manifest: JSON.parse(readFileSync(`${root}/${folder}/package.json`, 'utf8')),
  }))
  .filter(({ manifest }) => !manifest.private);

/** What a package exports, as its package.json lists it: `{ door, specifier, file, source }`; `file` as in dist/, without an end. */
export const entryPoints = ({ name, exports }) =>
  Object.entries(exports)
    .filter(([door]) => !door.endsWith('.json'))
    .map(([door, { '@bootstrap-gate/source': source }]) => ({
      door,
      specifier: name + door.slice(1),
      file: door === '.' ? 'index' : door.slice(2),
      source,
    }));

/** Runs a program from the workspace's dependencies and returns whether it succeeded. */
export function run(program, args, { cwd = root, env = {} } = {}) {
  const path = `${root}/node_modules/.bin${process.platform === 'win32' ? ';' : ':'}${process.env.PATH}`;
  const { status, error } = spawnSync(program, args, {
    cwd,
    stdio: 'inherit',
    env: { ...process.env, PATH: path, ...env },
    shell: process.platform === 'win32',
  });
  if (error) console.error(`${program}: ${error.message}`);
  return status === 0;
}
