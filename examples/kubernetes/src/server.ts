import { shutdownOnSignal } from 'bootstrap-gate/shutdown';
import { app, gate } from './app.js';

const { PORT = 3000, DRAIN_MS = 5_000, TIMEOUT_MS = 20_000 } = process.env;
const server = app.listen(Number(PORT), () => console.log(`http://localhost:${PORT}/cities`));
shutdownOnSignal(server, gate, { drainMs: Number(DRAIN_MS), timeoutMs: Number(TIMEOUT_MS) });
