// What the site's menus show. A page that no list names is put where it belongs: the guide to an entry point among the
// frameworks, any other guide under "More guides", the rest under "Project".
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { entries } from './api.mjs';
import { published, root } from '../scripts/workspace.mjs';

const staged = `${root}site/.pages`;

const lists = {
  'Start here': ['getting-started', 'guides/migrating-from-await-init', 'guides/testing', 'faq', 'comparison'],
  Frameworks: [
    'guides/express',
    'guides/fastify',
    'guides/koa',
    'guides/nest',
    'guides/hono',
    'guides/fetch',
    'guides/node-http-and-websockets',
    'guides/lambda-and-other-functions',
    'recipes',
  ],
  'The bootstrap': ['guides/bootstrap-steps', 'guides/plans', 'guides/migrations-with-many-replicas'],
  'In production': [
    'guides/kubernetes',
    'guides/behind-nginx-and-haproxy',
    'guides/cluster-and-pm2',
    'guides/shutdown',
    'guides/waiting-page',
    'guides/telemetry',
  ],
  'When it hangs or is slow': [
    'guides/why-is-my-application-stuck',
    'guides/reading-a-slow-start',
    'guides/check-your-start-in-ci',
  ],
  Reference: ['options', 'errors', 'api/index', 'compatibility', 'runtimes', 'support', 'glossary', 'rules'],
};
const listed = Object.values(lists).flat();

export const nav = (version) => [
  { text: 'Guide', link: '/getting-started' },
  { text: 'API', link: '/api/' },
  { text: 'Errors', link: '/errors' },
  {
    text: version,
    items: [
      ...(existsSync(`${staged}/changelog.md`) ? [{ text: 'Changelog', link: '/changelog' }] : []),
      { text: 'Versions that work together', link: '/compatibility' },
      { text: 'Support and deprecation', link: '/support' },
      { text: 'All releases', link: 'https://github.com/bootstrap-gate/bootstrap-gate/releases' },
    ],
  },
];

/** One for each part of the site; that of the guides is also where no other is. */
export function sidebar() {
  const doors = new Set(entries.map(({ specifier }) => specifier.split('/').at(-1)));
  const others = [...pagesIn('guides'), ...pagesIn('')].filter((page) => !listed.includes(page) && page !== 'index');
  const isGuide = (page) => page.startsWith('guides/');
  const isDoor = (page) => isGuide(page) && doors.has(page.slice('guides/'.length));
  const codes = pagesIn('errors');
  return {
    '/api/': groups({
      'API reference': ['api/index', ...entries.map(({ page }) => `api/${page.slice(0, -'.md'.length)}`)],
    }),
    '/errors': groups({
      'Errors and warnings': ['errors'],
      Errors: codes.filter((page) => page.includes('/ERR_')),
      Warnings: codes.filter((page) => !page.includes('/ERR_')),
    }),
    '/doctor/': groups({ Doctor: ['packages/doctor', 'doctor/README', ...pagesIn('doctor').slice(0, -1)] }),
    '/adr/': groups({ Decisions: pagesIn('adr').sort().reverse() }),
    '/': groups({
      ...lists,
      Frameworks: [...lists.Frameworks, ...others.filter(isDoor)],
      'More guides': others.filter((page) => isGuide(page) && !isDoor(page)),
      Packages: published.map(({ name }) => `packages/${name}`),
      Project: [...others.filter((page) => !isGuide(page)), 'doctor/README', 'adr/README'],
    }),
  };
}

const groups = (lists) =>
  Object.entries(lists)
    .map(([text, pages]) => ({
      text,
      items: pages.filter(exists).map((page) => ({ text: titleOf(page), link: `/${page.replace(/index$/, '')}` })),
    }))
    .filter(({ items }) => items.length > 0);

const exists = (page) => existsSync(`${staged}/${page}.md`);

function pagesIn(folder) {
  return existsSync(`${staged}/${folder}`)
    ? readdirSync(`${staged}/${folder}`)
        .filter((name) => name.endsWith('.md'))
        .map((name) => (folder ? `${folder}/` : '') + name.slice(0, -'.md'.length))
    : [];
}

function titleOf(page) {
  const api = entries.find((entry) => `api/${entry.page}` === `${page}.md`);
  if (api) return api.specifier;
  const [, title = page] = /^# (.+)$/m.exec(readFileSync(`${staged}/${page}.md`, 'utf8')) ?? [];
  return title.replace(/`/g, '');
}
