// A Hono application whose settings come from a service that has to answer first.
import { serve } from '@hono/node-server';
import { Hono } from 'hono';

let settings;
async function load() {
  settings = await (await fetch(process.env.SLOW_URL)).text();
}

const app = new Hono();
load();
app.get('/', (c) => c.json({ settings }));

serve({ fetch: app.fetch, port: Number(process.env.PORT ?? 3000) }, ({ port }) => console.log(`listening on ${port}`));
