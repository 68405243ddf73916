/** Prints which channels of Node are listened to in each state of a gated server. */
import { channel } from 'node:diagnostics_channel';
import { bootstrapGate } from '../../../../src/doors/node/index.js';

const names = [
  'http.server.request.start',
  'net.client.socket',
  'http.client.request.created',
  'http.client.request.start',
  'undici:request:create',
  'undici:client:sendHeaders',
  'undici:request:trailers',
  'undici:request:error',
];
const turn = (): Promise<void> => new Promise(setImmediate);
const states: [state: string, heard: string[]][] = [];

/** In the turn after next: until then what follows may need them as well. */
async function note(state: string): Promise<void> {
  await turn();
  await turn();
  states.push([state, names.filter((name) => channel(name).hasSubscribers)]);
}

async function run(): Promise<void> {
  let finish = (): void => {};
  let fail = false;
  const bootstrap = async (): Promise<void> => {
    await new Promise<void>((resolve) => (finish = resolve));
    if (fail) throw new Error('no');
  };
  await note('no gate');
  const { gate } = bootstrapGate(() => {}, { bootstrap });
  await note(gate.state);
  const ready = gate.ensureReady();
  await note(gate.state);
  finish();
  await ready;
  await note(gate.state);
  await gate.reset();
  await note(gate.state);
  fail = true;
  const failed = gate.ensureReady().catch(() => {});
  finish();
  await failed;
  await note(gate.state);
  await gate.close();
  await note(gate.state);
}

void run().then(() => console.log(JSON.stringify(states)));
