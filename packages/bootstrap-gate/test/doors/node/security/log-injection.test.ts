import { createServer } from 'node:http';
import { bootstrapGate } from '../../../../src/doors/node/index.js';
import { never } from '../support/never.js';
import { listen, send } from '../support/network.js';
import { warnings } from '../support/waiting.js';

const hostile = '\u001b]0;owned\u0007\u001b[2J\u009b1A\u202egnp\r\n(node:1) [FORGED] Warning: all is well\u0000';

/** A function of the user's that fails on what an outsider sends, and repeats it in its error. */
const fails = (): never => {
  throw new Error(`cannot read ${hostile}`);
};

test.each<[string, object]>([
  ['an exempt function', { exempt: [() => fails()] }],
  ['a waiting page', { waitingPage: { render: () => fails() } }],
])(
  'N5, N2: what an outsider makes %s say is one warning, on one line, without control codes',
  async (_who, options) => {
    const seen = warnings();
    const handler = bootstrapGate((_req, res) => res.end(), { bootstrap: never, maxWaiting: 0, ...options });
    const port = await listen(createServer(handler));
    for (let i = 0; i < 20; i++) await send(port, { path: `/${i}`, headers: { Accept: 'text/html' } });
    expect(seen).toHaveLength(1);
    expect(seen[0]?.message).toContain('\\u001b]0;owned\\u0007\\u001b[2J\\u009b1A\\u202egnp (node:1)');
    expect(seen[0]?.message).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
  },
);

/** Over HTTP/1 Node takes no byte beyond ASCII in a URL. Over HTTP/2 it does, some of which are control codes. */
