/** The ways in which a program may call its own server. Each gives the status of the answer. */
import http, { Agent } from 'node:http';
import https from 'node:https';
import { atEnd, type Reply, send } from './network.js';

type Way = (port: number, path: string) => Promise<number>;

const statusOf = (reply: Promise<Reply>): Promise<number> => reply.then(({ status }) => status);

/** Streams a body whose end comes only after the answer, or after a turn of the event loop. */
export const streamed = (agent: Agent | false): Way => {
  return (port, path) =>
    new Promise((resolve, reject) => {
      const request = http.request({ host: '127.0.0.1', port, path, method: 'POST', agent });
      request.on('error', reject);
      request.on('response', (response) => {
        request.end();
        response.resume();
        response.on('end', () => resolve(response.statusCode ?? 0));
      });
      request.write('the first part');
    });
};

export const ways: Record<string, Way> = {
  fetch: async (port, path) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`);
    await response.text();
    return response.status;
  },
  'fetch with a body': async (port, path) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { method: 'POST', body: 'body' });
    await response.text();
    return response.status;
  },
  'fetch by another name of the machine': async (port, path) => {
    const response = await fetch(`http://localhost:${port}${path}`);
    await response.text();
    return response.status;
  },
  'http.get': (port, path) =>
    new Promise((resolve, reject) => {
      http
        .get({ host: '127.0.0.1', port, path, agent: false }, (response) => {
          response.resume();
          response.on('end', () => resolve(response.statusCode ?? 0));
        })
        .on('error', reject);
    }),
  'http.request with a body': (port, path) => statusOf(send(port, { path, method: 'POST', body: 'body' })),
  // Node 20 does not tell in time which request is on the connection: it is held until `waitTimeoutMs`.
  ...(Number.parseInt(process.versions.node) >= 22 && { 'http.request with a streamed body': streamed(false) }),
};

/** An agent that has a free connection to the server, from before the bootstrap. */
export async function warmAgent(port: number, path: string): Promise<Agent> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  atEnd(() => agent.destroy());
  await send(port, { agent, path });
  return agent;
}

export const throughAgent = (agent: Agent): Record<string, Way> => ({
  'a GET through a warm agent': (port, path) => statusOf(send(port, { path, agent })),
  'a POST through a warm agent': (port, path) => statusOf(send(port, { path, agent, method: 'POST', body: 'body' })),
  // Node 20 tells of such a request when its body has ended, which is too late: docs/errors.md names the limit.
  ...(Number.parseInt(process.versions.node) >= 22 && { 'a streamed body through a warm agent': streamed(agent) }),
});

export const secureWays: Record<string, Way> = {
  'https.get': (port, path) =>
    new Promise((resolve, reject) => {
      https
        .get({ host: '127.0.0.1', port, path, agent: false, rejectUnauthorized: false }, (response) => {
          response.resume();
          response.on('end', () => resolve(response.statusCode ?? 0));
        })
        .on('error', reject);
    }),
  'https.request with a body': (port, path) => statusOf(send(port, { tls: true, path, method: 'POST', body: 'body' })),
};
