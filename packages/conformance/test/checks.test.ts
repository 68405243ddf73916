import { allChecks, checksFor } from '@bootstrap-gate/conformance';

const mount = () => Promise.reject(new Error('nobody mounts here'));

test('every check has an id of its own', () => {
  expect(new Set(allChecks.map(({ id }) => id)).size).toBe(allChecks.length);
});

test.each(allChecks.map(({ id, rule, title }) => [id, rule, title]))('%s names its rule: %s %s', (id, rule, title) => {
  expect(id).toMatch(/^C\d{3}$/);
  expect(rule).toMatch(/^[A-Z]\d+$/);
  expect(title).toMatch(/^MUST /);
});

test('an adapter is asked only for what its framework has', () => {
  const features = ['next', 'forward', 'prefix', 'handler', 'connection', 'rawTarget'] as const;
  const bare = checksFor({ mount });
  const full = checksFor({ features, mount });
  const http2 = checksFor({ protocol: 'http2', mount });
  expect(new Set(bare.flatMap(({ needs }) => needs))).toEqual(new Set(['http1']));
  expect(new Set(full.flatMap(({ needs }) => needs))).toEqual(new Set(['http1', ...features]));
  expect(new Set(http2.flatMap(({ needs }) => needs))).toEqual(new Set(['http2']));
});

test('a check fails with an AssertionError, also where something else went wrong', async () => {
  const failure = expect.objectContaining({ name: 'AssertionError', message: 'nobody mounts here' });
  await expect(allChecks[0]?.run({ mount })).rejects.toEqual(failure);
});
