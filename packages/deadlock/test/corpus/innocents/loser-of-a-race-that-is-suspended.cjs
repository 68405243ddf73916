const held = (globalThis.held = {});
const slow = async () => {
  await new Promise((resolve) => (held.resolve = resolve));
};
async function main() {
  await Promise.race([slow(), new Promise((resolve) => setTimeout(resolve, 10))]);
  console.log('up');
}
main();
