/** Where the application can be asked: a loopback address that it opened itself. */
import { connect } from 'node:net';
import type { Address, EntryOf } from '../journal-entry.js';
import type { JournalReader } from './journal-reader.js';

export interface Door {
  readonly host?: string;
  readonly port?: number;
  readonly socketPath?: string;
  readonly protocol: EntryOf<'open'>['protocol'];
  readonly allowsHttp1: boolean;
  readonly openedAt: number;
  /** The number of the server in its process, to find who called `listen`. */
  readonly server: number;
  readonly process: string;
}

/** The first HTTP server that listens; with `port` the one on that port. */
export function doorOf(journal: JournalReader, port?: number): Door | undefined {
  for (const { at, address, protocol, allowsHttp1, server, process } of journal.of('open')) {
    if (protocol === 'other' || (port !== undefined && (typeof address === 'string' || address.port !== port)))
      continue;
    return { ...whereTo(address), protocol, allowsHttp1, openedAt: at, server, process };
  }
  return undefined;
}

/** Every process that serves at the door: one, or the workers of a cluster. */
export function servingProcesses(journal: JournalReader): ReadonlySet<string> {
  return new Set(journal.of('open').flatMap(({ protocol, process }) => (protocol === 'other' ? [] : [process])));
}

export function isLoopback(host: string): boolean {
  return /^(?:127\.\d+\.\d+\.\d+|::1|localhost|::ffff:127\.\d+\.\d+\.\d+)$/.test(host);
}

export function describeDoor({ port, socketPath }: Door): string {
  return socketPath === undefined ? `port ${port}` : `socket ${socketPath}`;
}

/** Whether something accepts connections there. */
export function accepts(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 1_000 });
    const answer = (accepted: boolean) => {
      socket.destroy();
      resolve(accepted);
    };
    socket.once('connect', () => answer(true));
    socket.once('error', () => answer(false));
    socket.once('timeout', () => answer(false));
  });
}

function whereTo(address: Address): Pick<Door, 'host' | 'port' | 'socketPath'> {
  if (typeof address === 'string') return { socketPath: address };
  const { port, family } = address;
  if (address.address === '::' || address.address === '0.0.0.0') {
    return { port, host: family === 'IPv6' ? '::1' : '127.0.0.1' };
  }
  return { port, host: address.address };
}
