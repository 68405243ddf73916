/** One request: what its client sent, what the application did with it, and how it ended for its client. */
import { createHash } from 'node:crypto';
import type { ClientKind, Ask } from '../plan/types.js';
import type { SiteFacts } from './site-facts.js';

export interface Answer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | number | undefined>>;
  readonly body: Buffer;
}

export type End =
  | { readonly kind: 'answered'; readonly answer: Answer }
  /** The client left. */
  | { readonly kind: 'left' }
  /** The connection ended, and the client wanted more. */
  | { readonly kind: 'cut'; readonly why: string };

/** One run of the application. */
export interface Run {
  /** Undefined while the body is not there, or when it never came. */
  digest?: string | undefined;
}

export class Entry {
  readonly id: number;
  readonly kind: ClientKind;
  readonly ask: Ask;
  readonly site: SiteFacts;
  readonly sentAt = performance.now();
  readonly runs: Run[] = [];
  readonly ended: Promise<void>;
  /** When its client got the answer, or what came instead. */
  endedAt = 0;
  end: End | undefined;
  /** Its body left out nothing. */
  sentWhole = true;
  /** Its client has ended its own side, and may lose the answer. */
  halfClosed = false;
  /** A `100 Continue` came. */
  continued = false;
  /** An earlier answer said that it was the last of the connection, or another request of it is to break it. */
  mayBeCut = false;
  readonly #complain: (text: string) => void;
  #hasEnded!: () => void;

  constructor(id: number, kind: ClientKind, ask: Ask, site: SiteFacts, complain: (text: string) => void) {
    this.id = id;
    this.kind = kind;
    this.ask = ask;
    this.site = site;
    this.#complain = complain;
    this.ended = new Promise((resolve) => (this.#hasEnded = resolve));
  }

  get name(): string {
    return `request ${this.id} (${this.kind}, ${this.ask.method}, ${this.ask.target})`;
  }

  get target(): string {
    return this.ask.target === 'exempt' ? `/exempt?${this.id}` : `/ordinary/${this.id}`;
  }

  get body(): Buffer {
    return Buffer.alloc(this.ask.bodyBytes, `${this.id}. `);
  }

  /** `x-soak` tells the application what to do. */
  get headers(): Record<string, string> {
    const { method, bodyBytes, navigates, application } = this.ask;
    const { does, takesMs, bytes } = application;
    return {
      'x-soak': [this.id, does, takesMs, bytes].join(' '),
      ...(navigates && { accept: 'text/html' }),
      ...(method === 'POST' && { 'content-length': String(bodyBytes) }),
    };
  }

  answered(answer: Answer): void {
    if (this.end?.kind === 'answered') return this.#complain(`${this.name} was answered twice`);
    if (this.end?.kind === 'left') return;
    this.#finish({ kind: 'answered', answer });
  }

  left(): void {
    if (!this.end) this.#finish({ kind: 'left' });
  }

  cut(why: string): void {
    if (!this.end) this.#finish(this.halfClosed ? { kind: 'left' } : { kind: 'cut', why });
  }

  #finish(end: End): void {
    this.end = end;
    this.endedAt = performance.now();
    this.#hasEnded();
  }
}

export function digestOf(data: Buffer | string): string {
  return createHash('sha1').update(data).digest('hex');
}

/** What the application answers: to be checked byte by byte. */
export function answerText(id: number, bytes: number): string {
  return `answer ${id} `.repeat(Math.ceil(bytes / 8)).slice(0, bytes);
}
