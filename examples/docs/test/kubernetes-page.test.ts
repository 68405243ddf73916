import { readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Deployment } from 'kubernetes-types/apps/v1.js';
import type { Container, Probe, Service } from 'kubernetes-types/core/v1.js';
import { parseAllDocuments } from 'yaml';
import { bootTimeoutMs } from '../../shutdown/src/app.js';
import { compile, problems } from './lib/compiler.js';
import { codeBlocks, page, root, tableUnder } from './lib/markdown.js';
import { runBlock } from './lib/run-block.js';

const example = join(root, 'examples/shutdown');

describe('the manifest', () => {
  const documents = parseAllDocuments(readFileSync(join(example, 'deployment.yaml'), 'utf8'));
  const [deployment, service] = documents.map((document): unknown => document.toJS()) as [Deployment, Service];
  const pod = deployment.spec!.template;
  const [shop] = pod.spec!.containers as [Container];
  const program = readFileSync(join(example, 'src/server.ts'), 'utf8');

  const env = (name: string): number => Number(shop.env!.find((entry) => entry.name === name)?.value);
  const seconds = ({ periodSeconds = 10, failureThreshold = 3 }: Probe): number => periodSeconds * failureThreshold;

  test('is YAML without errors, and every field is one that Kubernetes knows', () => {
    expect(documents.flatMap(({ errors, warnings }) => [...errors, ...warnings])).toEqual([]);
    const typed = `
      import type { Deployment } from 'kubernetes-types/apps/v1.js';
      import type { Service } from 'kubernetes-types/core/v1.js';
      export const deployment: Deployment = ${JSON.stringify(deployment)};
      export const service: Service = ${JSON.stringify(service)};`;
    expect(problems(compile(new Map([['manifest.ts', typed]])), 'manifest.ts')).toEqual([]);
  }, 60_000);

  test('gives the bootstrap more time than its bootTimeoutMs', () => {
    expect(seconds(shop.startupProbe!) * 1_000).toBeGreaterThan(bootTimeoutMs);
  });

  test('gives the whole end more time than its parts take', () => {
    const partsMs = env('DRAIN_MS') + env('TIMEOUT_MS');
    const { sleep } = shop.lifecycle!.preStop!;
    expect(pod.spec!.terminationGracePeriodSeconds).toBeGreaterThan(sleep!.seconds + partsMs / 1_000);
    expect(sleep!.seconds * 1_000 + env('DRAIN_MS')).toBeGreaterThan(seconds(shop.readinessProbe!) * 1_000);
  });

  test('sets what the program reads, and asks on the port on which it listens', () => {
    for (const { name } of shop.env!) expect(program).toContain(`${name} = `);
    const [port] = shop.ports!;
    expect(program).toContain(`PORT = ${port!.containerPort}`);
    const probes = [shop.startupProbe, shop.readinessProbe, shop.livenessProbe];
    expect(probes.map((probe) => probe?.httpGet?.port)).toEqual(Array(3).fill(port!.name));
    expect(service.spec!.ports).toMatchObject([{ targetPort: port!.name }]);
  });

  test('asks for the paths of health: true', () => {
    const defaults = new Map(tableUnder(page('docs/options.md'), 'HealthPaths').map(([name, path]) => [name, path]));
    const asked = {
      startup: shop.startupProbe?.httpGet?.path,
      ready: shop.readinessProbe?.httpGet?.path,
      live: shop.livenessProbe?.httpGet?.path,
    };
    for (const [name, path] of Object.entries(asked)) expect(`'${path}'`).toBe(defaults.get(name));
  });

  test('selects its own pods', () => {
    expect(deployment.spec!.selector.matchLabels).toEqual(pod.metadata!.labels);
    expect(service.spec!.selector).toEqual(pod.metadata!.labels);
  });

  test('has the numbers that the guide explains', () => {
    const rows = tableUnder(page('docs/guides/kubernetes.md'), 'The manifest').map((row) => row.at(-1));
    const end = [shop.lifecycle!.preStop!.sleep!.seconds, env('DRAIN_MS') / 1_000, env('TIMEOUT_MS') / 1_000];
    expect(rows).toEqual([
      `${seconds(shop.startupProbe!)} s > ${bootTimeoutMs / 1_000} s`,
      `${pod.spec!.terminationGracePeriodSeconds} s > ${end.join(' + ')} s`,
      `${seconds(shop.livenessProbe!)} s`,
    ]);
  });
});

describe('the route for the report', () => {
  const block = codeBlocks(page('docs/guides/kubernetes.md')).find(({ code }) => code.includes('REPORT_TOKEN'))!;

  afterEach(() => {
    delete process.env.REPORT_TOKEN;
  });

  /** Runs the guide's program, and asks it for the report with each of these headers. */
  async function ask(...authorizations: (string | undefined)[]): Promise<{ status: number; text: string }[]> {
    const { servers, stop } = await runBlock(block);
    const { port } = (servers[0] as Server).address() as AddressInfo;
    try {
      const replies = authorizations.map(async (authorization) => {
        const headers = { connection: 'close', ...(authorization !== undefined && { authorization }) };
        const reply = await fetch(`http://127.0.0.1:${port}/internal/bootstrap`, { headers });
        return { status: reply.status, text: await reply.text() };
      });
      return await Promise.all(replies);
    } finally {
      await stop();
    }
  }

  test('shows it to who knows the token, and to nobody else', async () => {
    process.env.REPORT_TOKEN = 'secret';
    const [right, ...wrong] = await ask(
      'Bearer secret',
      undefined,
      '',
      'Bearer',
      'Bearer secre',
      'Bearer secrets',
      'secret',
    );
    expect(right?.status).toBe(200);
    expect(JSON.parse(right?.text ?? '')).toMatchObject({
      gate: 'shop',
      attempts: [{ steps: [{ name: 'database' }] }],
    });
    expect(wrong.map(({ status, text }) => [status, text])).toEqual(Array(6).fill([401, '']));
  });

  test('is not there without a token', async () => {
    const replies = await ask('Bearer undefined', 'Bearer ', undefined);
    expect(replies.map(({ status }) => status)).toEqual([404, 404, 404]);
  });
});
