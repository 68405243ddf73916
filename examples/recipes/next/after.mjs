// Next with a server of its own, whose configuration comes from a service.
import { createServer } from 'node:http';
import { bootstrapGate } from 'bootstrap-gate/node';
import next from 'next';

const app = next({ dir: import.meta.dirname });

const server = createServer(bootstrapGate({ bootstrap: () => app.prepare(), handler: () => app.getRequestHandler() }));
server.listen(process.env.PORT ?? 3000, () => console.log(`listening on ${server.address().port}`));
