/** The kinds of process warnings, each with its paragraph in docs/errors.md. */
export type GateWarningCode =
  | 'GATE_STALLED'
  | 'GATE_FLIGHT_FAILED'
  | 'GATE_DEADLOCK'
  | 'GATE_LOOPBACK'
  | 'GATE_LOCK_ORDER'
  | 'GATE_PILOT_TIMEOUT'
  | 'GATE_UNFINISHED'
  | 'GATE_STOP_FAILED'
  | 'GATE_DETACHED_FAILED'
  | 'GATE_CALLBACK_FAILED'
  | 'GATE_LOCK_LOST'
  | 'GATE_LOCK_STALLED'
  | 'GATE_POOL_STALLED'
  | 'GATE_LOOP_BLOCKED';

/** The page that explains a code: the section of docs/errors.md, on the site. */
export const helpOf = (code: string): string => `https://bootstrap-gate.github.io/bootstrap-gate/errors/${code}`;

/**
 * Emits a `BootstrapGateWarning`, whose detail ends with the address of the code's page. The original error, where there
 * is one, travels as its `cause`.
 */
export function warn(code: GateWarningCode, message: string, ...cause: [] | [cause: unknown]): void {
  const warning = warningOf(code, message, ...cause);
  if (emits(warning)) return;
  // Test runners give each file an Error class of its own, which Node does not take for an error.
  emits(warning.message, { type: warning.name, code, detail: warning.detail });
}

/** False where it was refused: what only tells must not fail the work. */
function emits(warning: string | Error, options?: NodeJS.EmitWarningOptions): boolean {
  try {
    process.emitWarning(warning, options);
    return true;
  } catch {
    return false;
  }
}

/** The warning as an object, for whoever emits it himself. */
export function warningOf(
  code: GateWarningCode,
  message: string,
  ...cause: [] | [cause: unknown]
): Error & { readonly detail: string } {
  const text = visible(message);
  const warning = cause.length ? new Error(text, { cause: cause[0] }) : new Error(text);
  warning.name = 'BootstrapGateWarning';
  const stack = cause.length ? stackOf(cause[0]) : undefined;
  const detail = [...(stack === undefined ? [] : [visible(stack)]), helpOf(code)].join('\n');
  return Object.assign(warning, { code, detail });
}

/** Node prints it below the message. */
function stackOf(cause: unknown): string | undefined {
  try {
    const { stack } = Object(cause) as { readonly stack?: unknown };
    return typeof stack === 'string' ? stack : undefined;
  } catch {
    return undefined;
  }
}

/** Control codes and changes of writing direction, but for the ends of lines and tabs. */
const HARMFUL = /(?![\n\t])[\p{Cc}\p{Bidi_Control}]/gu;

/**
 * A warning is for a terminal or a log, and names and errors in it may carry what somebody sent: shown as escapes, it
 * cannot move the cursor, colour or hide anything.
 */
function visible(message: string): string {
  const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return message.replaceAll('\r\n', '\n').replace(HARMFUL, escaped);
}
