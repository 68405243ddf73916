// Parse Server on Postgres: its schema is made and its cloud code is loaded while it starts.
import express from 'express';
import { ParseServer } from 'parse-server';

const parse = new ParseServer({
  appId: 'recipe',
  masterKey: 'master',
  serverURL: 'http://localhost/parse',
  databaseURI: process.env.DATABASE_URL,
  cloud: async () => void (await fetch(process.env.SLOW_URL)),
  silent: true,
});

const app = express();
app.use('/parse', parse.app);
const server = app.listen(process.env.PORT ?? 1337, () => console.log(`listening on ${server.address().port}`));
await parse.start();
