// Next with a server of its own, whose configuration comes from a service.
import { createServer } from 'node:http';
import next from 'next';

const app = next({ dir: import.meta.dirname });

const server = createServer((req, res) => app.getRequestHandler()(req, res));
server.listen(process.env.PORT ?? 3000, () => console.log(`listening on ${server.address().port}`));
await app.prepare();
