import { isTest } from '@bootstrap-gate/deadlock/adapter';
import type { Gate, GateState } from '../kit/types.js';
import type { GateReport } from '../kit/report-types.js';
import { checkGate, ownOptions } from './check.js';
import { LiveScreen } from './live-screen.js';
import { logScreen, type TerminalStream } from './screen.js';
import { outcomeOf } from './sentences.js';
import { onStep } from './step-channel.js';
import { frameOf } from './terminal-frame.js';
import { newsBetween } from './terminal-news.js';
import { plain } from './text.js';
import { readTimeline } from './timeline.js';

export interface TerminalOptions {
  /**
   * Where to write. Default: `process.stderr`, and nowhere in tests: while `NODE_ENV` is `test`, and under Jest,
   * Vitest and `node --test`.
   */
  readonly stream?: TerminalStream | undefined;
  /**
   * Whether running steps are shown in lines that are drawn over in place. Default: on a TTY, unless the environment has
   * `CI` or `TERM=dumb`.
   */
  readonly live?: boolean | undefined;
}

/** How often it looks, in ms: for lines in place, and for a log, where only what hangs is told by time. */
const LOOK_MS = { live: 100, log: 1_000 };

/** A look reads the whole report. With more steps than these it is not taken at each of their begins and ends. */
const MANY_STEPS = 100;

/**
 * Tells in the terminal how a gate boots: each step, what a slow one waits for, each attempt, each change of state. On a
 * TTY running steps are shown in place, elsewhere every line stays. Goes on through resets and further flights until the
 * gate is closed, or until the returned function is called. It does not keep the process alive, and when the stream
 * fails it is silent.
 *
 * @throws a TypeError for what is no gate, and for a wrong option
 */
export function reportToTerminal(gate: Gate<unknown>, options: TerminalOptions = {}): () => void {
  checkGate('reportToTerminal', gate);
  const { live, stream = isTest() ? undefined : process.stderr } = checkedOptions(options);
  if (!stream) return () => {};
  const isLive = live ?? (stream.isTTY === true && !process.env.CI && process.env.TERM !== 'dumb');
  const screen = isLive ? new LiveScreen(stream) : logScreen(stream);
  const paint = stream.hasColors?.() ? painted : (text: string) => text;
  const prefix = `[${plain(gate.name)}]`;
  let known: GateReport | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isOver = false;

  const tell = (text: string, passing = false): void => screen.tell(`${prefix} ${paint(text)}`, passing);

  const look = (): void => {
    const report = gate.report();
    for (const { kind, text } of newsBetween(known, report)) tell(text, kind !== 'end');
    known = report;
    const [head, ...steps] = frameOf(report, gate.waiting, (stream.rows || 24) - 1);
    screen.show(head === undefined ? [] : [`${prefix} ${head}`, ...steps]);
    clearTimeout(timer);
    if (head !== undefined) timer = setTimeout(guarded(look), isLive ? LOOK_MS.live : LOOK_MS.log).unref();
  };
  const hearStep = (): void => {
    const steps = known?.attempts.at(-1)?.steps.length ?? 0;
    if (steps <= MANY_STEPS) look();
  };
  const hearChange = (state: GateState, previous: GateState): void => {
    look();
    tell(changeText(state, previous, gate.report()));
    look();
    if (state === 'closed') stop();
  };
  /** What goes wrong here must not reach the gate, nor the process. */
  const guarded =
    <Args extends unknown[]>(fn: (...args: Args) => void) =>
    (...args: Args): void => {
      try {
        if (!isOver) fn(...args);
      } catch {
        stop();
      }
    };
  const stop = (): void => {
    if (isOver) return;
    isOver = true;
    clearTimeout(timer);
    endSteps();
    endChanges();
    try {
      screen.show([]);
      // What was written may still fail, and without a listener that would end the process.
      stream.write('', () => setImmediate(() => stream.off('error', stop)));
    } catch {
      // a stream that throws has nothing left to tell
    }
  };

  stream.on('error', stop);
  const endSteps = onStep(gate.name, guarded(hearStep));
  const endChanges = gate.onChange(guarded(hearChange));
  if (gate.state === 'booting') guarded(look)();
  else known = gate.report();
  return stop;
}

/** Such as: ready · its bootstrap took 4.21 s. A reset is told before it ends the flight. */
function changeText(state: GateState, previous: GateState, report: GateReport): string {
  const outcome = report.attempts.at(-1)?.outcome ?? 'running';
  if (previous === 'booting' && outcome !== 'running') return outcomeOf(readTimeline('reportToTerminal', report));
  return state === 'failed' ? 'being reset' : state;
}

function checkedOptions(options: TerminalOptions): TerminalOptions {
  const own = ownOptions('reportToTerminal', options, ['stream', 'live']);
  const { stream, live } = own;
  if (stream !== undefined && !(typeof stream?.write === 'function' && typeof stream.on === 'function')) {
    throw new TypeError('reportToTerminal: "stream" must be a writable stream');
  }
  if (live !== undefined && typeof live !== 'boolean') {
    throw new TypeError('reportToTerminal: "live" must be true or false');
  }
  return own;
}

const painted = (text: string): string =>
  text.replace(/^✓/, '\u001b[32m✓\u001b[39m').replace(/^✗/, '\u001b[31m✗\u001b[39m');
