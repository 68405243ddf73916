// An error path forgets to call back.
const load = (name, callback) => {
  if (name === 'missing') return;
  setImmediate(callback, null, name);
};
const { promisify } = require('node:util');

async function main() {
  await promisify(load)('missing');
  console.log('up');
}
main();
