import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Deployment } from 'kubernetes-types/apps/v1.js';
import { parseAllDocuments } from 'yaml';
import { bootTimeoutMs, gate } from '../src/app.js';

afterAll(() => gate.close());

test('the startup probe gives the bootstrap more time than its bootTimeoutMs, and the pod more than the shutdown takes', () => {
  const [document] = parseAllDocuments(readFileSync(join(__dirname, '../deployment.yaml'), 'utf8'));
  const { spec } = (document!.toJS() as Deployment).spec!.template;
  const { startupProbe, env, lifecycle } = spec!.containers[0]!;
  const ms = (name: string): number => Number(env!.find((entry) => entry.name === name)!.value);
  expect(startupProbe!.periodSeconds! * startupProbe!.failureThreshold! * 1_000).toBeGreaterThan(bootTimeoutMs);
  expect(spec!.terminationGracePeriodSeconds! * 1_000).toBeGreaterThan(
    lifecycle!.preStop!.sleep!.seconds * 1_000 + ms('DRAIN_MS') + ms('TIMEOUT_MS'),
  );
});
