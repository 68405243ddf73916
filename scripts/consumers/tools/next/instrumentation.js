export async function register() {
  if (process.env.NEXT_RUNTIME !== 'nodejs') return;
  const { createGate } = await import('bootstrap-gate');
  globalThis.gate = createGate({ name: 'next', bootstrap: async () => ({ greeting: 'hello' }) });
}
