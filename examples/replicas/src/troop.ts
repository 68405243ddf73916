/** Ten replicas as an orchestrator keeps them: one that ends is started again, under its name and port. */
import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { ReplicaMessage, ReplicaSettings } from './replica.js';

const program = fileURLToPath(new URL('replica.js', import.meta.url));

/** What happened, in order: for the lines on the terminal, and for the table. */
export interface Happening {
  readonly ms: number;
  readonly replica: string;
  readonly what: 'leads' | 'takes over' | 'killed' | 'done' | 'failed';
  readonly step: string;
  readonly attempt?: number | undefined;
  readonly text?: string | undefined;
}

export interface TroopOptions extends Omit<ReplicaSettings, 'name' | 'port'> {
  readonly replicas: number;
  /** How many leaders are killed while they load. */
  readonly kills: number;
  onHappening(happening: Happening): void;
}

export class Troop {
  readonly ports = new Map<string, number>();
  readonly happenings: Happening[] = [];
  readonly #options: TroopOptions;
  readonly #children = new Map<string, ChildProcess>();
  readonly #begun = performance.now();
  readonly #ready = new Set<string>();
  #kills = 0;
  /** The leader is killed when it has come this far. */
  #killAt = Math.random();
  #onChange: () => void = () => {};
  #isStopping = false;

  constructor(options: TroopOptions) {
    this.#options = options;
  }

  /** Resolves when all listen. */
  async start(): Promise<void> {
    for (let i = 1; i <= this.#options.replicas; i++) this.#start(`web-${i}`, 0);
    await this.#until(() => this.ports.size === this.#options.replicas);
  }

  /** Resolves when the gates of all are open. */
  async ready(): Promise<void> {
    await this.#until(() => this.#ready.size === this.#options.replicas);
  }

  stop(): void {
    this.#isStopping = true;
    for (const child of this.#children.values()) child.kill('SIGKILL');
  }

  #start(name: string, port: number): void {
    const { replicas: _replicas, kills: _kills, onHappening: _onHappening, ...settings } = this.#options;
    const child = fork(program, [JSON.stringify({ ...settings, name, port } satisfies ReplicaSettings)]);
    this.#children.set(name, child);
    child.on('message', (message: ReplicaMessage) => this.#hear(name, child, message));
    child.once('exit', () => {
      this.#ready.delete(name);
      if (!this.#isStopping) this.#start(name, this.ports.get(name) ?? 0);
    });
  }

  #hear(name: string, child: ChildProcess, message: ReplicaMessage): void {
    if (message.type === 'listening') this.ports.set(name, message.port);
    else if (message.type === 'ready') this.#ready.add(name);
    else if (message.type === 'progress') this.#maybeKill(name, child, message.fraction);
    else this.#note(name, message.event);
    this.#onChange();
  }

  #maybeKill(name: string, child: ChildProcess, fraction: number): void {
    if (this.#kills >= this.#options.kills || child.killed || fraction < this.#killAt || fraction === 1) return;
    this.#kills++;
    this.#killAt = Math.random();
    child.kill('SIGKILL');
    this.#happen({ replica: name, what: 'killed', step: 'cities', text: `at ${Math.floor(fraction * 100)} %` });
  }

  #note(replica: string, { type, step, attempt, text }: Extract<ReplicaMessage, { type: 'event' }>['event']): void {
    const what = ({ claim: 'leads', 'take-over': 'takes over', done: 'done', failed: 'failed' } as const)[
      type as 'claim'
    ];
    if (what) this.#happen({ replica, what, step, attempt, text });
  }

  #happen(happening: Omit<Happening, 'ms'>): void {
    const timed = { ...happening, ms: performance.now() - this.#begun };
    this.happenings.push(timed);
    this.#options.onHappening(timed);
  }

  async #until(test: () => boolean): Promise<void> {
    while (!test()) await new Promise<void>((resolve) => (this.#onChange = resolve));
  }
}
