import cluster from 'node:cluster';
import { fileOnce } from '@bootstrap-gate/once/file';
import { createGate } from 'bootstrap-gate';
import { bootstrapGate } from 'bootstrap-gate/express';
import express from 'express';

if (cluster.isPrimary) {
  for (let i = 0; i < 4; i++) cluster.fork();
  cluster.on('exit', () => cluster.fork());
} else {
  serve('/var/lib/shop/once', 3000);
}

export function serve(folder: string, port: number) {
  const once = fileOnce(folder, { namespace: 'shop', replica: `worker ${cluster.worker?.id}` });
  const gate = createGate({
    name: 'shop',
    eager: true,
    bootstrap: (boot) => boot.step('assets', once.run({ key: '2026-05-01' }, buildAssets)),
  });
  const app = express();
  app.use(bootstrapGate({ gate, health: true }));
  return app.listen(port);
}

async function buildAssets(): Promise<{ files: number }> {
  return { files: 12 };
}
