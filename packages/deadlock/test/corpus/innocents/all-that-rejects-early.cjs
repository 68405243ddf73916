const slow = async () => {
  await new Promise((resolve) => setTimeout(resolve, 50).unref());
};
async function main() {
  await Promise.all([slow(), Promise.reject(new Error('no'))]).catch(() => {});
  console.log('up');
}
main();
