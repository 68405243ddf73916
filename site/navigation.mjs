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

export function sidebar() {
  const doors = new Set(entries.map(({ specifier }) => specifier.split('/').at(-1)));
  const others = [...pagesIn('guides'), ...pagesIn('')].filter((page) => !listed.includes(page) && page !== 'index');
  const isDoor = (page) => page.startsWith('guides/') && doors.has(page.slice('guides/'.length));
  const isMore = (page) => page.startsWith('guides/') && !isDoor(page);
  const groups = {
    ...lists,
    Frameworks: [...lists.Frameworks, ...others.filter(isDoor)],
    'More guides': others.filter(isMore),
    Packages: published.map(({ name }) => `packages/${name}`),
    Doctor: ['doctor/README', ...pagesIn('doctor').filter((page) => page !== 'doctor/README')],
    Errors: pagesIn('errors'),
    API: entries.map(({ page }) => `api/${page.slice(0, -'.md'.length)}`),
    Project: [...others.filter((page) => !page.startsWith('guides/')), ...pagesIn('adr')],
  };
  const open = new Set(['Start here', 'Frameworks', 'The bootstrap', 'In production', 'When it hangs or is slow']);
  return Object.entries(groups)
    .map(([text, pages]) => ({
      text,
      collapsed: !open.has(text),
      items: pages.filter(exists).map((page) => ({ text: titleOf(page), link: `/${page.replace(/index$/, '')}` })),
    }))
    .filter(({ items }) => items.length > 0);
}

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
