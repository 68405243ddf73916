/** Applications from npm, unchanged, and what the doctor must say of each. */
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Code } from '../../src/finding.js';

export interface RealCase {
  readonly name: string;
  /**
   * `$PORT` and `$PORT2` are free ports, `$APPS` is where they are installed, `$REAL` the folder of the corpus, `$BUN` and
   * `$DENO` the runtimes; another first word is a command of a package.
   */
  readonly command: readonly string[];
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
  /** Folders of the packages that are copied, by their names in the working folder. */
  readonly folders?: Readonly<Record<string, string>>;
  readonly finds: readonly Code[];
}

const PAGE = { 'index.html': '<h1>Cities</h1>' };
const CITIES = '{ "cities": [{ "id": 1, "name": "Bern" }, { "id": 2, "name": "Oslo" }] }';

export const REAL: readonly RealCase[] = [
  {
    name: 'json-server',
    command: ['json-server', '--port', '$PORT', 'db.json'],
    args: ['--path', '/', '--path', '/cities'],
    files: { 'db.json': CITIES },
    finds: [],
  },
  { name: 'http-server', command: ['http-server', '-p', '$PORT', '-a', '127.0.0.1', '.'], files: PAGE, finds: [] },
  { name: 'serve', command: ['serve', '-l', '$PORT', '--no-clipboard', '.'], files: PAGE, finds: [] },
  { name: 'live-server', command: ['live-server', '--port=$PORT', '--no-browser', '.'], files: PAGE, finds: [] },
  { name: 'local-web-server', command: ['ws', '--port', '$PORT'], files: PAGE, finds: [] },
  {
    name: 'docsify-cli',
    command: ['docsify', 'serve', '.', '--port', '$PORT', '--livereload-port', '$PORT2'],
    files: PAGE,
    finds: [],
  },
  {
    name: 'json-graphql-server',
    command: ['json-graphql-server', 'db.cjs', '--p', '$PORT'],
    args: ['--path', '/?query={allCities{name}}'],
    files: { 'db.cjs': `module.exports = ${CITIES};` },
    finds: [],
  },
  { name: 'maildev', command: ['maildev', '--web', '$PORT', '--smtp', '$PORT2'], finds: [] },
  { name: 'y-websocket', command: ['y-websocket'], env: { PORT: '$PORT', HOST: '127.0.0.1' }, finds: [] },
  {
    name: 'verdaccio',
    command: ['verdaccio', '--listen', '127.0.0.1:$PORT', '--config', 'config.yaml'],
    files: {
      'config.yaml': "storage: ./storage\npackages:\n  '**':\n    access: $all\nlog: { type: stdout, level: warn }\n",
    },
    finds: [],
  },
  { name: 'node-red', command: ['node-red', '--port', '$PORT', '--userDir', '.'], finds: [] },
  {
    // It listens, and makes the routes of the services half a second after they are known.
    name: 'moleculer-web',
    command: ['moleculer-runner', 'api.service.cjs', 'city.service.cjs'],
    args: ['--path', '/api/city/list'],
    files: {
      'api.service.cjs':
        "module.exports = { name: 'api', mixins: [require('$APPS/moleculer-web')], settings: { port: $PORT, routes: [{ path: '/api', autoAliases: true }] } };\n",
      'city.service.cjs':
        "module.exports = { name: 'city', actions: { list: { rest: 'GET /list', handler: () => ['Bern'] } } };\n",
    },
    finds: ['EARLY-WRONG'],
  },
  nest('listens-early', ['EARLY-WRONG']),
  nest('listens-late', []),
  outside('Bun', ['$BUN', 'server.mjs'], 'early', ['EARLY-WRONG']),
  outside('Bun', ['$BUN', 'server.mjs'], 'late', []),
  outside('Deno', ['$DENO', 'run', '-A', 'server.mjs'], 'early', ['EARLY-WRONG']),
  outside('Deno', ['$DENO', 'run', '-A', 'server.mjs'], 'late', []),
  {
    name: 'express-gateway',
    command: ['node', 'server.cjs'],
    args: ['--path', '/ip'],
    env: { EG_DISABLE_CONFIG_WATCH: 'true' },
    folders: { config: '$APPS/express-gateway/lib/config' },
    files: {
      'server.cjs': "require('$APPS/express-gateway')().load(require('node:path').join(__dirname, 'config')).run();\n",
      'config/system.config.yml':
        'db:\n  redis:\n    emulate: true\n    namespace: EG\ncrypto:\n  cipherKey: sensitiveKey\n  algorithm: aes256\n  saltRounds: 10\nsession:\n  secret: keyboard cat\n  resave: false\n  saveUninitialized: false\naccessTokens:\n  timeToExpiry: 7200000\nrefreshTokens:\n  timeToExpiry: 7200000\nauthorizationCodes:\n  timeToExpiry: 300000\n',
      'config/gateway.config.yml':
        'http:\n  port: $PORT\nadmin:\n  port: $PORT2\n  host: localhost\napiEndpoints:\n  api:\n    host: localhost\n    paths: /ip\nserviceEndpoints:\n  self:\n    url: http://localhost:$PORT2\npolicies:\n  - terminate\npipelines:\n  default:\n    apiEndpoints:\n      - api\n    policies:\n      - terminate:\n          - action:\n              statusCode: 200\n              message: hello\n',
    },
    finds: [],
  },
];

function nest(file: string, finds: readonly Code[]): RealCase {
  return {
    name: `Nest ${file}`,
    command: ['tsx', '--tsconfig', '$REAL/nest/tsconfig.json', `$REAL/nest/${file}.ts`],
    args: ['--path', '/cities'],
    env: { PORT: '$PORT' },
    finds,
  };
}

/** A runtime that is not Node, which can be examined from outside only. */
function outside(name: string, command: readonly string[], when: 'early' | 'late', finds: readonly Code[]): RealCase {
  const serve =
    name === 'Bun'
      ? 'Bun.serve({ port: $PORT, hostname: "127.0.0.1", fetch })'
      : 'Deno.serve({ port: $PORT, hostname: "127.0.0.1" }, fetch)';
  const load = 'await new Promise((resolve) => setTimeout(resolve, 900)); cities = ["Bern"];';
  const program = `let cities; const fetch = () => Response.json(cities[0]); ${when === 'early' ? `${serve}; ${load}` : `${load} ${serve};`}`;
  return {
    name: `${name} ${when}`,
    command,
    args: ['--no-preload', '--port', '$PORT'],
    files: { 'server.mjs': program },
    finds,
  };
}

export function prepare(one: RealCase, folder: string, fill: (text: string) => string): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, from] of Object.entries(one.folders ?? {})) {
    cpSync(fill(from), path.join(folder, name), { recursive: true });
  }
  for (const [name, text] of Object.entries(one.files ?? {})) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), fill(text));
  }
}
