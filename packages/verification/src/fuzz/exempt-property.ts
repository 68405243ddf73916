/** N5 over the wire: who passes has an exempt path byte for byte, who has one passes, and the router sees that path. */
import assert from 'node:assert/strict';
import { parse } from 'node:url';
import fc from 'fast-check';
import { type Request, request } from './arbitraries.js';
import { type Answer, askHttp1, askHttp2, Sessions } from './ask.js';
import { fateOf } from './model.js';
import { type Mount, mountAll } from './mounts.js';

/** How often requests met which fate, by mount. A run that only sees one of them has shown nothing. */
export type Tally = Record<string, Record<Answer['fate'], number>>;

export async function fuzzExempt(parameters: fc.Parameters<[Request]>): Promise<Tally> {
  const mounts = await mountAll({ maxWaiting: 0, waitTimeoutMs: 3_600_000 }); // what is not exempt is denied at once
  const tally: Tally = Object.fromEntries(
    mounts.map(({ name }) => [name, { passed: 0, denied: 0, health: 0, refused: 0 }]),
  );
  const sessions = new Sessions(mounts.find(({ protocol }) => protocol === 'http2')?.port ?? 0);
  const ask = ({ protocol, port }: Mount, request: Request): Promise<Answer> =>
    protocol === 'http1' ? askHttp1(port, request) : askHttp2(sessions.usable, request);
  try {
    await fc.assert(
      fc.asyncProperty(request, async (request) => {
        const answers = await Promise.all(mounts.map((mount) => ask(mount, request)));
        const [alone, ...gated] = answers as [Answer, ...Answer[]];
        gated.forEach((answer, i) => check(mounts[i + 1]?.name ?? '', request, answer, alone));
        mounts.forEach(({ name }, i) => (tally[name] as Tally[string])[(answers[i] as Answer).fate]++);
      }),
      parameters,
    );
  } finally {
    sessions.end();
    await Promise.all(mounts.map((mount) => mount.close()));
  }
  return tally;
}

function check(name: string, { method, target }: Request, { fate, route, url }: Answer, alone: Answer): void {
  const why = `${name}: ${method} ${JSON.stringify(target)}`;
  if (fate === 'refused' && name.startsWith('Express') && !isRoutable(target)) return; // by its router, in front of the gate
  // HTTP/2 takes other bytes than HTTP/1. What it lets in is for the model, what it refuses for nobody.
  const isRefused = name === 'http2' ? fate === 'refused' : alone.fate === 'refused';
  assert.equal(fate, isRefused ? 'refused' : fateOf(method, target), why);
  if (fate !== 'passed') return;
  assert.equal(url, target, `${why}: the target that the application saw`);
  assert.equal(route, target.split('?', 1)[0], `${why}: the path that the router saw`);
}

/** The parser that routers of Express use: where it finds no path they call nobody. Node 26 throws where it used to guess. */
function isRoutable(target: string): boolean {
  try {
    return parse(target).pathname !== null;
  } catch {
    return false;
  }
}
