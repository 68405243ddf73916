import { BROKEN, CASES, SOUND, type Case } from './corpus/catalogue.js';
import { build, type Built } from './support/build.js';
import { startServices, type Services } from './support/services.js';
import { difference, visit, type Visited } from './support/visit.js';

/** The applications mostly wait, so several are examined at once. */
const AT_ONCE = 6;

let built: Built;
let services: Services;
const visited = new Map<Case, Visited>();

beforeAll(async () => {
  built = build();
  services = await startServices(CASES);
  const left = [...CASES];
  const work = async (): Promise<void> => {
    for (let one = left.shift(); one !== undefined; one = left.shift())
      visited.set(one, await visit(built, services, one));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}, 600_000);

afterAll(async () => {
  await services.stop();
  built.remove();
});

const asExpected = (one: Case): void => expect(difference(one, visited.get(one) as Visited)).toBeUndefined();

test.each(BROKEN.filter((one) => CASES.includes(one)).map((one) => [one.name, one.finds.join(' and '), one] as const))(
  'of %s it finds %s, names the line, and its edits are a cure where it proposes any',
  (_name, _finds, one) => asExpected(one),
);

test.skip.each(BROKEN.filter((one) => !CASES.includes(one)).map(({ name, since }) => [name, since] as const))(
  '%s needs Node %i',
  () => undefined,
);

test.each(SOUND.filter(({ exit }) => exit === 0).map((one) => [one.name, one] as const))('%s passes', (_name, one) =>
  asExpected(one),
);

test.each(SOUND.filter(({ exit }) => exit === 3).map((one) => [one.name, one] as const))(
  '%s is not examined, and that is not called sound',
  (_name, one) => asExpected(one),
);
