/** On Node 20 the requests of a server run in the async context in which it began to listen: here that is a step. */
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createGate, type Gate } from 'bootstrap-gate';
import { bootstrapGate } from 'bootstrap-gate/node';
import { deferred, traced, turn } from '../support.js';
import { expectNoVerdict } from './support.js';

const servers: Server[] = [];
afterEach(async () => {
  jest.restoreAllMocks();
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  }
});

interface Listening {
  readonly gate: Gate<unknown>;
  /** Sends a request that is handled while the step which made the server is pending. */
  readonly text: (path: string) => Promise<string>;
  readonly finish: () => void;
}

/** A gate with a step in which a server begins to listen. */
async function listenInStep(listener: (gate: Gate<unknown>) => RequestListener): Promise<Listening> {
  const rest = deferred();
  const port = deferred<number>();
  const listen = async (): Promise<void> => {
    const server = createServer(listener(gate)).listen(0, '127.0.0.1');
    servers.push(server);
    await once(server, 'listening');
    port.resolve((server.address() as AddressInfo).port);
    await rest.promise;
  };
  const gate: Gate<unknown> = createGate({ name: 'shop', bootstrap: (boot) => boot.step('listen', listen) });
  void gate.ensureReady();
  const url = `http://127.0.0.1:${await port.promise}`;
  return { gate, text: async (path) => (await fetch(url + path)).text(), finish: () => rest.resolve() };
}

/** Answers with what the work gives, or with the message of its error. */
const answerWith =
  (work: () => Promise<unknown>): RequestListener =>
  (_request, response) =>
    void work().then(
      (value) => response.end(String(value)),
      (error: unknown) => response.end(String(error)),
    );

test('D2: requests that wait at the door of a server that began to listen inside a step', async () => {
  await expectNoVerdict(async () => {
    const { gate, text, finish } = await listenInStep((gate) =>
      bootstrapGate(
        answerWith(async () => 'done'),
        { gate },
      ),
    );
    const answers = Promise.all(Array.from({ length: 20 }, () => text('/')));
    while (gate.report().held < 20) await turn();
    finish();
    expect(new Set(await answers)).toEqual(new Set(['done']));
  });
});

test('D2: an exempt request there takes a mutex whose holder waits for the gate', async () => {
  const mutex = traced('log');
  await expectNoVerdict(async () => {
    const handled = deferred();
    const { gate, text, finish } = await listenInStep((gate) => {
      const take = (): Promise<string> => {
        handled.resolve();
        return mutex.runExclusive(() => 'done');
      };
      return bootstrapGate(answerWith(take), { gate, exempt: ['/metrics'] });
    });
    const holder = mutex.runExclusive(() => gate.ensureReady());
    const answer = text('/metrics');
    await handled.promise;
    await turn();
    finish();
    expect([await answer, await holder]).toEqual(['done', undefined]);
  });
});

test('D2: a request without a door there takes a mutex whose holder waits for the gate', async () => {
  const mutex = traced('log');
  await expectNoVerdict(async () => {
    const handled = deferred();
    const take = (): Promise<string> => {
      handled.resolve();
      return mutex.runExclusive(() => 'done');
    };
    const { gate, text, finish } = await listenInStep(() => answerWith(take));
    const holder = mutex.runExclusive(() => gate.ensureReady());
    const answer = text('/');
    await handled.promise;
    await turn();
    finish();
    expect([await answer, await holder]).toEqual(['done', undefined]);
  });
});

test('D2: a request without a door there waits for the gate', async () => {
  await expectNoVerdict(async () => {
    const handled = deferred();
    const { text, finish } = await listenInStep((gate) =>
      answerWith(() => {
        handled.resolve();
        return gate.ensureReady().then(() => 'done');
      }),
    );
    const answer = text('/');
    await handled.promise;
    await turn();
    finish();
    expect(await answer).toBe('done');
  });
});

test('D2: a request of a server that began to listen while a mutex was held takes that mutex', async () => {
  const mutex = traced('log');
  await expectNoVerdict(async () => {
    const [handled, end] = [deferred(), deferred()];
    const take = (): Promise<string> => {
      handled.resolve();
      return mutex.runExclusive(() => 'done');
    };
    const server = createServer(answerWith(take));
    servers.push(server);
    const port = deferred<number>();
    const holder = mutex.runExclusive(async () => {
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      port.resolve((server.address() as AddressInfo).port);
      await end.promise;
    });
    const answer = fetch(`http://127.0.0.1:${await port.promise}/`).then((response) => response.text());
    await handled.promise;
    await turn();
    end.resolve();
    expect(await answer).toBe('done');
    await holder;
  });
});
