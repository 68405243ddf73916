/** A door for HTTP: decides what becomes of each request, and answers where the application does not. */
import type { IncomingMessage } from 'node:http';
import { GateError } from '../kit/errors.js';
import type { GateCore } from '../gate/gate-core.js';
import {
  cycleThrough,
  describe,
  newWait,
  ownersOf,
  runIn,
  type Scope,
  tell,
  warn,
} from '@bootstrap-gate/deadlock/adapter';
import { Door, type Guest } from '../gate/door.js';
import type { Pilot } from '../gate/startup.js';
import { type Answer, streamOf, writeAnswer } from './answer.js';
import { denial, denialHeaders, isNavigation } from './denial.js';
import { exemptions } from './exempt.js';
import { healthAnswer, probeOf } from './health.js';
import type { HttpGuest } from './http-guest.js';
import { senderOf, watchSenders } from '../doors/node/loopback.js';
import { type AdmissionSettings, readDoorOptions, type Unsupported } from './admission-options.js';
import { isPoll, pollAnswer, waitingPage } from './page/page.js';

/** What becomes of a request, as data. */
export type Admission =
  | { readonly kind: 'answer'; readonly answer: Answer }
  | { readonly kind: 'pass'; readonly pilot: Pilot | undefined }
  | { readonly kind: 'deny'; readonly error: GateError }
  | { readonly kind: 'hold' };

export class HttpDoor extends Door {
  readonly settings: AdmissionSettings;
  /** Listens to the end of every request that is held here. */
  readonly onClose: (this: object) => void;
  readonly #isExempt: (req: IncomingMessage, target: string) => boolean;
  #application: Application | undefined;

  /**
   * @param where the adapter, for messages
   * @param unsupported options that it cannot honour, with the reason
   * @param application what takes the requests, where `handler` does not make it and the framework does not know it
   * @throws TypeError for a wrong option; what `handler` throws, at a gate that is open already
   */
  constructor(where: string, options: object | undefined, unsupported?: Unsupported, application?: Application) {
    const { gate, settings } = openGate(where, options, unsupported);
    super(gate, settings);
    this.settings = settings;
    this.#isExempt = exemptions(gate.name, settings.exempt);
    this.#application = application;
    this.onClose = function onClose() {
      const guest = gate.queue.find(this) as Guest | undefined;
      if (guest?.isGone) guest.door.gone(guest);
    };
    const { handler } = settings;
    if (handler) gate.onValue((value) => (this.#application = checkedApplication(where, handler(value))));
  }

  /** Whether an open gate leaves nothing to do: no health paths, no application of its own. */
  get isPlain(): boolean {
    return !this.settings.health && !this.settings.handler;
  }

  /** What takes the requests now. What `handler` made counts only while the gate is open with the value it was made of. */
  get application(): Application | undefined {
    return this.gate.ready || !this.settings.handler ? this.#application : undefined;
  }

  /** The health answer, if this is a health request. */
  health({ method }: IncomingMessage, target: string): Answer | undefined {
    const probe = probeOf(this.settings.health, method, target);
    return probe && healthAnswer(probe, this.gate);
  }

  /** What becomes of a request that comes while the gate is not open. Nothing is answered yet. */
  decide(req: IncomingMessage, target: string): Admission {
    const health = this.health(req, target);
    if (health) return { kind: 'answer', answer: health };
    if (this.#isExempt(req, target)) return { kind: 'pass', pilot: undefined };
    const sender = senderOf(req);
    const pilot = this.gate.startup.pilotOf(sender);
    if (pilot) return { kind: 'pass', pilot };
    const error = this.#loopback(sender, req, target);
    return error ? { kind: 'deny', error } : { kind: 'hold' };
  }

  /**
   * Takes a request that comes while the gate is not open.
   *
   * @param target the request target as received, whatever a router made of it since
   * @returns what the application returns, a promise of it where the request is held
   */
  receive(guest: HttpGuest, target: string): unknown {
    const admission = this.decide(guest.req, target);
    switch (admission.kind) {
      case 'answer':
        return writeAnswer(guest.req, guest.res, admission.answer);
      case 'pass':
        return this.pass(admission.pilot, () => guest.proceed());
      case 'deny':
        return this.refuse(guest, admission.error);
      case 'hold': {
        const page = this.#page(guest.req);
        return page ? writeAnswer(guest.req, guest.res, page) : guest.enter();
      }
    }
  }

  /** Lets one pass that never waited: on behalf of the pilot that sent it, or of nobody. */
  pass(pilot: Pilot | undefined, proceed: () => unknown): unknown {
    this.tell('admitted');
    return pilot ? pilot.run(proceed) : runIn(undefined, proceed);
  }

  /** Answers a denial, or forwards it. */
  refuse(guest: HttpGuest, error: GateError): unknown {
    const { req, res } = guest;
    const { gate, settings } = this;
    if (!settings.forward || !guest.forward) return writeAnswer(req, res, denial(req, error, gate, settings));
    const isLast = error.code === 'ERR_GATE_CLOSED' && !streamOf(res);
    error.headers = { ...denialHeaders(gate), ...(isLast && { Connection: 'close' }) };
    return guest.forward(error);
  }

  #loopback(sender: Scope | undefined, { method }: IncomingMessage, target: string): GateError | undefined {
    const { gate } = this;
    const owners = ownersOf(sender);
    const at = `${method} ${target}`;
    const cycle = cycleThrough(owners, newWait(gate.resource, gate.clock.now(), at));
    if (!cycle) return undefined;
    const { verdict } = cycle;
    const text = `${owners.at(-1)?.label} sent a request (${at}) to the server that waits for it:\n${describe(verdict)}`;
    tell(cycle);
    warn('GATE_LOOPBACK', text);
    const error = new GateError('ERR_GATE_LOOPBACK', text, { verdict });
    this.tell('denied', undefined, error);
    return error;
  }

  /** The waiting page, for a person's browser that is not needed as a pilot, and for its polls. The gate gets going. */
  #page(req: IncomingMessage): Answer | undefined {
    const { gate, settings } = this;
    if (!settings.waitingPage || gate.state === 'closed') return undefined;
    if (isPoll(req)) {
      gate.start();
      return pollAnswer(gate, settings.expose);
    }
    if (gate.wantsPilot || !isNavigation(req)) return undefined;
    this.tell('denied');
    gate.start();
    return waitingPage(gate, settings.waitingPage, settings.expose, denialHeaders(gate));
  }
}

/** What a user's `handler` gives: middleware or a listener, called with the adapter's own arguments. */
export type Application = (this: unknown, ...args: unknown[]) => unknown;

function checkedApplication(where: string, made: unknown): Application {
  if (typeof made !== 'function') throw new TypeError(`${where}: option "handler" must return a function`);
  return made as Application;
}

/** An eager bootstrap sends its first requests before its gate is made, so they are watched from the start. */
function openGate(
  ...[where, options, unsupported]: Parameters<typeof readDoorOptions>
): ReturnType<typeof readDoorOptions> {
  const endWatch = watchSenders();
  try {
    const read = readDoorOptions(where, options, unsupported);
    watchWhileAtWork(read.gate);
    return read;
  } finally {
    endWatch();
  }
}

/** Only a bootstrap or a pilot at work can send requests that matter; after a failure a bootstrap may still be running. */
function watchWhileAtWork(gate: GateCore): void {
  let endWatch: (() => void) | undefined;
  const adjust = (): void => {
    const atWork = gate.state === 'booting' || gate.state === 'failed';
    if (atWork) endWatch ??= watchSenders();
    else endWatch = void endWatch?.();
  };
  gate.onChange(adjust);
  adjust();
}
