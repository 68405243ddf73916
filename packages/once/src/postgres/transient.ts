/** Errors after which the same statement may succeed: the server restarts, fails over, is full, or chose a victim. */
const SQLSTATES = new Set(['25006', '40001', '40P01', '53300', '55P03', '57014', '57P01', '57P02', '57P03']);
const NETWORK = /^(ECONN.*|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|ENOTFOUND|EAI_AGAIN|ENOENT)$/;
/** postgres.js. */
const DRIVER = /^(CONNECTION_(CLOSED|ENDED|DESTROYED)|CONNECT_TIMEOUT)$/;
/** pg gives these no code. */
const MESSAGES =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/;

export function isTransient(error: unknown): boolean {
  const { code, message, syscall } = Object(error) as { code?: unknown; message?: unknown; syscall?: unknown };
  const text = String(code);
  if (SQLSTATES.has(text) || /^08.{3}$/.test(text) || DRIVER.test(text)) return true;
  // ENOENT only of a socket: the server's Unix socket appears when it has started.
  if (NETWORK.test(text)) return text !== 'ENOENT' || syscall === 'connect';
  return code === undefined && MESSAGES.test(String(message));
}
