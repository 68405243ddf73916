/** SIGTERM, to a real process with real clients. Its ledger and the customers' notes must tell the same story. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { WebSocket } from 'ws';
import { Customers, type Outcome } from './support/customers.js';
import { type Office, openOffice } from './support/office.js';
import { openShop, type Shop } from './support/shop.js';

const PATIENT = { DRAIN_MS: '0', TIMEOUT_MS: '3600000' };

jest.setTimeout(30_000);

let office: Office;
const ends: (() => void)[] = [];

beforeEach(async () => {
  office = await openOffice();
});

afterEach(async () => {
  for (const end of ends.splice(0)) end();
  await office.close();
});

async function shop(env: Readonly<Record<string, string>> = PATIENT): Promise<Shop> {
  const opened = await openShop({ OFFICE_URL: office.url, ...env });
  ends.push(() => opened.remove());
  return opened;
}

function customers({ port }: Shop, connections = 16): Customers {
  const all = new Customers(port, connections);
  ends.push(() => all.leave());
  return all;
}

const lines = (ledger: readonly string[], kind: string): string[] =>
  ledger.filter((line) => line.startsWith(`${kind} `)).map((line) => line.slice(kind.length + 1));

const orders = (outcomes: readonly Outcome[], status?: number): string[] =>
  outcomes.filter((outcome) => outcome.status === status).map(({ order }) => order);

const sorted = (numbers: readonly string[]): number[] => numbers.map(Number).sort((a, b) => a - b);

test('under load every order is answered completely or was refused before it began', async () => {
  const open = await shop({ ...PATIENT, DRAIN_MS: '1500' });
  const load = customers(open);
  await load.order(); // the gate is open
  const workers = Array.from({ length: 16 }, () => load.orderOnAndOn());
  while (load.outcomes.length < 300) await load.order();

  open.signal();
  while ((await load.get('/readyz')).status !== 503);
  expect(await load.get('/livez')).toMatchObject({ status: 200 });
  expect(await load.order()).toMatchObject({ status: 201, headers: { connection: 'close' } });
  expect(await open.ended).toEqual({ code: 0, signal: null });
  await Promise.all(workers);

  const ledger = open.ledger();
  expect(sorted(lines(ledger, 'begun'))).toEqual(sorted(orders(load.outcomes, 201)));
  expect(sorted(lines(ledger, 'paid'))).toEqual(sorted(orders(load.outcomes, 201)));
  expect(new Set(load.outcomes.map(({ status }) => status))).toEqual(new Set([201, undefined]));
  for (const { status, order, body } of load.outcomes) if (status) expect(JSON.parse(body ?? '')).toEqual({ order });
  expect(ledger.slice(-2)).toEqual([`till ${lines(ledger, 'paid').length}`, 'closed']);
});

test('requests in flight are answered after the server has stopped listening, and then the resources are stopped', async () => {
  const open = await shop();
  const some = customers(open);
  await some.order();
  office.hold(/payments/);
  const inFlight = [some.order(), some.order(), some.order()];
  await office.asked(3);

  open.signal();
  const late = customers(open);
  while ((await late.get('/livez')).error !== 'ECONNREFUSED');
  expect(open.ledger()).not.toContain('till 1');
  office.release();
  for (const outcome of inFlight)
    expect(await outcome).toMatchObject({ status: 201, headers: { connection: 'close' } });
  expect(await open.ended).toEqual({ code: 0, signal: null });
  expect(open.ledger().slice(-2)).toEqual(['till 4', 'closed']);
});

test('in the middle of the bootstrap the held requests are denied, and what has started is stopped', async () => {
  office.hold(/prices/);
  const open = await shop();
  const held = customers(open);
  const answers = Array.from({ length: 10 }, () => held.order());
  await office.asked(1);
  expect(await held.get('/readyz')).toMatchObject({ status: 503 });

  open.signal();
  for (const answer of await Promise.all(answers)) {
    expect(answer).toMatchObject({
      status: 503,
      headers: { connection: 'close', 'x-bootstrap-gate': 'not-started', 'retry-after': '1' },
    });
    expect(JSON.parse(answer.body ?? '')).toMatchObject({ code: 'ERR_GATE_CLOSED' });
  }
  expect(await open.ended).toEqual({ code: 0, signal: null });
  expect(open.ledger()).toEqual(['opened', 'closed']);
});

test('connections that are idle, silent or half-way through a request do not keep the process', async () => {
  const open = await shop();
  const idle = customers(open);
  await idle.order();
  const sockets = ['', 'POST /orders/99 HTT'].map((text) => {
    const socket = connect(open.port, '127.0.0.1').on('error', () => {});
    ends.push(() => socket.destroy());
    if (text) socket.write(text);
    return once(socket, 'connect');
  });
  await Promise.all(sockets);
  await idle.order(); // by now the server has the other two
  open.signal();
  expect(await open.ended).toEqual({ code: 0, signal: null });
  expect(open.ledger().slice(-2)).toEqual(['till 2', 'closed']);
});

test('a request that takes too long is cut, and the resources are stopped all the same', async () => {
  const open = await shop({ ...PATIENT, TIMEOUT_MS: '4000' });
  const slow = customers(open);
  await slow.order();
  office.hold(/payments|till/);
  const cut = slow.order();
  await office.asked(1);
  open.signal();
  await office.asked(2); // the till is being stopped
  expect(await cut).toMatchObject({ error: 'ECONNRESET' });
  office.release(/till/);
  expect(await open.ended).toEqual({ code: 1, signal: null });
  expect(open.output).toContain('1 requests were cut after 2000 ms');
  expect(open.ledger().slice(-2)).toEqual(['till 1', 'closed']);
});

test('a stop that hangs is named and given up, and the exit code is 1', async () => {
  office.hold(/till/);
  const open = await shop({ ...PATIENT, TIMEOUT_MS: '400' });
  await customers(open).order();
  open.signal();
  expect(await open.ended).toEqual({ code: 1, signal: null });
  expect(open.output).toMatch(/GATE_UNFINISHED.*The stop of step "till" of gate "shop" has been pending/);
});

test('WebSockets are ended when the server no longer listens, and do not keep the process', async () => {
  const open = await openShop({}, require.resolve('./programs/chat.ts'));
  ends.push(() => open.remove());
  const socket = new WebSocket(`ws://127.0.0.1:${open.port}`);
  await once(socket, 'open');
  socket.send('hello');
  expect(String((await once(socket, 'message'))[0])).toBe('hello');
  const closed = once(socket, 'close');
  open.signal();
  expect((await closed)[0]).toBe(1001); // going away
  expect(await open.ended).toEqual({ code: 0, signal: null });
});

test('a bootstrap that ignores its signal is named and given up, and the exit code is 1', async () => {
  const open = await openShop({}, require.resolve('./programs/stubborn.ts'));
  ends.push(() => open.remove());
  open.signal();
  expect(await open.ended).toEqual({ code: 1, signal: null });
  expect(open.output).toContain('The step "prices" of gate "shop" has been pending');
});

test('a second signal ends at once, with exit code 1', async () => {
  const open = await shop();
  const some = customers(open);
  await some.order();
  office.hold(/payments/);
  const inFlight = some.order();
  await office.asked(1);
  open.signal('SIGINT');
  while ((await some.get('/livez')).error !== 'ECONNREFUSED');
  open.signal('SIGTERM');
  expect(await inFlight).toMatchObject({ error: 'ECONNRESET' });
  expect(await open.ended).toEqual({ code: 1, signal: null });
});
