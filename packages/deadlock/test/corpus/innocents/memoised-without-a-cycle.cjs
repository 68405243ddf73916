const known = new Map();
const get = (name, make) => known.get(name) ?? known.set(name, make()).get(name);
const config = () => get('config', async () => ({ port: 1 }));
const store = () => get('store', async () => ({ config: await config() }));
async function main() {
  await Promise.all([store(), config(), store()]);
  console.log('up');
}
main();
