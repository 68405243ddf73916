/** A process with one server: `server <name> <application> <when it opens>`. */
import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type ServerName, servers } from '../servers.js';

/** What it tells its parent. */
export interface ServerMessage {
  readonly port?: number;
  readonly leftBehind?: number;
  readonly waiting?: number;
  readonly cpuUs?: number;
}

const WORK_MS = 1;
const TOLD_EVERY_MS = 5;

const applications: Record<string, RequestListener> = {
  hello: (_req, res) => res.end('hello\n'),
  work: (_req, res) => {
    const end = performance.now() + WORK_MS;
    while (performance.now() < end);
    res.end('done\n');
  },
};

const [name, application, opens] = process.argv.slice(2);
const held = opens === 'on-demand';
const served = await servers[name as ServerName]({
  application: applications[application ?? ''] as RequestListener,
  health: held,
});
const tell = (message: ServerMessage): void => void process.send?.(message);
process.on('disconnect', () => process.exit(0));

if (held) {
  const telling = setInterval(() => tell({ waiting: served.waiting() }), TOLD_EVERY_MS);
  process.once('message', () => {
    clearInterval(telling);
    void served.open();
  });
} else {
  await served.open();
  process.on('message', () => {
    const { user, system } = process.cpuUsage();
    tell({ cpuUs: user + system });
  });
  tell({ leftBehind: served.leftBehind() });
}
served.server.listen({ port: 0, host: '127.0.0.1', backlog: 2_000 }, () => {
  tell({ port: (served.server.address() as AddressInfo).port });
});
