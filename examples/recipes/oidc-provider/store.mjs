// The clients of the provider, in a store that has to be connected first.
let clients;

/** As the adapters in the documentation of oidc-provider have it. */
export class Store {
  static async connect() {
    const response = await fetch(process.env.SLOW_URL);
    clients = { client: { client_id: 'client', client_secret: await response.text(), ...machine } };
  }

  constructor(model) {
    this.model = model;
  }

  async find(id) {
    return this.model === 'Client' ? clients[id] : undefined;
  }

  async upsert() {}
}

const machine = { grant_types: ['client_credentials'], redirect_uris: [], response_types: [] };
