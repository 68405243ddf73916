/** Goes along with one case: measures when its verdict is given, keeps its warnings, and closes what it has opened. */
import type { Server } from 'node:http';
import { type AddressInfo, type Server as NetServer, type Socket } from 'node:net';
import type { GateWarningCode } from '@bootstrap-gate/deadlock/adapter';

export interface SeenWarning {
  readonly code: GateWarningCode;
  readonly message: string;
  /** When it came, on the clock of `performance.now()`. */
  readonly at: number;
}

export class Watch {
  /** From the wait that can never end to its verdict. */
  tookMs: number | undefined;
  /** What the process was warned of. */
  readonly warnings: SeenWarning[] = [];
  #begun: number | undefined;
  #onWarning = (): void => {};
  readonly #closers: (() => unknown)[] = [];

  constructor() {
    const spy = jest.spyOn(process, 'emitWarning').mockImplementation((warning) => {
      const { code, message } = warning as Error & { code: GateWarningCode };
      this.warnings.push({ code, message, at: performance.now() });
      this.#onWarning();
    });
    this.atEnd(() => spy.mockRestore());
  }

  /** From here nothing can help any more. */
  begins(): void {
    this.#begun = performance.now();
  }

  /** Here is the verdict, or was at that time. */
  told(at = performance.now()): void {
    if (this.#begun === undefined) throw new Error('told before it has begun');
    this.tookMs ??= at - this.#begun;
  }

  /** The first warning of this kind. */
  warning(code: GateWarningCode): Promise<SeenWarning> {
    return new Promise((resolve) => {
      this.#onWarning = () => {
        const found = this.warnings.find((warning) => warning.code === code);
        if (found) resolve(found);
      };
      this.#onWarning();
    });
  }

  /** Listens on a free port of this machine until the end of the case, and gives the port. */
  async listen(server: Server | NetServer): Promise<number> {
    const sockets = new Set<Socket>();
    server.on('connection', (socket: Socket) => sockets.add(socket));
    this.atEnd(async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return (server.address() as AddressInfo).port;
  }

  /** Calls this when the case has ended; the last one comes first. */
  atEnd(close: () => unknown): void {
    this.#closers.push(close);
  }

  async close(): Promise<void> {
    for (const close of this.#closers.splice(0).reverse()) await close();
  }
}
