/** Runs one code block as the program that it is, on ports of its own, and ends what it leaves behind. */
import { once } from 'node:events';
import http from 'node:http';
import http2 from 'node:http2';
import net, { type AddressInfo } from 'node:net';
import { join } from 'node:path';
import ts from 'typescript';
import { userFolder } from './compiler.js';
import type { Block } from './markdown.js';

type Program = new (...parts: string[]) => (...values: unknown[]) => Promise<void>;
const Program = Object.getPrototypeOf(async () => {}).constructor as Program;

type Replaced = Readonly<Record<string, object>>;

/** How long an answer may take before there is none. */
const DEADLINE_MS = 25_000;

export interface Running {
  /** The servers that it has left open; they listen. */
  readonly servers: readonly net.Server[];
  /** Ends them: by SIGTERM where the program listens for that, else by force. */
  stop(): Promise<void>;
}

/** @param replaced what a module of the user's is instead, by the name under which the block imports it */
export async function runBlock({ code, page, line }: Block, replaced: Replaced = {}): Promise<Running> {
  const { outputText } = ts.transpileModule(code, {
    fileName: `${page}-${line}.ts`,
    compilerOptions: {
      module: ts.ModuleKind.CommonJS,
      target: ts.ScriptTarget.ES2022,
      esModuleInterop: true,
      experimentalDecorators: true,
      emitDecoratorMetadata: true, // Nest injects by it
    },
  });
  const before = process.listeners('SIGTERM');
  const program = new Program('require', 'exports', outputText);
  const servers = await listeningAnywhere(() => program((name: string) => replaced[name] ?? requireForUser(name), {}));
  const handlers = process.listeners('SIGTERM').filter((listener) => !before.includes(listener));
  return { servers, stop: () => stop(servers, handlers) };
}

/** The status of an answer, on a connection of its own. */
export function statusOf(server: net.Server, path = '/'): Promise<number | undefined> {
  const { port } = server.address() as AddressInfo;
  return server instanceof http.Server ? http1Status(port, path) : http2Status(port, path);
}

/** `./database.js` is the user's; everything else comes from where it is installed. */
function requireForUser(name: string): unknown {
  return jest.requireActual(name.startsWith('./') ? join(userFolder, name.replace(/\.js$/, '.ts')) : name);
}

/** Whatever port a program asks for, it gets a free one. */
async function listeningAnywhere(program: () => Promise<void>): Promise<net.Server[]> {
  const servers = new Set<net.Server>();
  const { listen } = net.Server.prototype;
  net.Server.prototype.listen = function (this: net.Server, ...args: unknown[]) {
    servers.add(this.once('close', () => servers.delete(this)));
    const onListening = args.find((argument) => typeof argument === 'function') as (() => void) | undefined;
    return Reflect.apply(listen, this, [0, '127.0.0.1', onListening]) as net.Server;
  } as typeof listen;
  try {
    await program();
  } finally {
    net.Server.prototype.listen = listen;
  }
  await Promise.all([...servers].map((server) => server.listening || once(server, 'listening')));
  return [...servers];
}

async function stop(servers: readonly net.Server[], handlers: readonly NodeJS.SignalsListener[]): Promise<void> {
  const closed = servers.map((server) => once(server, 'close'));
  if (handlers.length > 0) expect(await exitCodeOnSignal(handlers)).toBe(0);
  else for (const server of servers) server.close(); // their requests have been answered, or given up
  await Promise.all(closed);
}

/** What the process would exit with. The handlers go, as they would with the process. */
async function exitCodeOnSignal(handlers: readonly NodeJS.SignalsListener[]): Promise<unknown> {
  const code = await new Promise((resolve) => {
    jest.spyOn(process, 'exit').mockImplementation(((given: unknown) => resolve(given)) as typeof process.exit);
    process.emit('SIGTERM', 'SIGTERM');
  });
  for (const handler of handlers) for (const signal of ['SIGTERM', 'SIGINT']) process.off(signal, handler);
  return code;
}

async function http1Status(port: number, path: string): Promise<number | undefined> {
  const request = http.get({ host: '127.0.0.1', port, path, agent: false, signal: AbortSignal.timeout(DEADLINE_MS) });
  const [response] = (await once(request, 'response')) as [http.IncomingMessage];
  response.resume();
  await once(response, 'end');
  return response.statusCode;
}

async function http2Status(port: number, path: string): Promise<number | undefined> {
  const session = http2.connect(`http://127.0.0.1:${port}`);
  const stream = session.request({ ':path': path }, { signal: AbortSignal.timeout(DEADLINE_MS) });
  const [headers] = (await once(stream, 'response')) as [http2.IncomingHttpHeaders];
  stream.resume();
  await once(stream, 'end');
  session.close();
  return Number(headers[':status']);
}
