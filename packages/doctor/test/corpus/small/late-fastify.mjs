import fastify from 'fastify';

const app = fastify();
app.get('/', () => ({ city: 'Bern' }));
app.register(async (plugin) => {
  await new Promise((resolve) => setTimeout(resolve, 300));
  plugin.get('/more', () => 'more');
});
await app.listen({ port: 0 });
