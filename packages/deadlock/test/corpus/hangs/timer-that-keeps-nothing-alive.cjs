const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms).unref());

async function main() {
  await sleep(60_000);
  console.log('up');
}
main();
