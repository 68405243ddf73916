async function* rows() {
  for (let n = 0; ; n++) yield n;
}
async function main() {
  for await (const n of rows()) if (n > 3) break;
  console.log('up');
}
main();
