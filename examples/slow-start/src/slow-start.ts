/** The start of the shop with people in front of it, and what is left of it to look at afterwards. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { bootstrapGate } from 'bootstrap-gate/node';
import {
  blame,
  criticalChain,
  recordHerd,
  reportToTerminal,
  type TerminalOptions,
  toChromeTrace,
  toMermaid,
  toSvg,
} from 'bootstrap-gate/report';
import { createShop } from './shop.js';

/** Boots the shop under load, writes the pictures into `folder`, and gives what blame and criticalChain say. */
export async function slowStart(folder: string, ms: number, terminal: TerminalOptions = {}): Promise<string> {
  const gate = createShop(ms);
  reportToTerminal(gate, terminal);
  const herd = recordHerd(gate);
  const server = createServer(bootstrapGate((_req, res) => void res.end('hello'), { gate })).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  const answers = await visitors(`http://127.0.0.1:${port}`, ms);

  const report = gate.report();
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'start.svg'), toSvg(report, { herd }));
  writeFileSync(join(folder, 'start.mmd'), toMermaid(report));
  writeFileSync(join(folder, 'start.trace.json'), toChromeTrace(report, { herd }));
  server.close();
  await gate.close();
  const right = answers.filter((status) => status === 200).length;
  return [blame(report), criticalChain(report), `${right} of ${answers.length} visitors were served.`].join('\n');
}

/** The first comes at once, the others one after another; none of them has to come again. */
async function visitors(url: string, ms: number): Promise<number[]> {
  const visits = Array.from({ length: 120 }, async (_, index) => {
    await pause(index * 0.012 * ms);
    const response = await fetch(url);
    await response.text();
    return response.status;
  });
  return Promise.all(visits);
}
