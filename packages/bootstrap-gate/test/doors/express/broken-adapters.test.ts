/** Adapters with the mistakes that one makes. Each must fail the named check, for the reason that is given. */
import { allChecks } from '@bootstrap-gate/conformance';
import { bootstrapGate } from '../../../src/doors/express.js';
import type { NextFunction, Request } from 'express';
import express4 from 'express4';
import express5 from 'express5';
import { expressAdapter, type MakeGate } from './mount.js';

const thenNext: MakeGate =
  ({ gate }) =>
  (_req, _res, next) =>
    void gate.ensureReady().then(next, next);

const neverHolds: MakeGate =
  ({ gate }) =>
  (_req, _res, next) => {
    gate.ensureReady().catch(() => {});
    next();
  };

/** Keeps the `next` of everybody, and calls them all when the gate opens. */
const stored =
  (order: (waiting: NextFunction[]) => NextFunction[]): MakeGate =>
  ({ gate }) => {
    let waiting: NextFunction[] = [];
    gate.onChange((state) => {
      if (state !== 'ready') return;
      for (const next of order(waiting)) next();
      waiting = [];
    });
    return (_req, _res, next) => {
      if (gate.ready) return next();
      waiting.push(next);
      gate.ensureReady().catch(() => {});
    };
  };

const forgetsThatClientsLeave: MakeGate =
  ({ gate }) =>
  (_req, _res, next) =>
    void gate.ensureReady().then(() => next(), next);

const staysOpenForEver: MakeGate = (options) => {
  const real = bootstrapGate(options);
  let opened = false;
  return (req, res, next) => {
    opened ||= options.gate.ready;
    return opened ? next() : real(req, res, next);
  };
};

const deniesWithoutMarks: MakeGate =
  ({ gate }) =>
  (_req, res, next) =>
    void gate.ensureReady().then(
      () => next(),
      () => res.status(503).json({ error: 'not ready' }),
    );

/** The pilot's work counts as done when it has been handed on, not when it is answered. */
const pilotEndsWithNext: MakeGate = ({ gate }) => {
  const wrapped = gate.wrap((next: NextFunction) => next());
  return (_req, _res, next) => void wrapped(next).catch(next);
};

/** Lets those pass whose path this function takes for exempt. */
const exempting =
  (takesForExempt: (exempt: string, req: { url: string; originalUrl: string; path: string }) => boolean): MakeGate =>
  (options) => {
    const real = bootstrapGate(options);
    const paths = options.exempt?.filter((entry) => typeof entry === 'string') ?? [];
    return (req, res, next) =>
      paths.some((path) => takesForExempt(path, req)) ? next() : (real(req, res, next) as unknown);
  };

const healthOnlyWhileBooting: MakeGate = (options) => {
  const real = bootstrapGate(options);
  return (req, res, next) => (options.gate.ready ? next() : real(req, res, next));
};

const forgetsTheHandlerWhenOpen: MakeGate = (options, handler) => {
  const real = bootstrapGate(handler ? { ...options, handler } : options);
  return (req, res, next) => (options.gate.ready ? next() : real(req, res, next));
};

/** Looks for health at the URL that Express has cut for what is mounted. */
const healthBelowTheMount: MakeGate = (options) => {
  const real = bootstrapGate(options);
  const cut = (req: Request): Request => Object.create(req, { originalUrl: { value: req.url } }) as Request;
  return (req, res, next) => real(options.gate.ready ? cut(req) : req, res, next) as unknown;
};

/** Calls what was built where nobody catches: Express 4 does not look at promises. */
const losesWhatTheApplicationThrows: MakeGate = (options, handler) =>
  bootstrapGate({
    ...options,
    handler: (value) => (req, res, next) => {
      Promise.resolve()
        .then(() => handler?.(value)(req, res, next))
        .catch(() => {});
    },
  });

const buildsForEveryRequest: MakeGate = (options, handler) => {
  const real = bootstrapGate(options);
  return (req, res, next) => {
    const go = handler ? () => handler(options.gate.value)(req, res, next) : next;
    return real(req, res, go as NextFunction);
  };
};

