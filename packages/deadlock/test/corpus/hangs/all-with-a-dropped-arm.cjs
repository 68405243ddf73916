// One of three things that are started at once never calls back.
const start = async (name) => {
  if (name === 'queue') await new Promise(() => {});
  await null;
};

async function main() {
  await Promise.all([start('db'), start('queue'), start('cache')]);
  console.log('up');
}
main();
