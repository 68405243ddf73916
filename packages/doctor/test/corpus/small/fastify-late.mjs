import fastify from 'fastify';

const app = fastify();
let names;

app.get('/', () => names[0]);
await app.listen({ port: Number(process.env.PORT ?? 0) });
await new Promise((resolve) => setTimeout(resolve, 700));
names = ['Bern'];
