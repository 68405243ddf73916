const { silentPort } = require('./support/silent.cjs');

async function main() {
  const response = await fetch(`http://127.0.0.1:${await silentPort()}/secrets`);
  console.log('up', response.status);
}
main();
