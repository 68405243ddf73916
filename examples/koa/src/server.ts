import { app, gate } from './app.js';

const port = Number(process.env.PORT ?? 3000);
app.listen(port, () => console.log(`http://localhost:${port}/cities`));
gate.ensureReady().then(
  () => console.log('ready'),
  (error: unknown) => console.error(error),
);
