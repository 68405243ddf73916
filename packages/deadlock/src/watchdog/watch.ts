/** The main thread's side of the watchdog: the beat that shows that it runs, and the port for what the thread tells. */
import { builtin } from '../builtin.js';
import { addWatchdog } from './pause.js';
import { SyncChildren } from './sync-children.js';
import { BEAT, LIMIT, threadSource } from './thread.js';
import type { BlockedLoop } from './watchdog.js';

/** A stack fits in it. */
const NOTE_BYTES = 8_192;
const BEAT_MS = 100;
const LONGEST_MS = 2 ** 31 - 1;

/** As they are at load: a test may put its own in their place, and here real time has to pass. */
const { setInterval, clearInterval } = globalThis;

export class Watch {
  readonly #numbers = new Int32Array(new SharedArrayBuffer(16));
  readonly #tell: (blocked: BlockedLoop) => void;
  readonly #receive: () => BlockedLoop | undefined;
  readonly #endings: (() => void)[] = [];

  /** @throws where threads are not permitted */
  constructor(tell: (blocked: BlockedLoop) => void) {
    const { Worker, MessageChannel, receiveMessageOnPort } = builtin('node:worker_threads') as Threads;
    const numbers = this.#numbers;
    const note = new Uint8Array(new SharedArrayBuffer(NOTE_BYTES));
    const { port1: port, port2: threadPort } = new MessageChannel();
    this.#tell = (told) => tell({ ...told, blockedMs: Date.now() - told.since });
    this.#receive = () => receiveMessageOnPort(port)?.message as BlockedLoop | undefined;
    numbers[LIMIT] = LONGEST_MS;
    const thread = new Worker(threadSource, {
      eval: true,
      // Neither the program's preloads nor its settings are for this thread.
      execArgv: [],
      env: {},
      workerData: { numbers, note, port: threadPort, pid: process.pid },
      transferList: [threadPort],
      name: 'bootstrap-gate watchdog',
    });
    thread.unref();
    thread.on('error', () => this.end());
    port.on('message', this.#tell);
    port.unref(); // one that has a listener keeps the process alive
    const children = new SyncChildren(numbers, note);
    const timer = setInterval(() => {
      Atomics.add(numbers, BEAT, 1);
      children.note();
    }, BEAT_MS);
    timer.unref();
    const watchAlways = addWatchdog(numbers);
    this.#endings.push(
      () => clearInterval(timer),
      () => children.forget(),
      watchAlways,
      () => port.close(),
      () => void thread.terminate(),
    );
  }

  limit(ms: number): void {
    Atomics.store(this.#numbers, LIMIT, Math.min(ms, LONGEST_MS));
  }

  /** Hears at once what would come with the next turn of the loop. */
  listen(): void {
    for (let told = this.#receive(); told; told = this.#receive()) this.#tell(told);
  }

  end(): void {
    for (const end of this.#endings.splice(0)) end();
  }
}

type Threads = NonNullable<ReturnType<typeof builtin<'node:worker_threads'>>>;
