/** Adapters with the mistakes that one makes. Each must fail the named check, for the reason that is given. */
import { allChecks } from '@bootstrap-gate/conformance';
import { bootstrapGate } from '../../../src/doors/koa.js';
import type { Context } from 'koa';
import Koa2 from 'koa2';
import Koa3 from 'koa3';
import { koaAdapter, type MakeGate } from './mount.js';

/** Koa answers when the middleware is done: with 404 where nobody has answered yet. */
const forgetsToReturnNext: MakeGate = (options) => {
  const real = bootstrapGate(options);
  return (ctx, next) => {
    if (!options.gate.ready) return real(ctx, next) as unknown;
    next().catch(() => {});
    return undefined;
  };
};

const forgetsToReturnWhatIsHeld: MakeGate = (options) => {
  const real = bootstrapGate(options);
  return (ctx, next) => {
    if (options.gate.ready) return next();
    Promise.resolve(real(ctx, next)).catch(() => {});
    return undefined;
  };
};

/** Waits for the gate, and not for what comes after it. */
const waitsForTheGateOnly: MakeGate =
  ({ gate }) =>
  async (_ctx, next) => {
    await gate.ensureReady();
    next().catch(() => {});
  };

const keepsErrorsToItself: MakeGate = (options, handler) => {
  const real = bootstrapGate(handler ? { ...options, handler } : options);
  return async (ctx, next) => {
    try {
      await real(ctx, next);
    } catch {
      ctx.status = 500;
    }
  };
};

const runsAnybodyInOneContext: MakeGate = ({ gate }) => {
  const waiting: (() => void)[] = [];
  gate.onChange((state) => {
    if (state === 'ready') for (const go of waiting) go();
  });
  return (_ctx, next) => {
    if (gate.ready) return next();
    gate.ensureReady().catch(() => {});
    return new Promise((resolve, reject) => waiting.push(() => void next().then(resolve, reject)));
  };
};

const throwsDenials: MakeGate =
  ({ gate }) =>
  async (_ctx, next) => {
    await gate.ensureReady();
    return await next();
  };

const exemptsThePathBelowItsMount: MakeGate = (options) => {
  const real = bootstrapGate(options);
  return (ctx, next) => (options.exempt?.includes(ctx.path) ? next() : (real(ctx, next) as unknown));
};

const neverHolds: MakeGate =
  ({ gate }) =>
  (_ctx, next) => {
    gate.ensureReady().catch(() => {});
    return next();
  };

/** Hands everything on as soon as the gate is open, which is too early for health and for what was built. */
const passesAllWhenOpen: MakeGate = (options, handler) => {
  const real = bootstrapGate(handler ? { ...options, handler } : options);
  return (ctx, next) => (options.gate.ready ? next() : (real(ctx, next) as unknown));
};

/** Looks for health at the path that is left below a mount. */
const healthBelowTheMount: MakeGate = (options) => {
  const real = bootstrapGate(options);
  const cut = (ctx: Context): Context => Object.create(ctx, { originalUrl: { value: ctx.path } }) as Context;
  return (ctx, next) => real(options.gate.ready ? cut(ctx) : ctx, next) as unknown;
};

const ignoresOnDenied: MakeGate = ({ onDenied: _, ...options }) => bootstrapGate(options);

const doesNotPassOn: MakeGate = (options, handler) =>
  bootstrapGate(handler ? { ...options, handler: (value) => (ctx) => handler(value)(ctx, async () => {}) } : options);

const mistakes: readonly (readonly [mistake: string, gate: MakeGate, id: string, failure: RegExp])[] = [
  ['does not return next()', forgetsToReturnNext, 'C103', /it was 404/],
  ['does not return next(), so that errors are lost', forgetsToReturnNext, 'C604', /404/],
  ['does not return what is held', forgetsToReturnWhatIsHeld, 'C101', /was answered that had to be held/],
  ['does not return what is held in first-request mode', forgetsToReturnWhatIsHeld, 'C201', /socket hang up|held/],
  ['waits for the gate only', waitsForTheGateOnly, 'C103', /it was 404/],
  ['waits for the gate only, so that errors are lost', waitsForTheGateOnly, 'C602', /404/],
  ['keeps errors of held requests to itself', keepsErrorsToItself, 'C601', /0 !== 1/],
  ['keeps errors to itself', keepsErrorsToItself, 'C604', /0 !== 1/],
  ['keeps denials to itself', keepsErrorsToItself, 'C611', /must be a GateError/],
  ['runs anybody in one context', runsAnybodyInOneContext, 'C105', /store of its own request/],
  ['throws denials', throwsDenials, 'C104', /of a denial/],
  ['exempts the path below its mount', exemptsThePathBelowItsMount, 'C857', /had to be denied/],
  ['never holds', neverHolds, 'C101', /was answered that had to be held/],
  ['never denies', neverHolds, 'C305', /had to be denied/],
  ['forgets its health paths when open', passesAllWhenOpen, 'C801', /of a health answer/],
  ['looks for health below its mount', healthBelowTheMount, 'C858', /'ok\\n'/],
  ['forgets the handler', (options) => bootstrapGate(options), 'C651', /./],
  ['forgets the handler when open', passesAllWhenOpen, 'C651', /built from one for b/],
  ['answers denials that it has to forward', ignoresOnDenied, 'C611', /must be a GateError/],
  ['ends what the built application passes on', doesNotPassOn, 'C655', /it was 404/],
];

describe.each([
  ['Koa 2', Koa2],
  ['Koa 3', Koa3],
])('%s', (_name, KoaVersion) => {
  for (const [mistake, gate, id, failure] of mistakes) {
    const check = allChecks.find((check) => check.id === id);
    test(`${check?.rule}: ${id} fails an adapter that ${mistake}`, async () => {
      await expect(check?.run(koaAdapter(KoaVersion, gate))).rejects.toThrow(failure);
    });
  }
});
