import { once as onceEvent } from 'node:events';
import { createServer, get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { createGate, type GateError } from 'bootstrap-gate';
import { bootstrapGate } from 'bootstrap-gate/node';
import { traceGates } from 'bootstrap-gate/opentelemetry';
import { measureGates } from 'bootstrap-gate/prometheus';
import { reportToTerminal } from 'bootstrap-gate/report';
import { Registry } from 'prom-client';
import { describeOnPostgres } from './support/each-postgres.js';
import { closeAll, deferred, replicas, until } from './support/replicas.js';

describeOnPostgres('steps of a gate', (server) => {
  test('O2: a waiting replica shows in its report and in the stall warning for whom it waits and how far that is', async () => {
    const emit = jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
    const all = replicas(server(), 2, { leaseMs: 5_000 });
    const finish = deferred();
    const gates = all.map(({ once, name }) =>
      createGate({
        name,
        stallAfterMs: 1_000,
        bootstrap: (boot) =>
          boot.step(
            'index',
            once.run({ key: 'v1' }, async ({ progress }) => {
              progress(0.41, 'rows');
              await finish.promise;
              return { by: name };
            }),
          ),
      }),
    );
    const ready = gates.map((gate) => gate.ensureReady());
    const texts = () => gates.map((gate) => gate.report().attempts.at(-1)?.steps[0]?.progress?.text ?? '');
    await until(() =>
      texts().some((line) => /^waits for replica web-[12], attempt 1, 41 % \(rows\), since/.test(line)),
    );
    expect(texts()).toContain('rows');
    const [leader, waiter] = texts()[0] === 'rows' ? gates : [...gates].reverse();
    const waits = waiter!.report().attempts.at(-1)?.steps[0]?.waitsFor;
    expect(waits).toEqual([
      {
        kind: 'replica',
        name: leader!.name,
        since: expect.any(Number),
        at: expect.stringContaining('gate.test.ts'),
        text: 'attempt 1, 41 % (rows)',
      },
    ]);
    await until(() => emit.mock.calls.some(([warning]) => String(warning).includes('waits for replica')));
    expect(emit.mock.calls.map(([warning]) => String(warning))).toContainEqual(
      expect.stringMatching(
        /The step "index" of gate "web-[12]" .*; it waits for replica "web-[12]" since .* s \(attempt 1, 41 % \(rows\)\)/,
      ),
    );
    emit.mockRestore();
    finish.resolve();
    const [first, second] = await Promise.all(ready);
    expect(second).toEqual(first);
    await Promise.all(gates.map((gate) => gate.close()));
    await closeAll(all);
  });

  test('O2: the failure of one replica fails the gates of all, with its host and its cause', async () => {
    const all = replicas(server(), 2, { leaseMs: 5_000 });
    const gates = all.map(({ once }) =>
      createGate({
        bootstrap: (boot) =>
          boot.step(
            'migrate',
            once.transaction({ key: 'v1', attempts: 1 }, (tx) => tx.query('SELECT no_such_column')),
          ),
      }),
    );
    const settled = await Promise.allSettled(gates.map((gate) => gate.ensureReady()));
    for (const result of settled) {
      const { reason } = result as PromiseRejectedResult;
      expect(reason).toMatchObject({ code: 'ERR_GATE_BOOTSTRAP_FAILED' });
      expect(reason.message).toMatch(/step "migrate" \(key "v1"\) failed on replica web-[12]/);
      expect(reason.cause).toMatchObject({ code: 'ERR_ONCE_FAILED', cause: { code: '42703' } });
    }
    await Promise.all(gates.map((gate) => gate.close()));
    await closeAll(all);
  });

  test('O2: the waiting page and the terminal of a waiting replica name the leader, how far it is, and who died before', async () => {
    const all = replicas(server(), 3, { leaseMs: 5_000 });
    const finish = deferred();
    const [dead, leader, waiter] = all;
    const step = ({ once }: (typeof all)[number]) =>
      once.run({ key: 'v1' }, async ({ progress }) => {
        progress(0.41, 'rows');
        await finish.promise;
      });
    // As after a kill: it holds the step, and nothing of it is left that beats.
    const session = '00000000-0000-4000-8000-000000000001';
    await leader!.once.forget('index', 'v1'); // makes the tables
    const { namespace } = leader!;
    await server().query(
      `INSERT INTO bootstrap_once.replica VALUES ('${session}', '${dead!.name}', 1, now(), now(), null)`,
    );
    await server().query('INSERT INTO bootstrap_once.step VALUES ($1, $2, 1, 1, $3, $4, now())', [
      namespace,
      'index',
      'v1',
      session,
    ]);
    await server().query(
      `INSERT INTO bootstrap_once.run VALUES ($1, 'index', 'v1', null, 'running', 1, 1, null, null, now(), now())`,
      [namespace],
    );

    const leading = step(leader!)({ name: 'index' });
    const output: string[] = [];
    const terminal = new Writable({ write: (text, _encoding, done) => void (output.push(String(text)), done()) });
    const door = bootstrapGate((_req, res) => res.end('hello'), {
      name: 'shop',
      bootstrap: (boot) => boot.step('index', step(waiter!)),
      eager: true,
      waitingPage: true,
      expose: true,
    });
    const stop = reportToTerminal(door.gate, {
      live: true,
      stream: Object.assign(terminal, { isTTY: true, columns: 200, rows: 20 }),
    });
    const http = createServer(door).listen(0, '127.0.0.1');
    await onceEvent(http, 'listening');
    const { port } = http.address() as AddressInfo;
    const navigation = { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };
    const page = async () => {
      const [response] = await onceEvent(get({ port, headers: navigation }), 'response');
      return text(response as IncomingMessage);
    };
    await until(async () =>
      /index: running, 41 % \(waits for replica web-2, attempt 2, 41 % \(rows\), since [\d:]+Z: web-1 died\)/.test(
        await page(),
      ),
    );
    await until(() =>
      /index .*waits for replica "web-2" \(.* so far; attempt 2, 41 % \(rows\): web-1 died\)/.test(output.join('')),
    );
    finish.resolve();
    await leading;
    await door.gate.ensureReady();
    stop();
    await door.gate.close();
    await new Promise((resolve) => http.close(resolve));
    await closeAll(all);
  });

  test('O6: a cycle across processes is a verdict of the gate: in its error, its report, its spans and its metrics', async () => {
    const exporter = new InMemorySpanExporter();
    const tracerProvider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
    const registry = new Registry();
    const stops = [traceGates({ tracerProvider }), measureGates({ registry })];
    const all = replicas(server(), 2);
    const hold = [deferred(), deferred()];
    const gates = all.map(({ once, name }, i) => {
      const [mine, other] = i === 0 ? ['a', 'b'] : ['b', 'a'];
      return createGate({
        name,
        bootstrap: (boot) =>
          boot.step(
            mine!,
            once.run({ key: 'v1', attempts: 1 }, async () => {
              hold[i]!.resolve();
              await Promise.all(hold.map(({ promise }) => promise));
              return boot.step(
                other!,
                once.run({ key: 'v1', attempts: 1 }, () => 1),
              );
            }),
          ),
      });
    });
    const settled = await Promise.allSettled(gates.map((gate) => gate.ensureReady()));
    const errors = settled.flatMap((result) => (result.status === 'rejected' ? [result.reason as GateError] : []));
    const [verdict] = errors.flatMap((error) => error.verdict ?? []);
    expect(verdict).toMatchObject({ certainty: 'certain', advice: expect.stringContaining('same order') });
    expect(verdict!.cycle.map(({ owner, waitsFor }) => `${owner} waits for ${waitsFor}`).sort()).toEqual([
      expect.stringMatching(/^step "a" on replica web-1 \(pid \d+\) waits for step "b"$/),
      expect.stringMatching(/^step "b" on replica web-2 \(pid \d+\) waits for step "a"$/),
    ]);
    expect(verdict!.cycle.every(({ at }) => at.includes('gate.test.ts'))).toBe(true);
    expect(gates.flatMap((gate) => gate.report().verdicts)).toEqual([verdict]);

    const metrics = await registry.metrics();
    expect(metrics).toMatch(/bootstrap_gate_verdicts_total\{gate="web-[12]",certainty="certain"\} 1\n/);
    expect(metrics).toContain('bootstrap_gate_once_total{gate="web-1",step="a",event="claim"} 1\n');
    expect(metrics).toMatch(/bootstrap_gate_once_total\{gate="web-[12]",step="[ab]",event="deadlock"\} 1\n/);
    const spans = exporter.getFinishedSpans();
    const told = (attribute: string) =>
      spans.flatMap(({ events }) => events.map(({ attributes }) => attributes?.[`bootstrap_gate.once.${attribute}`]));
    expect(told('type')).toEqual(expect.arrayContaining(['claim', 'wait', 'deadlock']));
    expect(told('text')).toContainEqual(expect.stringMatching(/^waits for replica web-[12], attempt 1, since/));
    for (const stop of stops) stop();
    await Promise.all(gates.map((gate) => gate.close()));
    await closeAll(all);
  });

  test('a stop on shared work is refused, with the reason', async () => {
    const all = replicas(server(), 1);
    const { once } = all[0]!;
    const step = once.run({ key: 'v1' }, () => 1);
    const gate = createGate({ bootstrap: (boot) => boot.step('index', step, { stop: () => {} }) });
    await expect(gate.ensureReady()).rejects.toThrow(
      /step "index": option "stop" does not belong to work that replicas share: .* a step of their own/,
    );
    await gate.close();
    await closeAll(all);
  });
});
