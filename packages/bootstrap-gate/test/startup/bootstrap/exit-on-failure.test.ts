/** `exitOnFailure`, in processes of their own. */
import { prepareChildren } from '../../child.js';

const children = prepareChildren();
afterAll(() => children.remove());

test('after a failed flight the report is on stderr, what has started is stopped, and the exit code is 1', async () => {
  const { code, stdout, stderr } = await children.run(`
    setInterval(() => {}, 60_000); // a server, say
    createGate({ name: 'shop', eager: true, exitOnFailure: true, bootstrap: async (boot) => {
      await boot.step('cache', () => 1, { stop: () => console.log('stopped') });
      await boot.step('database', () => { throw new Error('no database'); });
    } });`);
  expect([code, stdout]).toEqual([1, 'stopped\n']);
  expect(stderr).toMatch(/^The bootstrap failed: step "database" of gate "shop" failed: no database$/m);
  expect(stderr).toMatch(/^ {2}step "cache": done after \d+ ms$/m);
  expect(stderr).toMatch(/^ {2}step "database": failed after \d+ ms: no database$/m);
});

test('the requests that waited are answered before the process exits', async () => {
  const { code, stdout } = await children.run(`
    const http = require('node:http');
    const server = http.createServer((req, res) => res.end());
    let fail;
    gateServer(server, { exitOnFailure: true, bootstrap: () => new Promise((_, reject) => (fail = reject)) });
    let answered = 0;
    server.listen(0, () => {
      for (let i = 0; i < 100; i++) http.get({ port: server.address().port, agent: false }, (res) => {
        answered++;
        res.resume();
      });
      const ask = () => server.getConnections((_, count) => (count < 100 ? setImmediate(ask) : setTimeout(() => fail(new Error('no')), 100)));
      ask();
    });
    process.on('exit', () => console.log(answered > 0 ? 'answered' : 'cut'));`);
  expect([code, stdout]).toEqual([1, 'answered\n']);
});

test('without it the process stays, and a later flight may succeed', async () => {
  const { code, stdout } = await children.run(`
    let tries = 0;
    const gate = createGate({ cooldownMs: 0, bootstrap: () => { if (tries++ === 0) throw new Error('no'); return 'up'; } });
    gate.ensureReady().catch(() => gate.reset()).then(() => gate.ensureReady()).then(console.log);`);
  expect([code, stdout]).toEqual([0, 'up\n']);
});
