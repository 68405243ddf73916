/**
 * Modelled on https://github.com/livekit/agents-js/issues/1748
 * A worker process is started and its first message awaited, which it never sends.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createGate } from 'bootstrap-gate';
import { type Hang, stallAfterMs } from './support/hang.js';
import { expectStalled } from './support/verdicts.js';

export const hang: Hang = {
  rule: 'D6',
  verdict: 'stalled',
  given: 'at `stallAfterMs`',
  async run(watch) {
    const listens = `process.on('message', () => {})`;
    const child = spawn(process.execPath, ['-e', listens], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
    const exit = once(child, 'exit');
    watch.atEnd(async () => {
      child.kill('SIGKILL');
      await exit;
    });
    await once(child, 'spawn');
    const gate = createGate({
      name: 'pool',
      stallAfterMs,
      bootstrap: (boot) =>
        boot.step('worker', async ({ signal }) => {
          child.send('start');
          watch.begins();
          await once(child, 'message', { signal });
        }),
    });

    const ready = gate.ensureReady().catch((error: unknown) => error);
    await expectStalled(watch, gate, { step: 'worker', code: `boot.step('worker', async ({ signal }) => {` });

    await gate.close(); // it does not hang either: the step listens to its signal
    expect(await ready).toMatchObject({ code: 'ERR_GATE_CLOSED' });
    expect(child.exitCode).toBeNull();
  },
};
