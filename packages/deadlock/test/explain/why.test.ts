import { run } from './program.js';

test('D12: why says at the end what was awaited, once, and changes neither output nor exit code', () => {
  const { stderr, status } = run(`async function main() { await new Promise(() => {}); } main();`);
  expect(status).toBe(0);
  expect(stderr.match(/why \(pid \d+\): the process ended because nothing was left to do/g)).toHaveLength(1);
  expect(stderr).toMatch(/main \(.*app\.cjs:2:25\) waits for a promise that no JavaScript can resolve any more/);
});

test('D12: why is silent where the program ends by itself, by process.exit, or by an error', () => {
  expect(run('setTimeout(() => {}, 10);').stderr).toBe('why is loaded\n');
  expect(
    run('async function main() { await new Promise(() => {}); } main(); setTimeout(() => process.exit(3), 10);'),
  ).toMatchObject({ stderr: 'why is loaded\n', status: 3 });
  expect(
    run(
      'async function main() { await new Promise(() => {}); } main(); setTimeout(() => { throw new Error("no"); }, 10);',
    ).stderr,
  ).not.toContain('why (pid');
});

test('D12: why tells at a signal what is awaited and what is open', () => {
  const { stderr } = run(`async function main() { await new Promise((resolve) => setTimeout(resolve, 60_000)); } main();
const { once } = require('node:events');
setImmediate(() => process.kill(process.pid, 'SIGUSR2'));
process.on('SIGUSR2', () => setTimeout(() => process.exit(), 2_000));`);
  expect(stderr).toContain('SIGUSR2: what the process waits for\nAwaited:\n  main (');
  expect(stderr).toMatch(/Also open:\n {2}(?:\d+ × )?timer/);
});

test('D12: a wrong WHY_AFTER_SECONDS is refused by name', () => {
  const { stderr, status } = run('', { WHY_AFTER_SECONDS: 'soon' });
  expect(status).toBe(1);
  expect(stderr).toContain('TypeError: WHY_AFTER_SECONDS must be a number of at least 0, not "soon"');
});

test('D12: why tells after WHY_AFTER_SECONDS that no port is open, and is silent once one is', () => {
  const tellsEnd = `
setTimeout(() => process.exit(), 2_500);`;
  const waiting = run(
    `async function main() { await new Promise((resolve) => setTimeout(resolve, 60_000)); } main();${tellsEnd}`,
    { WHY_AFTER_SECONDS: '0.1' },
  );
  expect(waiting.stderr).toMatch(/after 0\.1 s no port is open; the process waits for this\nAwaited:\n {2}main \(/);
  const serving = run(`require('node:http').createServer().listen(0);${tellsEnd}`, { WHY_AFTER_SECONDS: '0.1' });
  expect(serving.stderr).toBe('why is loaded\n');
});
