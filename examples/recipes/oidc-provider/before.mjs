// An OpenID Connect provider whose clients are in a store that has to be connected first.
import { createServer } from 'node:http';
import Provider from 'oidc-provider';
import { Store } from './store.mjs';

const provider = new Provider('http://localhost', {
  adapter: Store,
  features: { clientCredentials: { enabled: true }, devInteractions: { enabled: false } },
});

const server = createServer(provider.callback());
server.listen(process.env.PORT ?? 3000, () => console.log(`listening on ${server.address().port}`));
await Store.connect();
