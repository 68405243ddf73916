/** The bootstrap of a server that is looked at: it completes as its options say, and remembers what happened to it. */
import { epochNow } from './epoch.js';
import { CONFIG_PATH } from './paths.js';

/** Completes at once, when it is told to, or at its second run; or sends a request to its own server before. */
export type BootstrapKind = 'at once' | 'on demand' | 'fails once' | 'asks itself';

/** After this it gives up on its own request. */
const OWN_PATIENCE_MS = 8_000;

export class Bootstrap {
  runs = 0;
  isComplete = false;
  /** In epoch ms; when it was completed on demand. */
  completedAt: number | undefined;
  /** What its first run was answered by its own server. */
  ownAnswer: string | undefined;
  /** Completes it, on demand. */
  complete!: () => void;
  /** Tells it where its own server listens. */
  listensAt!: (port: number) => void;
  readonly #kind: BootstrapKind;
  readonly #demanded = new Promise<void>((resolve) => {
    this.complete = () => {
      this.completedAt = epochNow();
      resolve();
    };
  });
  readonly #port = new Promise<number>((resolve) => (this.listensAt = resolve));

  constructor(kind: BootstrapKind) {
    this.#kind = kind;
  }

  /** A good one: it ends when it is told so, where anybody tells it. */
  readonly run = async (signal?: AbortSignal): Promise<void> => {
    const isFirst = ++this.runs === 1;
    if (this.#kind === 'on demand') await Promise.race([this.#demanded, ...(signal ? [aborted(signal)] : [])]);
    if (this.#kind === 'fails once' && isFirst) throw new Error('the database is not there');
    if (this.#kind === 'asks itself') {
      const answer = await askForConfig(await this.#port);
      if (isFirst) this.ownAnswer = answer;
    }
    this.isComplete = true;
  };
}

const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));

async function askForConfig(port: number): Promise<string> {
  const begun = performance.now();
  try {
    const signal = AbortSignal.timeout(OWN_PATIENCE_MS);
    const response = await fetch(`http://127.0.0.1:${port}${CONFIG_PATH}`, { signal });
    const code = /ERR_GATE_\w+/.exec(await response.text())?.[0];
    const answer = [response.status, code].filter(Boolean).join(' ');
    return `answers ${answer} after ${(performance.now() - begun).toFixed(0)} ms`;
  } catch {
    return `still waiting after ${OWN_PATIENCE_MS / 1_000} s`;
  }
}
