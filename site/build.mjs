// `npm run docs`: the site on a development server, again after each change in docs/. With `--build`: into site/dist.
import { watch } from 'node:fs';
import { build, createServer } from 'vitepress';
import { root } from '../scripts/workspace.mjs';
import { stage, stagePage } from './stage.mjs';

const site = `${root}site`;
await stage();
if (process.argv.includes('--build')) {
  await build(site);
} else {
  const server = await createServer(site);
  await server.listen();
  server.printUrls();
  watch(`${root}docs`, { recursive: true }, (_event, file) => {
    if (file) stagePage(`docs/${file.replaceAll('\\', '/')}`);
  });
}
