import { gate, handler } from '../src/handler.js';

afterAll(() => gate.close());

test('calls that come while the database connects share one bootstrap and are answered', async () => {
  const answers = await Promise.all(['/cities', '/cities', '/'].map((rawPath) => handler({ rawPath })));
  expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200, 404]);
  expect(answers[0]?.body).toBe('["Lima","Oslo","Paris"]');
  expect(gate.report().attempts).toHaveLength(1);
});
