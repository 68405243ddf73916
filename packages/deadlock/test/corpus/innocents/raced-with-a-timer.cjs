// The wait that never ends has lost a race.
const never = new Promise(() => {});
async function main() {
  await Promise.race([never, new Promise((resolve) => setTimeout(resolve, 10))]);
  console.log('up');
}
main();
