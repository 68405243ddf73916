export const dynamic = 'force-dynamic';

export default function Page() {
  return <p>Started with {globalThis.setting}</p>;
}
