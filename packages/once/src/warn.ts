export type OnceWarningCode =
  'ONCE_LOOP_BLOCKED' | 'ONCE_BEAT_ON_MAIN_THREAD' | 'ONCE_LOCK_WAIT' | 'ONCE_STORE_FORGETS';

/** Emits a `BootstrapGateWarning`. */
export function warn(code: OnceWarningCode, message: string): void {
  process.emitWarning(message, { type: 'BootstrapGateWarning', code });
}
