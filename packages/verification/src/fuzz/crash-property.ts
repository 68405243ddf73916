/** Whatever comes over a connection while requests are held: the process lives, nobody keeps a place, and the gate goes on. */
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import fc from 'fast-check';
import { bytes } from './arbitraries.js';
import { askHttp1 } from './ask.js';
import { type Mount, mountAll } from './mounts.js';

/** Where Node does not report that a client has left, as behind data that nobody reads, its place is free at the latest then (A7). */
const WAIT_TIMEOUT_MS = 2_000;

/** How a client leaves when it has sent what it had. */
const ends = ['leave', 'end', 'reset'] as const;
type End = (typeof ends)[number];
type Connection = readonly [string, End];

export async function fuzzHeads(parameters: fc.Parameters<[Connection[]]>): Promise<void> {
  const mounts = (await mountAll({ maxWaiting: 100, waitTimeoutMs: WAIT_TIMEOUT_MS })).filter(
    ({ name, gate }) => gate && name !== 'http2',
  );
  const crashes: unknown[] = [];
  const onCrash = (error: unknown): void => void crashes.push(error);
  process.on('uncaughtException', onCrash).on('unhandledRejection', onCrash);
  try {
    const connections = fc.array(fc.tuple(bytes, fc.constantFrom(...ends)), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(connections, async (connections) => {
        await Promise.all(
          mounts.map(async (mount) => {
            const before = mount.gate?.waiting ?? 0; // what an earlier counter-example has left is not to blame for
            await Promise.all(connections.map(([text, end]) => spill(mount, text, end)));
            await isSound(mount, before);
          }),
        );
        assert.deepEqual(crashes.splice(0), []);
      }),
      parameters,
    );
  } finally {
    process.off('uncaughtException', onCrash).off('unhandledRejection', onCrash);
    await Promise.all(mounts.map((mount) => mount.close()));
  }
}

const PATIENCE_MS = 10_000;

/** Sends this, leaves, and waits for the end of the connection. */
function spill({ name, port }: Mount, text: string, end: End): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    const never = (): void => reject(new Error(`${name}: a connection that its client has ended stays open`));
    const timer = setTimeout(never, PATIENCE_MS);
    socket.resume();
    socket.on('error', () => {}); // followed by close
    socket.on('close', () => {
      clearTimeout(timer);
      resolve();
    });
    socket.on('connect', () =>
      socket.write(text, 'latin1', () => {
        if (end === 'reset') socket.resetAndDestroy();
        else if (end === 'leave') socket.destroy();
        else socket.end();
      }),
    );
  });
}

async function isSound({ name, port, gate }: Mount, before: number): Promise<void> {
  const end = performance.now() + PATIENCE_MS;
  while (gate && (gate.waiting > before || gate.report().held > before)) {
    assert.ok(performance.now() < end, `${name}: ${gate.waiting - before} who have left still take places`);
    await new Promise((resolve) => setImmediate(resolve));
  }
  const answer = await askHttp1(port, { method: 'GET', target: '/health', headers: [] });
  assert.equal(answer.fate, 'passed', `${name}: an exempt request afterwards`);
}
