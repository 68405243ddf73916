// Loading a user loads its manager, which is the user.
const DataLoader = require('dataloader');

const users = new DataLoader(async (ids) =>
  Promise.all(ids.map(async (id) => ({ id, manager: await users.load(id) }))),
);

async function main() {
  await users.load(1);
  console.log('up');
}
main();
