/** What a program tells of each check: a line of JSON. */
const LIMIT_MS = 10_000;

export async function note(door: string, id: string, title: string, run: () => Promise<void>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(`not finished within ${LIMIT_MS} ms`), LIMIT_MS);
  });
  const end = run().then(
    () => undefined,
    (error: Error) => error.message,
  );
  const failure = await Promise.race([end, late]);
  clearTimeout(timer);
  console.log(JSON.stringify({ door, id, title, failure }));
}
