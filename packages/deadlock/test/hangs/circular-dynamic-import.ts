/**
 * Modelled on https://github.com/nodejs/node/issues/44494
 * Two modules import each other at run time, each with a top-level await, and wait for each other. Node's own module
 * loader keeps both, so nothing is proven; with a server Node hangs silently, without one it ends silently.
 */
import { type Hang, stallAfterMs } from './support/hang.js';
import { runProgram } from './support/program.js';

const files = {
  'main.cjs': `
    const { createServer } = require('node:http');
    const { bootstrapGate } = require('bootstrap-gate/node');
    const server = createServer(
      bootstrapGate(() => {}, {
        name: 'shop',
        stallAfterMs: ${stallAfterMs},
        eager: true,
        bootstrap: (boot) => boot.step('routes', () => import('./routes.mjs')),
      }),
    );
    console.log('begins');
    server.listen(0, '127.0.0.1');
    process.on('warning', ({ code }) => code === 'GATE_STALLED' && server.close());`,
  'routes.mjs': `
    export const { models } = await import('./models.mjs');`,
  'models.mjs': `
    export const models = [];
    export const { routes } = await import('./routes.mjs');`,
};

export const hang: Hang = {
  rule: 'D8',
  verdict: 'stalled',
  given: 'at `stallAfterMs`',
  async run(watch) {
    const program = runProgram(watch, files, 'main.cjs');
    program.stdout.once('data', () => watch.begins());
    program.stderr.once('data', () => watch.told());
    const { code, stderr } = await program.ended;
    const warnings = stderr.split('\n').filter((line) => line.includes('BootstrapGateWarning'));
    // What the process awaits is told too where it lives long enough.
    const [stalled, unfinished, ...rest] = warnings.filter((line) => !line.includes('the process has this'));
    const step = /The step "routes" of gate "shop" has been pending for .* \(started at .*main\.cjs:9:\d+\)/;
    expect(stalled).toMatch(/\[GATE_STALLED\]/);
    expect(stalled).toMatch(step);
    expect(unfinished).toMatch(/\[GATE_UNFINISHED\].*: The process ends before gate "shop" could open\. /);
    expect(unfinished).toMatch(step);
    expect(rest).toEqual([]);
    expect(code).toBe(1);
  },
};