const ignoresOnDenied: MakeGate = ({ onDenied: _, ...options }) => bootstrapGate(options);

const startsWith = (path: string, req: { originalUrl: string }): boolean => req.originalUrl.startsWith(path);
const decoded = (path: string, req: { path: string }): boolean => decodeURIComponent(req.path) === path;
const anyCase = (path: string, req: { path: string }): boolean => req.path.toLowerCase() === path;
const normalised = (path: string, req: { originalUrl: string }): boolean =>
  new URL(req.originalUrl, 'http://localhost').pathname === path;
const belowTheMount = (path: string, req: { path: string }): boolean => req.path === path;

const served = /had to be denied/;

const mistakes: readonly (readonly [mistake: string, gate: MakeGate, id: string, failure: RegExp])[] = [
  ['passes the value on to next', thenNext, 'C101', /it was 500/],
  ['never holds', neverHolds, 'C101', /was answered that had to be held/],
  ['never denies', neverHolds, 'C305', served],
  ['releases everybody in one context', stored((all) => all), 'C105', /store of its own request/],
  ['releases everybody in one go', stored((all) => all), 'C408', /had to wait for 100 requests/],
  ['releases the last one first', stored((all) => all.reverse()), 'C407', /in the order of their arrival/],
  ['forgets that clients leave', forgetsThatClientsLeave, 'C404', /waited for: the end of the client/],
  ['keeps the places of clients that left', forgetsThatClientsLeave, 'C402', /waited for: a free place/],
  ['holds any number', forgetsThatClientsLeave, 'C401', /not finished/],
  ['holds for ever', forgetsThatClientsLeave, 'C703', /not finished/],
  ['stays open for ever once it was open', staysOpenForEver, 'C153', /was answered that had to be held/],
  ['stays open when it is closed', staysOpenForEver, 'C155', served],
  ['denies without the marks of a denial', deniesWithoutMarks, 'C104', /Cache-Control of a denial/],
  ['ends a pilot before its response', pilotEndsWithNext, 'C201', /'booting'/],
  ['counts a failed pilot', pilotEndsWithNext, 'C202', /waited for: 1 held/],
  ['exempts whatever begins so', exempting(startsWith), 'C852', served],
  ['exempts decoded paths', exempting(decoded), 'C852', served],
  ['exempts in any case', exempting(anyCase), 'C852', served],
  ['exempts normalised paths', exempting(normalised), 'C860', served],
  ['exempts absolute-form targets', exempting(normalised), 'C859', served],
  ['exempts the path below its mount', exempting(belowTheMount), 'C857', served],
  ['forgets its health paths when open', healthOnlyWhileBooting, 'C801', /of a health answer/],
  ['builds the application for every request', buildsForEveryRequest, 'C651', /once per flight/],
  ['forgets the handler', (options) => bootstrapGate(options), 'C651', /./],
  ['forgets the handler when open', forgetsTheHandlerWhenOpen, 'C651', /built from one for b/],
  ['looks for health below its mount', healthBelowTheMount, 'C858', /'ok\\n'/],
  ['loses what the application throws', losesWhatTheApplicationThrows, 'C654', /not finished/],
  ['answers denials that it has to forward', ignoresOnDenied, 'C611', /must be a GateError/],
];

/** Where only the time limit ends the check, it is not the usual ten seconds; the others get those, however slow the machine. */
const limit = ({ source }: RegExp) => (/waited for|not finished/.test(source) ? { deadlineMs: 3_000 } : {});

describe.each([
  ['Express 4', express4],
  ['Express 5', express5],
])('%s', (_name, express) => {
  for (const [mistake, gate, id, failure] of mistakes) {
    const check = allChecks.find((check) => check.id === id);
    test(`${check?.rule}: ${id} fails an adapter that ${mistake}`, async () => {
      await expect(check?.run(expressAdapter(express, gate), limit(failure))).rejects.toThrow(failure);
    });
  }
});
