import { type Boot, createGate, type StepContext } from '../../../src/index.js';
import { collectWarnings } from '../../support.js';

afterEach(() => jest.restoreAllMocks());

/** What the report shows after these calls of `progress`, on the bootstrap and on a step. */
async function reported(call: (progress: Boot['progress']) => void) {
  const gate = createGate({
    bootstrap: async (boot: Boot) => {
      call(boot.progress);
      await boot.step('a', ({ progress }: StepContext) => call(progress));
    },
  });
  await gate.ensureReady();
  const [attempt] = gate.report().attempts;
  expect(attempt?.steps[0]?.progress).toEqual(attempt?.progress);
  return attempt?.progress;
}

test.each([
  [0.25, 0.25],
  [0, 0],
  [1, 1],
  [1.0000001, 1],
  [-0.1, 0],
  [Infinity, 1],
  [-Infinity, 0],
])('boot: progress %d is reported as %d', async (given, expected) => {
  expect(await reported((progress) => progress(given))).toEqual({ fraction: expected, text: null });
});

test('boot: the last progress counts, with its text', async () => {
  const last = await reported((progress) => {
    progress(0.9, 'nearly');
    progress(0.3, 'again');
  });
  expect(last).toEqual({ fraction: 0.3, text: 'again' });
});

test.each([NaN, '0.5', undefined, null, 1n, Symbol('half')])(
  'boot: progress is a TypeError for %p, and reports nothing',
  async (wrong) => {
    const thrown: unknown[] = [];
    const progress = await reported((progress) => {
      try {
        progress(wrong as number);
      } catch (error) {
        thrown.push(error);
      }
    });
    expect(thrown).toEqual([expect.any(TypeError), expect.any(TypeError)]);
    expect(String(thrown[0])).toBe(
      `TypeError: progress: the fraction must be a number from 0 to 1, not ${String(wrong)}`,
    );
    expect(progress).toBeNull();
  },
);

test('boot: a TypeError of progress that nobody catches fails the flight', async () => {
  collectWarnings();
  const gate = createGate({ bootstrap: ({ progress }: Boot) => progress(NaN) });
  await expect(gate.ensureReady()).rejects.toMatchObject({ cause: expect.any(TypeError) });
});
