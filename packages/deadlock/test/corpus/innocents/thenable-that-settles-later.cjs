async function main() {
  await { then: (resolve) => void setTimeout(resolve, 20) };
  console.log('up');
}
main();
