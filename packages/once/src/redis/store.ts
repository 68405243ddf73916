import type { Change, Owner, Peer, Run, SessionInfo, Status, StepId, Store, StoreTraits, View } from '../store.js';
import { warn } from '../warn.js';
import { BEAT, END, JOIN, LOOK, PEERS, WRITE } from './scripts.js';

/** What both clients have in common, as one function. */
export type Evaluate = (script: string, keys: readonly string[], args: readonly string[]) => Promise<unknown>;

/** A session that nobody ends is forgotten after this; a missing one counts as ended. */
const KEPT_MS = 24 * 3_600_000;

export class RedisStore implements Store {
  readonly name = 'Redis';
  readonly traits: StoreTraits = Object.freeze({ clock: 'store', durable: false, transactions: false });
  readonly #evaluate: Evaluate;
  readonly #info: () => Promise<string>;
  readonly #prefix: string;

  constructor(evaluate: Evaluate, info: () => Promise<string>, prefix: string) {
    this.#evaluate = evaluate;
    this.#info = info;
    this.#prefix = `{${encodeURIComponent(prefix)}}`;
  }

  async open(): Promise<void> {
    const info = await this.#info().catch((error: unknown) => {
      if (this.isTransient(error)) throw error;
      return ''; // not allowed to ask
    });
    const policy = /^maxmemory_policy:(\S+)/m.exec(info)?.[1] ?? 'noeviction';
    const limit = Number(/^maxmemory:(\d+)/m.exec(info)?.[1] ?? 0);
    if (limit === 0 || policy === 'noeviction') return;
    warn(
      'ONCE_STORE_FORGETS',
      `Redis may evict the records of steps (maxmemory-policy ${policy}), and then their work runs again: use noeviction`,
    );
  }

  async look(step: StepId, key: string, order: number | null): Promise<View> {
    const args = [this.#sessions, key, order === null ? '' : String(order)];
    const answer = await this.#evaluate(LOOK, [this.#step(step), this.#done(step)], args);
    const [revision, fence, owner, runningKey, since, host, pid, ended, expired, status, run, retry, aheadKey, ahead] =
      answer as string[];
    return {
      revision: Number(revision),
      fence: Number(fence),
      running: owner
        ? {
            key: runningKey ?? '',
            since: Number(since),
            owner: { session: owner, ...ownerOf(host, pid, ended, status), expired: expired === '1' },
          }
        : null,
      run: run ? { ...parseRun(run), key, retryInMs: Number(retry) } : null,
      ahead: ahead ? { ...parseRun(ahead), key: aheadKey ?? '', retryInMs: 0 } : null,
    };
  }

  async write(step: StepId, seen: number, next: Change): Promise<number | 'conflict' | 'ended'> {
    const { run, fence, owner, key, ttlMs } = next;
    const { retryInMs = 0, ...kept } = run ?? {};
    const order = run?.state === 'done' && run.order !== null ? String(run.order) : '';
    const keys = [this.#step(step), this.#done(step), this.#steps(step.namespace)];
    const args = [
      this.#sessions,
      step.name,
      String(seen),
      String(fence),
      owner ?? '',
      key,
      owner === null || ttlMs === undefined ? '' : String(ttlMs),
      run ? JSON.stringify({ ...kept, fence }) : '',
      order,
      String(Math.ceil(retryInMs)),
    ];
    const answer = (await this.#evaluate(WRITE, keys, args)) as string;
    return answer === 'conflict' || answer === 'ended' ? answer : Number(answer);
  }

  async join({ id, host, pid }: SessionInfo, ttlMs: number): Promise<void> {
    await this.#evaluate(JOIN, [this.#sessions + id], [host, String(pid), String(ttlMs), String(KEPT_MS)]);
  }

  async beat(session: string, ttlMs: number, status: Status): Promise<'ok' | 'ended'> {
    const args = [String(ttlMs), JSON.stringify(status), String(KEPT_MS)];
    return (await this.#evaluate(BEAT, [this.#sessions + session], args)) as 'ok' | 'ended';
  }

  async end(session: string, ifExpired: boolean): Promise<boolean> {
    return (await this.#evaluate(END, [this.#sessions + session], [ifExpired ? '1' : ''])) === '1';
  }

  async peers(namespace: string): Promise<readonly Peer[]> {
    const args = [`${this.#prefix}:step:${encodeURIComponent(namespace)}:`, this.#sessions];
    const rows = (await this.#evaluate(PEERS, [this.#steps(namespace)], args)) as string[][];
    const peers = new Map<string, Peer>();
    for (const [step = '', fence, session = '', host, pid, ended, status] of rows) {
      const known = peers.get(session) ?? { session, ...ownerOf(host, pid, ended, status), holds: [] };
      peers.set(session, { ...known, holds: [...known.holds, { step, fence: Number(fence) }] });
    }
    return [...peers.values()];
  }

  isTransient(error: unknown): boolean {
    const { code, message, name } = Object(error) as { code?: unknown; message?: unknown; name?: unknown };
    return (
      /^(ECONN.*|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|NR_CLOSED)$/.test(String(code)) ||
      /^(LOADING|READONLY|CLUSTERDOWN|TRYAGAIN|MASTERDOWN|BUSY|NOREPLICAS|UNKILLABLE)\b/.test(String(message)) ||
      /^(Connection is closed|Command timed out|Socket closed unexpectedly|The client is closed|Connection timeout)/.test(
        String(message),
      ) ||
      /^(MaxRetriesPerRequestError|SocketClosedUnexpectedlyError|ClientOfflineError|ConnectionTimeoutError)$/.test(
        String(name),
      )
    );
  }

  get #sessions(): string {
    return `${this.#prefix}:session:`;
  }

  #step({ namespace, name }: StepId): string {
    return `${this.#prefix}:step:${encodeURIComponent(namespace)}:${name}`;
  }

  #done({ namespace, name }: StepId): string {
    return `${this.#prefix}:done:${encodeURIComponent(namespace)}:${name}`;
  }

  #steps(namespace: string): string {
    return `${this.#prefix}:steps:${encodeURIComponent(namespace)}`;
  }
}

const parseRun = (text: string): Omit<Run, 'key' | 'retryInMs'> => JSON.parse(text) as Omit<Run, 'key' | 'retryInMs'>;

function ownerOf(host = '', pid = '', ended = '', status = ''): Omit<Owner, 'session' | 'expired'> {
  return {
    host: host || 'unknown',
    pid: Number(pid),
    ended: ended === '1',
    status: status ? (JSON.parse(status) as Status) : null,
  };
}
