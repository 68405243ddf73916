import { Writable } from 'node:stream';
import { createGate } from '../../src/index.js';
import { reportToTerminal, toSvg } from '../../src/report/index.js';
import { reportOf } from './support/reports.js';

const polluted: string[] = [];

/** Gives every object of the process an inherited property, as a prototype pollution does. */
function pollute(name: string, value: unknown): void {
  Object.defineProperty(Object.prototype, name, { value, configurable: true, writable: true, enumerable: true });
  polluted.push(name);
}

afterEach(() => {
  for (const name of polluted.splice(0)) Reflect.deleteProperty(Object.prototype, name);
});

test('options on Object.prototype are not given: no stream, no lines in place, no herd', async () => {
  const written: string[] = [];
  const write = (part: Buffer, _encoding: string, done: () => void): void => {
    written.push(String(part));
    done();
  };
  pollute('stream', new Writable({ write }));
  pollute('live', 'yes');
  pollute('herd', 'none');
  const gate = createGate({ bootstrap: () => 1 });
  const stop = reportToTerminal(gate, {});
  const stopToo = reportToTerminal(gate);
  await gate.ensureReady();
  stop();
  stopToo();
  expect(written).toEqual([]);
  expect(toSvg(reportOf([]), {})).toContain('</svg>');
});
