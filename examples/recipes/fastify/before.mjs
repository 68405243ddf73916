// A shop whose prices need the tax rates of another service, which takes a while to give them.
import fastify from 'fastify';

const rates = { vat: 0 };
const loadRates = async () => Object.assign(rates, await (await fetch(process.env.SLOW_URL)).json());

const app = fastify();
app.get('/price', async () => ({ price: 100 * (1 + rates.vat) }));
await app.listen({ port: process.env.PORT ?? 3000, host: '127.0.0.1' });
console.log(`listening on ${app.server.address().port}`);

await loadRates();
