// A GraphQL server whose schema comes from a registry, so its start takes a while.
import { ApolloServer } from '@apollo/server';
import { expressMiddleware } from '@as-integrations/express5';
import { bootstrapGate } from 'bootstrap-gate/express';
import express from 'express';

const greeting = { text: undefined };
const apollo = new ApolloServer({
  typeDefs: 'type Query { hello: String! }',
  resolvers: { Query: { hello: () => greeting.text } },
  plugins: [{ serverWillStart: async () => void (greeting.text = await (await fetch(process.env.SLOW_URL)).text()) }],
});

const app = express();
app.use('/graphql', express.json());
app.use('/graphql', bootstrapGate({ bootstrap: () => apollo.start(), handler: () => expressMiddleware(apollo) }));
const server = app.listen(process.env.PORT ?? 4000, () => console.log(`listening on ${server.address().port}`));
