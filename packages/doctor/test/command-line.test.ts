import { readCommandLine, UsageError } from '../src/command-line.js';

const plan = (...argv: string[]) => {
  const request = readCommandLine([...argv, '--', 'node', 'server.js']);
  if (request.kind !== 'examine') throw new Error(request.kind);
  return request.plan;
};

test('what comes after "--" is the command, options of its own included', () => {
  expect(readCommandLine(['--', 'node', '--watch', 'a.js', '--', 'b'])).toMatchObject({
    plan: { command: ['node', '--watch', 'a.js', '--', 'b'] },
  });
});

test('defaults: two starts of at most 20 s, quiet after 1 s, 8 s to obey', () => {
  expect(plan()).toMatchObject({
    limitMs: 20_000,
    quietMs: 1_000,
    graceMs: 8_000,
    preload: true,
    interrupt: false,
    allowProduction: false,
  });
});

test('seconds may have a unit, codes come in lists of any case', () => {
  expect(plan('--limit', '2.5s', '--ignore', 'init-twice,HEALTH-LIES', '--ignore', 'DEADLOCK')).toMatchObject({
    limitMs: 2_500,
    ignore: new Set(['INIT-TWICE', 'HEALTH-LIES', 'DEADLOCK']),
  });
});

test('--down refuses connections unless it says otherwise', () => {
  expect(plan('--down', 'db:5432', '--down', 'localhost:6379=silent').down).toEqual([
    { target: 'db:5432', mode: 'refuse' },
    { target: 'localhost:6379', mode: 'silent' },
  ]);
});

test.each([
  [['node', 'server.js'], 'doctor [options] -- node server.js'],
  [[], 'doctor [options] -- node server.js'],
  [['--pth', '/x', '--', 'node', 'a.js'], "Unknown option '--pth'. The options: --path"],
  [['--no-preload', '--', 'bun', 'a.ts'], '--no-preload needs --port'],
  [['--down', 'db', '--', 'node', 'a.js'], '--down db: host:port'],
  [['--down', 'db:1=slow', '--', 'node', 'a.js'], 'host:port=silent'],
  [['--ignore', 'EARLY', '--', 'node', 'a.js'], '--ignore EARLY: the codes are EARLY-WRONG'],
  [['--limit', '0', '--', 'node', 'a.js'], '--limit 0: seconds'],
  [['--limit', '5min', '--', 'node', 'a.js'], '--limit 5min: seconds'],
  [['--path', 'api', '--', 'node', 'a.js'], 'a path begins with "/"'],
  [['--port', '70000', '--', 'node', 'a.js'], 'a number from 1 to 65535'],
] as const)('%j is refused: %s', (argv, message) => {
  expect(() => readCommandLine(argv)).toThrow(UsageError);
  expect(() => readCommandLine(argv)).toThrow(message);
});
