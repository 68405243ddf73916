// Next bundles the instrumentation and each route apart; they meet by the gate's name.
import { gateNamed } from 'bootstrap-gate';

export const dynamic = 'force-dynamic';

export async function GET() {
  const { greeting } = await gateNamed('next').ensureReady();
  return new Response(greeting);
}
