const Koa = require('koa');

const app = new Koa();
let names;

async function start() {
  await new Promise((resolve) => setTimeout(resolve, 700));
  names = ['Bern'];
}

app.silent = true;
app.use((ctx) => {
  ctx.body = names[0];
});
start();
app.listen(process.env.PORT ?? 0);
