const { queue } = require('async');

const jobs = queue(async (job) => {
  if (job === 'outer') void jobs.pushAsync('inner');
}, 1);
async function main() {
  await jobs.pushAsync('outer');
  await jobs.drain();
  console.log('up');
}
main();
