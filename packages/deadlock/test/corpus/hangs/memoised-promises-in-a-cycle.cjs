// Two factories of a memoising container need each other.
const known = new Map();
const get = (name, make) => known.get(name) ?? known.set(name, make()).get(name);
const config = () => get('config', async () => ({ store: await store() }));
const store = () =>
  get('store', async () => {
    await null;
    return { config: await config() };
  });

async function main() {
  await config();
  console.log('up');
}
main();
