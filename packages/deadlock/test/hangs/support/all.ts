/** Runs all cases in a process with a small heap, one after another. hangs.test.ts compares the list with the folder. */
import '../../../../bootstrap-gate/test/small-heap/runner.js';
import type { Hang } from './hang.js';
import { Watch } from './watch.js';

const cases: Record<string, () => Promise<{ readonly hang: Hang }>> = {
  'abba-of-two-mutexes': () => import('../abba-of-two-mutexes.js'),
  'bootstrap-that-awaits-the-first-request': () => import('../bootstrap-that-awaits-the-first-request.js'),
  'child-that-never-answers': () => import('../child-that-never-answers.js'),
  'circular-dynamic-import': () => import('../circular-dynamic-import.js'),
  'dropped-callback': () => import('../dropped-callback.js'),
  'emitter-that-never-fires': () => import('../emitter-that-never-fires.js'),
  'loopback-by-fetch': () => import('../loopback-by-fetch.js'),
  'loopback-by-http-get': () => import('../loopback-by-http-get.js'),
  'loopback-by-keep-alive-agent': () => import('../loopback-by-keep-alive-agent.js'),
  'loopback-through-a-proxy': () => import('../loopback-through-a-proxy.js'),
  'mutex-against-gate': () => import('../mutex-against-gate.js'),
  'nested-acquire': () => import('../nested-acquire.js'),
  'nested-acquire-without-callback': () => import('../nested-acquire-without-callback.js'),
  'once-of-a-collected-emitter': () => import('../once-of-a-collected-emitter.js'),
  'poll-for-a-flag': () => import('../poll-for-a-flag.js'),
  'pool-of-one-connection': () => import('../pool-of-one-connection.js'),
  'pool-of-one-connection-traced': () => import('../pool-of-one-connection-traced.js'),
  'self-wait': () => import('../self-wait.js'),
  'three-party-cycle': () => import('../three-party-cycle.js'),
  'two-gates': () => import('../two-gates.js'),
};

const one = async (load: () => Promise<{ readonly hang: Hang }>): Promise<number | undefined> => {
  const { hang } = await load();
  const watch = new Watch();
  try {
    await hang.run(watch);
    return watch.tookMs;
  } finally {
    await watch.close();
  }
};

for (const [name, load] of Object.entries(cases)) test(name, () => one(load) as Promise<unknown>);
