/** The tables, and their creation by hundreds of replicas at once or by a DBA. */
import { OnceError } from '../errors.js';

const VERSION = 1;

export const quoted = (schema: string): string => `"${schema}"`;

/** Whether the tables are there: reading the catalog needs no privilege on them. */
export const LOOK_FOR_TABLES = `
SELECT (EXISTS (
  SELECT FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname = $1 AND c.relname = 'meta'
))::text AS json`;

export const readVersion = (schema: string): string =>
  `SELECT coalesce(max(version)::text, 'null') AS json FROM ${quoted(schema)}.meta`;

/**
 * CREATE … IF NOT EXISTS fails for most of those that run it at the same time, on catalog indexes. So creators take turns,
 * by a lock that ends with the transaction, and look first.
 */
export const create = (schema: string): string => `
DO $once$ BEGIN
  PERFORM pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtext('bootstrap-gate once'), pg_catalog.hashtext('${schema}'));
  IF pg_catalog.to_regclass('${quoted(schema)}.meta') IS NULL THEN
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_namespace WHERE nspname = '${schema}') THEN
      CREATE SCHEMA ${quoted(schema)};
    END IF;
${tables(schema).replace(/^/gm, '    ')}
  END IF;
END $once$`;

/** For those whose application may not create tables. */
export const script = (schema: string): string => `-- The tables of @bootstrap-gate/once, version ${VERSION}.
CREATE SCHEMA IF NOT EXISTS ${quoted(schema)};
${tables(schema)}
-- For the role of the application:
-- GRANT USAGE ON SCHEMA ${quoted(schema)} TO application;
-- GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${quoted(schema)} TO application;
`;

function tables(schema: string): string {
  const s = quoted(schema);
  return `CREATE TABLE ${s}.replica (
  id uuid PRIMARY KEY,
  host text NOT NULL,
  pid int NOT NULL,
  expires_at timestamptz NOT NULL,
  ended_at timestamptz,
  status text
);
CREATE TABLE ${s}.step (
  namespace text NOT NULL,
  name text NOT NULL,
  revision bigint NOT NULL DEFAULT 0,
  fence bigint NOT NULL DEFAULT 0,
  running_key text,
  owner uuid,
  since timestamptz,
  PRIMARY KEY (namespace, name)
);
CREATE TABLE ${s}.run (
  namespace text NOT NULL,
  name text NOT NULL,
  key text NOT NULL,
  ord bigint,
  state text NOT NULL CHECK (state IN ('running', 'done', 'failed')),
  fence bigint NOT NULL,
  attempts int NOT NULL,
  result text,
  error text,
  retry_at timestamptz NOT NULL,
  written_at timestamptz NOT NULL,
  PRIMARY KEY (namespace, name, key)
);
CREATE INDEX ON ${s}.run (namespace, name, ord) WHERE state = 'done';
CREATE TABLE ${s}.meta (version int NOT NULL);
INSERT INTO ${s}.meta VALUES (${VERSION});`;
}

export function checkVersion(schema: string, version: number | null): void {
  if (version === VERSION) return;
  const what = version === null ? 'holds no version' : `is of version ${version}`;
  const advice =
    version !== null && version > VERSION
      ? 'A newer release of @bootstrap-gate/once made them: use that one, or another schema.'
      : 'Use another schema, or drop this one.';
  throw new OnceError(
    'ERR_ONCE_STORE',
    `schema ${quoted(schema)} ${what}, and this release needs ${VERSION}. ${advice}`,
  );
}

/** Says what the application lacks, and how to give it. */
export function explain(schema: string, error: unknown): unknown {
  const { code } = Object(error) as { code?: unknown };
  if (code !== '42501') return error;
  const advice = `Run the statements that once.sql() gives as a role that may, and grant what they end with.`;
  const message = `no permission for schema ${quoted(schema)}: ${(error as Error).message}. ${advice}`;
  return new OnceError('ERR_ONCE_STORE', message, { cause: error });
}

export function missing(schema: string): OnceError {
  const message = `schema ${quoted(schema)} has no tables, and create is false. Run the statements that once.sql() gives.`;
  return new OnceError('ERR_ONCE_STORE', message);
}
