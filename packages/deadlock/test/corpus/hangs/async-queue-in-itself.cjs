const { queue } = require('async');

const jobs = queue(async (job) => {
  if (job === 'outer') await jobs.pushAsync('inner');
}, 1);

async function main() {
  await jobs.pushAsync('outer');
  console.log('up');
}
main();
