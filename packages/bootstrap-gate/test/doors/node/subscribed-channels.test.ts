import { runProgram } from './support/child.js';

const outgoing = [
  'net.client.socket',
  'http.client.request.created',
  'http.client.request.start',
  'undici:request:create',
  'undici:client:sendHeaders',
  'undici:request:trailers',
  'undici:request:error',
];

test('A2, D5: channels of Node are listened to while a bootstrap runs or may still run, and not by an open gate', async () => {
  const program = require.resolve('./programs/subscribed-channels.ts');
  expect(await runProgram(program)).toEqual([
    ['no gate', []],
    ['idle', []],
    ['booting', ['http.server.request.start', ...outgoing]],
    ['ready', []],
    ['idle', []],
    ['failed', outgoing],
    ['closed', []],
  ]);
});
