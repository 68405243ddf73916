async function main() {
  await Promise.any([new Promise(() => {}), Promise.resolve(1)]);
  console.log('up');
}
main();
