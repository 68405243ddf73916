const DataLoader = require('dataloader');

const users = new DataLoader(async (ids) => Promise.all(ids.map(async (id) => (id > 1 ? users.load(id - 1) : id))));
users.load(3).then(() => console.log('up'));
