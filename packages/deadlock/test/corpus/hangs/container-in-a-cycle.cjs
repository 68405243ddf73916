// A service container resolves in its async factories; three of them need each other.
class Container {
  #made = new Map();
  #factories = new Map();
  register(name, factory) {
    this.#factories.set(name, factory);
  }
  resolve(name) {
    if (!this.#made.has(name)) this.#made.set(name, this.#make(name));
    return this.#made.get(name);
  }
  async #make(name) {
    await null;
    return this.#factories.get(name)(this);
  }
}
const container = new Container();
container.register('mailer', async (c) => ({ users: await c.resolve('users') }));
container.register('users', async (c) => ({ sessions: await c.resolve('sessions') }));
container.register('sessions', async (c) => ({ mailer: await c.resolve('mailer') }));
container.resolve('mailer').then(() => console.log('up'));
