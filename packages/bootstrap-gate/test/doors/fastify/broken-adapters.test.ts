/** Plugins with the mistakes that one makes. Each must fail the named check, for the reason that is given. */
import { AsyncResource } from 'node:async_hooks';
import { allChecks } from '@bootstrap-gate/conformance';
import fastify, { type FastifyInstance } from 'fastify';
import { bootstrapGate } from '../../../src/doors/fastify.js';
import { fastifyAdapter, type MakeGate } from './mount.js';

type Done = (error?: Error) => void;
type Hook = (request: never, reply: never, done: Done) => void;

/** The real plugin, but for its hook. */
const withHook =
  (change: (hook: Hook, gate: { readonly ready: boolean }) => Hook): MakeGate =>
  (options) => {
    const real = bootstrapGate(options);
    const broken = (app: FastifyInstance, plugin: object, done: Done): void => {
      const addHook = (name: string, hook: Hook): unknown =>
        app.addHook(name as never, (name === 'onRequest' ? change(hook, real.gate) : hook) as never);
      real({ addHook } as never, plugin, done);
    };
    return Object.assign(broken, { [Symbol.for('skip-override')]: true });
  };

const encapsulated: MakeGate = (options) => (app, plugin, done) => bootstrapGate(options)(app, plugin, done);

const goesOnAtOnce = withHook((hook) => (request, reply, done) => {
  hook(request, reply, () => {});
  done();
});

const passesAllWhenOpen = withHook((hook, gate) => (request, reply, done) => {
  if (gate.ready) done();
  else hook(request, reply, done);
});

const forgetsErrors = withHook((hook) => (request, reply, done) => hook(request, reply, () => done()));

const resource = new AsyncResource('one for all');
const runsAnybodyInOneContext = withHook(
  (hook) => (request, reply, done) => hook(request, reply, (error) => resource.runInAsyncScope(done, undefined, error)),
);

const ignoresOnDenied: MakeGate = ({ onDenied: _, ...options }) => bootstrapGate(options);

const mistakes: readonly (readonly [mistake: string, gate: MakeGate, id: string, failure: RegExp])[] = [
  ['is encapsulated', encapsulated, 'C101', /was answered that had to be held/],
  ['goes on at once', goesOnAtOnce, 'C101', /was answered that had to be held/],
  ['forgets its health paths when open', passesAllWhenOpen, 'C801', /of a health answer/],
  ['forgets the error of a denial', forgetsErrors, 'C611', /it was 200|must be a GateError/],
  ['runs anybody in one context', runsAnybodyInOneContext, 'C105', /store of its own request/],
  ['answers denials that it has to forward', ignoresOnDenied, 'C611', /must be a GateError/],
];

for (const [mistake, gate, id, failure] of mistakes) {
  const check = allChecks.find((check) => check.id === id);
  test(`${check?.rule}: ${id} fails a plugin that ${mistake}`, async () => {
    await expect(check?.run(fastifyAdapter(fastify, { gate }))).rejects.toThrow(failure);
  });
}
