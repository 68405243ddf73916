/** What a test may do to a gate, as data, so that it can be generated and shrunk. */
import fc from 'fast-check';

export type Action =
  | { readonly type: 'ensure'; readonly timeoutMs: number | undefined; readonly signal: number | undefined }
  | { readonly type: 'wrap'; readonly timeoutMs: number | undefined }
  | { readonly type: 'enter'; readonly door: number; readonly connection: number; readonly canPilot: boolean }
  | { readonly type: 'leave'; readonly guest: number; readonly quietly: boolean }
  | { readonly type: 'abort'; readonly signal: number }
  | { readonly type: 'reset' | 'close' | 'drain' | 'turn' }
  | { readonly type: 'advance'; readonly ms: number };

/** Where a callback of the application does something itself. Each hook fires once. */
const hookPlaces = [
  'change:booting',
  'change:draining',
  'change:ready',
  'change:failed',
  'change:idle',
  'change:closed',
  'bootstrap',
  'step',
  'stop',
  'abort',
  'admitted',
  'denied',
  'gone',
  'held',
  'pilot',
  'settled',
] as const;
export type HookPlace = (typeof hookPlaces)[number];

export interface Hook {
  readonly on: HookPlace;
  readonly actions: readonly Action[];
}

/** Actions of one actor; those of one batch happen in one tick. */
export type Batch = readonly Action[];

const index = (max: number) => fc.nat({ max });
const timeout = fc.constantFrom(undefined, undefined, 20, 60);

const arriving: fc.Arbitrary<Action>[] = [
  fc.record({
    type: fc.constant('ensure' as const),
    timeoutMs: timeout,
    signal: fc.constantFrom(undefined, undefined, 0, 1),
  }),
  fc.record({ type: fc.constant('wrap' as const), timeoutMs: timeout }),
  fc.record({
    type: fc.constant('enter' as const),
    door: index(1),
    connection: index(2),
    canPilot: fc.constantFrom(true, true, false),
  }),
];
const leaving: fc.Arbitrary<Action>[] = [
  fc.record({ type: fc.constant('leave' as const), guest: index(5), quietly: fc.boolean() }),
  fc.record({ type: fc.constant('abort' as const), signal: index(1) }),
];
const ruling: fc.Arbitrary<Action>[] = [
  fc.record({ type: fc.constantFrom('reset' as const, 'reset' as const, 'reset' as const, 'drain' as const) }),
  fc.record({ type: fc.constant('close' as const) }),
];
const passing: fc.Arbitrary<Action>[] = [
  fc.record({ type: fc.constant('turn' as const) }),
  fc.record({ type: fc.constant('advance' as const), ms: fc.constantFrom(1, 20, 30, 50, 100, 1_000) }),
];

const weighted = (weight: number, all: fc.Arbitrary<Action>[]) =>
  all.map((arbitrary) => ({ weight: Math.ceil(weight / all.length), arbitrary }));

const inCallback = fc.oneof(
  ...weighted(60, arriving),
  ...weighted(15, leaving),
  { weight: 24, arbitrary: ruling[0]! },
  { weight: 6, arbitrary: ruling[1]! },
);
const anywhere = fc.oneof(
  ...weighted(50, arriving),
  ...weighted(20, leaving),
  ...weighted(20, passing),
  { weight: 14, arbitrary: ruling[0]! },
  { weight: 2, arbitrary: ruling[1]! },
);

export const hooks = fc.array(
  fc.record<Hook>({
    on: fc.constantFrom(...hookPlaces),
    actions: fc.array(inCallback, { minLength: 1, maxLength: 2 }),
  }),
  { maxLength: 3 },
);

export const actors = fc.array(
  fc.array(fc.array(anywhere, { minLength: 1, maxLength: 3 }) satisfies fc.Arbitrary<Batch>, { maxLength: 6 }),
  { minLength: 1, maxLength: 3 },
);

/** How many promise reactions run between one event and the next; `Infinity`: all that are due. */
export const pace = fc.array(fc.constantFrom(Infinity, 0, 1, 2, 3, 5, 8), { minLength: 1, maxLength: 6 });
