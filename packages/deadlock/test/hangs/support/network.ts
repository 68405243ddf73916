interface Reply {
  readonly status: number;
  readonly body: string;
}

/** A request as others send it. */
export async function get(port: number, path: string): Promise<Reply> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`);
  return { status: response.status, body: await response.text() };
}
