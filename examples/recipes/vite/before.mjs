// An Express server that serves an application by Vite's middleware while it is developed.
import express from 'express';
import { createServer } from 'vite';

const settings = {
  name: 'settings',
  config: async () => ({ define: await (await fetch(process.env.SLOW_URL)).json() }),
};
const options = { root: import.meta.dirname, plugins: [settings], server: { middlewareMode: true } };

const app = express();
const server = app.listen(process.env.PORT ?? 5173, () => console.log(`listening on ${server.address().port}`));

const vite = await createServer(options);
app.use(vite.middlewares);
