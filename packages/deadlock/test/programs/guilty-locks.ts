/** Locks whose waits can never end, with no gate and no flight. Each prints what was rejected and warned of. */
import { Mutex, Semaphore } from 'async-mutex';
import { isDeadlockError, traceMutex, traceSemaphore, type DeadlockMode } from '@bootstrap-gate/deadlock';
import { after, kept, print } from './shapes.js';

const deadlock = (process.argv[2] ?? 'throw') as DeadlockMode;
const options = { stallAfterMs: 100, deadlock };
const mutex = (name: string): Mutex => traceMutex(new Mutex(), name, options) as Mutex;
const semaphore = (places: number, name: string) => traceSemaphore(new Semaphore(places), name, options);

export interface LockOutcome {
  readonly shape: string;
  /** What became of each party. */
  readonly parties: readonly string[];
  readonly cycle: readonly string[];
  /** Whether every link has both places in this file. */
  readonly hasPlaces: boolean;
  readonly warnings: readonly string[];
}

type Party = Promise<unknown>;

/** Two locks that are taken crosswise, of which the second has a mode of its own. */
const crosswiseWith = async (other: DeadlockMode): Promise<readonly Party[]> => {
  const a = mutex('a');
  const b = traceMutex(new Mutex(), 'b', { ...options, deadlock: other }) as Mutex;
  const around = (first: Mutex, second: Mutex): Party =>
    first.runExclusive(() => after(5).then(() => second.runExclusive(() => {})));
  return [around(a, b), around(b, a)];
};

/** Run when they are asked for only. */
const others: Record<string, () => Promise<readonly Party[]>> = {
  "ABBA, one of the locks with 'warn'": () => crosswiseWith('warn'),
  "ABBA, one of the locks with 'off'": () => crosswiseWith('off'),
};

const shapes: Record<string, () => Promise<readonly Party[]>> = {
  'ABBA by acquire()': async () => {
    const [a, b] = [mutex('a'), mutex('b')];
    const crosswise = async (first: Mutex, second: Mutex): Promise<void> => {
      const release = await first.acquire();
      try {
        await after(5);
        (await second.acquire())();
      } finally {
        release();
      }
    };
    return [crosswise(a, b), crosswise(b, a)];
  },
  'ABBA by runExclusive()': async () => {
    const [a, b] = [mutex('a'), mutex('b')];
    const crosswise = (first: Mutex, second: Mutex): Promise<void> =>
      first.runExclusive(() => after(5).then(() => second.runExclusive(() => {})));
    return [crosswise(a, b), crosswise(b, a)];
  },
  'ABBA by acquire() without finally': async () => {
    const [a, b] = [mutex('a'), mutex('b')];
    kept.push(a, b);
    const crosswise = async (first: Mutex, second: Mutex): Promise<void> => {
      const release = await first.acquire();
      await after(5);
      (await second.acquire())();
      release();
    };
    return [crosswise(a, b), crosswise(b, a)];
  },
  'a ring of three': async () => {
    const [a, b, c] = [mutex('a'), mutex('b'), mutex('c')];
    const around = (first: Mutex, second: Mutex): Promise<void> =>
      first.runExclusive(() => after(5).then(() => second.runExclusive(() => {})));
    return [around(a, b), around(b, c), around(c, a)];
  },
  'a mutex taken twice': async () => {
    const a = mutex('a');
    const twice = async (): Promise<void> => {
      const release = await a.acquire();
      try {
        (await a.acquire())();
      } finally {
        release();
      }
    };
    return [twice()];
  },
  'a mutex taken twice, and once more after the refusal': async () => {
    const a = mutex('a');
    const again = async (): Promise<void> => {
      const error = await a.runExclusive(() => a.runExclusive(() => {})).catch((refusal: unknown) => refusal);
      await a.runExclusive(() => {});
      throw error as Error;
    };
    return [again()];
  },
  'a mutex waited for under itself': async () => {
    const a = mutex('a');
    return [a.runExclusive(() => a.waitForUnlock())];
  },
  'a semaphore of three, taken four times': async () => {
    const pool = semaphore(3, 'pool');
    const nested = (depth: number): Promise<unknown> =>
      pool.runExclusive(async () => {
        await after(1);
        if (depth > 1) await nested(depth - 1);
      });
    return [nested(4)];
  },
  'a semaphore of two, and two that each want both': async () => {
    const pool = semaphore(2, 'pool');
    const both = async (): Promise<void> => {
      const [, release] = await pool.acquire();
      try {
        await after(5);
        (await pool.acquire())[1]();
      } finally {
        release();
      }
    };
    return [both(), both()];
  },
  'weights that do not fit': async () => {
    const pool = semaphore(3, 'pool');
    return [pool.runExclusive(() => pool.runExclusive(() => {}, 2), 2)];
  },
  'a releaser that was dropped': async () => {
    const a = mutex('a');
    await (async () => {
      await a.acquire();
    })();
    return [a.runExclusive(() => {})];
  },
  'a releaser that was dropped, of a mutex that everybody has': async () => {
    const a = mutex('a');
    kept.push(a);
    await (async () => {
      await a.acquire();
    })();
    return [a.runExclusive(() => {})];
  },
  'every promise kept': async () => {
    const a = mutex('a');
    const twice = a.runExclusive(() => {
      const inner = a.acquire();
      kept.push(inner);
      return inner;
    });
    kept.push(twice);
    return [twice];
  },
};

async function run(shape: string, make: () => Promise<readonly Party[]>): Promise<void> {
  const warnings: string[] = [];
  const onWarning = (warning: Error): void => void warnings.push(`${(warning as { code?: string }).code}`);
  process.on('warning', onWarning);
  const errors: unknown[] = [];
  const parties = (await make()).map((party) =>
    Promise.race([
      party.then(
        () => 'done',
        (error: unknown) => {
          errors.push(error);
          return isDeadlockError(error) ? 'rejected' : String(error);
        },
      ),
      after(10_000, 'hangs'),
    ]),
  );
  const outcomes = await Promise.all(parties);
  await after(1);
  process.off('warning', onWarning);
  const links = errors.flatMap((error) => (isDeadlockError(error) ? error.verdict.cycle : []));
  print({
    shape,
    parties: outcomes.sort(),
    cycle: links.map(({ owner, waitsFor }) => `${owner} → ${waitsFor}`),
    hasPlaces: links.every(({ at, heldAt = '' }) => [at, heldAt].every((place) => place.includes('guilty-locks'))),
    warnings,
  } satisfies LockOutcome);
}

void (async () => {
  process.removeAllListeners('warning');
  const asked = process.argv[3];
  const chosen = asked === undefined ? shapes : { [asked]: (shapes[asked] ?? others[asked])! };
  for (const [shape, make] of Object.entries(chosen)) await run(shape, make);
  process.exit();
})();
