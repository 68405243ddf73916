/**
 * Floor `http`: the policy for requests, as data: exempt, health, denials, the waiting page. Not here: sockets, node:http,
 * frameworks.
 *
 * A door for HTTP: asks the policy what becomes of each request, and has its transport do it.
 */
import { runIn } from '@bootstrap-gate/deadlock/adapter';
import type { AdapterDoor } from './adapter-door.js';
import { Policy } from './decide.js';
import { denialHeaders } from './denial.js';
import { judgeLoopback } from './own-requests.js';
import { pilotOutcome } from './pilot-outcome.js';
import { readDoorOptions, type Unsupported } from './read-options.js';
import type { Application, Transport } from './transport.js';
import { Door } from '../gate/door.js';
import type { GateCore } from '../gate/gate-core.js';
import { heldRequests, type RequestKind } from '../gate/held-request.js';
import type { Pilot } from '../gate/startup.js';
import type { GateError } from '../kit/errors.js';
import type { Gate } from '../kit/types.js';

/** How long the end of an application waits for what ignores its signal, and for stops; they are then named in a warning. */
const CLOSE_TIMEOUT_MS = 10_000;

export class HttpDoor<A, B = undefined, C = undefined> implements AdapterDoor<A, B, C> {
  /** `core.ready === true` is all that an open gate asks of a request. */
  readonly core: GateCore;
  readonly policy: Policy;
  readonly door: Door;
  readonly #transport: Transport<A, B, C>;
  readonly #Held: ReturnType<typeof heldRequests<A, B, C>>;
  readonly #ownsGate: boolean;
  #application: Application | undefined;

  /**
   * @param where the function that the user has called, for messages
   * @param unsupported options that this adapter cannot honour, with the reason
   * @throws TypeError for a wrong option; what `handler` throws, at a gate that is open already
   */
  constructor(where: string, options: object | undefined, transport: Transport<A, B, C>, unsupported?: Unsupported) {
    const { core, ownsGate, settings } = readDoorOptions(where, options, unsupported);
    this.core = core;
    this.#ownsGate = ownsGate;
    this.policy = new Policy(core, settings);
    this.door = new Door(core, settings);
    this.#transport = transport;
    this.#Held = heldRequests(this.#kindOf(transport));
    const { handler } = settings;
    if (handler) core.onValue((value) => (this.#application = checkedApplication(where, handler(value))));
  }

  get gate(): Gate {
    return this.core.gate;
  }

  /** Whether an open gate leaves nothing to do: no health paths, no application of its own. */
  get isPlain(): boolean {
    const { health, handler } = this.policy.settings;
    return !health && !handler;
  }

  /**
   * Takes a request, whatever the state of the gate.
   *
   * @returns what the application returns, a promise of it where the request is held
   */
  receive(a: A, b: B, c: C): unknown {
    return this.core.ready ? this.#receiveOpen(a, b, c) : this.#receiveStarting(a, b, c);
  }

  /** A function of its own, since its closures over the request would cost every request of an open gate. */
  #receiveStarting(a: A, b: B, c: C): unknown {
    const { core, policy } = this;
    const wasBooting = core.state === 'booting';
    const decision = policy.decide(this.#transport.facts(a, b, c));
    switch (decision.kind) {
      case 'hold': {
        const held = new this.#Held(a, b, c);
        const result = this.#transport.isAwaited === false ? this.door.enter(held) : held.enter();
        if (decision.loopback) judgeLoopback(core, held, decision.loopback);
        if (!wasBooting) this.#keepAlive(a, b, c);
        return result;
      }
      case 'answer':
        if (decision.denied) this.door.record('denied');
        if (!wasBooting) this.#keepAlive(a, b, c);
        return this.#transport.answer(decision.answer, a, b, c);
      case 'pass':
        return this.pass(decision.pilot, () => this.#proceed(a, b, c));
      case 'deny':
        this.door.record('denied', undefined, decision.error);
        return this.refuse(decision.error, a, b, c);
    }
  }

  /** Lets a request pass that never waited: on behalf of the pilot that sent it, or of none. */
  pass(pilot: Pilot | undefined, proceed: () => unknown): unknown {
    this.door.record('admitted');
    return pilot ? pilot.run(proceed) : runIn(undefined, proceed);
  }

  /** Answers a denial, or forwards it. */
  refuse(error: GateError, a: A, b: B, c: C): unknown {
    const { core, policy } = this;
    const transport = this.#transport;
    if (!policy.settings.forward || !transport.forward) {
      return transport.answer(policy.denial(error, transport.facts(a, b, c)), a, b, c);
    }
    error.headers = denialHeaders(core);
    return transport.forward(error, a, b, c);
  }

  drain(): void {
    const { core, gate } = this;
    this.door.close();
    if (!this.#ownsGate) return;
    if (core.ready) gate.drain();
    else void gate.close().catch(() => {});
  }

  async close(): Promise<void> {
    this.drain();
    if (this.#ownsGate) await this.gate.close({ timeoutMs: CLOSE_TIMEOUT_MS });
  }

  #receiveOpen(a: A, b: B, c: C): unknown {
    const transport = this.#transport;
    const target = transport.target ? transport.target(a, b, c) : transport.facts(a, b, c).target;
    const health = this.policy.isHealthTarget(target) ? this.policy.health(transport.facts(a, b, c)) : undefined;
    return health ? transport.answer(health, a, b, c) : this.#proceed(a, b, c);
  }

  /** What `handler` made counts only while the gate is open with the value that it was made of. */
  #proceed(a: A, b: B, c: C): unknown {
    return this.#transport.proceed(this.core.ready ? this.#application : undefined, a, b, c);
  }

  #lead(pilot: Pilot, a: A, b: B, c: C): unknown {
    const { method } = this.#transport.facts(a, b, c);
    const ended = (status?: number): void => pilot.end(pilotOutcome(method, status));
    return pilot.run(() => this.#transport.lead(ended, () => this.#proceed(a, b, c), a, b, c));
  }

  #release(a: A, b: B, c: C): unknown {
    const proceed = (): unknown => this.#proceed(a, b, c);
    return this.#transport.release ? this.#transport.release(proceed, a, b, c) : proceed();
  }

  #kindOf(transport: Transport<A, B, C>): RequestKind<A, B, C> {
    return {
      ...defaults,
      ...transport,
      door: this.door,
      canPilot: true,
      admit: (pilot, a, b, c) => (pilot ? this.#lead(pilot, a, b, c) : this.#release(a, b, c)),
      deny: (error, a, b, c) => this.refuse(error, a, b, c),
    };
  }

  #keepAlive(a: A, b: B, c: C): void {
    const { core } = this;
    if (!this.#transport.keepAlive || core.state !== 'booting') return;
    const settled = new Promise<void>((resolve) => {
      const unsubscribe = core.onChange(() => {
        unsubscribe();
        resolve();
      });
    });
    this.#transport.keepAlive(settled, a, b, c);
  }
}

/** What is assumed of a transport that cannot tell. */
const defaults = {
  isIsolated: false,
  isGone: () => false,
  hasBegun: () => true,
  client: () => undefined,
  connection: () => undefined,
  uncounted: () => 0,
  watch() {},
  unwatch() {},
  drop() {},
};

function checkedApplication(where: string, made: unknown): Application {
  if (typeof made !== 'function') throw new TypeError(`${where}: option "handler" must return a function`);
  return made as Application;
}
