/** Two shops, on ports 3001 and 3002. The first takes three seconds to start, the second six. */
import { setTimeout as sleep } from 'node:timers/promises';
import { createShop } from './app.js';

for (const [index, seconds] of [3, 6].entries()) {
  const name = `shop${index + 1}`;
  const { server, gate } = createShop({
    name,
    bootstrap: (boot) => boot.step('prices', ({ signal }) => sleep(seconds * 1_000, undefined, { signal })),
  });
  gate.onChange((state) => console.log(`${name} is ${state}`));
  server.listen(3001 + index, '127.0.0.1', () => console.log(`${name} listens, and begins with its first request`));
}
