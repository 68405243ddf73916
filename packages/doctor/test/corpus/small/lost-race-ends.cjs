async function start() {
  const never = new Promise(() => {});
  await Promise.race([never, new Promise((resolve) => setTimeout(resolve, 300))]);
}

start();
