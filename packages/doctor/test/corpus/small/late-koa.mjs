import Koa from 'koa';

const app = new Koa();
await new Promise((resolve) => setTimeout(resolve, 400));
app.use((ctx) => {
  ctx.body = { now: Date.now(), cities: ['Bern'] };
});
app.listen(0);
