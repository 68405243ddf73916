import { createGate } from 'bootstrap-gate';
import { bootstrapGate } from 'bootstrap-gate/koa';
import Koa from 'koa';
import { connect } from './database.js';

export const gate = createGate({
  name: 'cities',
  bootstrap: (boot) => boot.step('database', connect, { stop: (database) => database.end() }),
});

export const app = new Koa();
app.use(bootstrapGate({ gate, health: true }));
app.use(async (ctx) => {
  if (ctx.path === '/cities') ctx.body = await gate.value.cities();
});
