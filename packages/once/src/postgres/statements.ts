/**
 * Every statement is short, commits by itself, and waits for no other replica: rows that are locked are skipped. Each gives
 * one JSON text, so that no type parser of the application's changes what it says.
 */
import { quoted } from './schema.js';

export type Statements = ReturnType<typeof statementsOf>;

export function statementsOf(schema: string) {
  const s = quoted(schema);
  return {
    look: `
SELECT json_build_object(
  'revision', coalesce(s.revision, 0),
  'fence', coalesce(s.fence, 0),
  'running', CASE WHEN s.owner IS NOT NULL THEN json_build_object(
    'key', s.running_key,
    'since', extract(epoch FROM s.since) * 1000,
    'session', s.owner,
    'host', coalesce(p.host, 'unknown'),
    'pid', coalesce(p.pid, 0),
    'ended', p.id IS NULL OR p.ended_at IS NOT NULL,
    'expired', coalesce(p.expires_at < clock_timestamp(), true),
    'status', p.status) END,
  'run', CASE WHEN r.key IS NOT NULL THEN ${runJson('r')} END,
  'ahead', CASE WHEN a.key IS NOT NULL THEN ${runJson('a')} END)::text AS json
FROM (SELECT 1) AS one
LEFT JOIN ${s}.step s ON s.namespace = $1 AND s.name = $2
LEFT JOIN ${s}.replica p ON p.id = s.owner
LEFT JOIN ${s}.run r ON r.namespace = $1 AND r.name = $2 AND r.key = $3
LEFT JOIN LATERAL (
  SELECT * FROM ${s}.run WHERE namespace = $1 AND name = $2 AND state = 'done' AND ord >= $4::bigint
  ORDER BY ord DESC LIMIT 1
) a ON true`,

    /** A row to compare with; the insertion that comes second waits for milliseconds. */
    insertStep: `INSERT INTO ${s}.step (namespace, name) VALUES ($1, $2) ON CONFLICT DO NOTHING`,

    /**
     * Compare-and-set. Of two at the same time one skips the locked row; one that comes later sees the new revision when
     * the lock has rechecked its condition.
     */
    write: `
WITH target AS MATERIALIZED (
  SELECT 1 FROM ${s}.step WHERE namespace = $1 AND name = $2 AND revision = $3::bigint FOR UPDATE SKIP LOCKED
), alive AS (
  UPDATE ${s}.replica SET expires_at = clock_timestamp() + $7::float8 * interval '1 ms'
  WHERE id = $5::uuid AND ended_at IS NULL AND $7::float8 IS NOT NULL AND EXISTS (SELECT FROM target) RETURNING 1
), moved AS (
  UPDATE ${s}.step SET
    revision = revision + 1,
    fence = $4::bigint,
    owner = $5::uuid,
    running_key = CASE WHEN $5::uuid IS NOT NULL THEN $6::text END,
    since = CASE WHEN $5::uuid IS NOT NULL THEN clock_timestamp() END
  WHERE namespace = $1 AND name = $2 AND EXISTS (SELECT FROM target)
    AND ($7::float8 IS NULL OR EXISTS (SELECT FROM alive))
  RETURNING revision
), recorded AS (
  INSERT INTO ${s}.run AS r (namespace, name, key, ord, state, fence, attempts, result, error, retry_at, written_at)
  SELECT $1, $2, $6::text, $8::bigint, $9::text, $4::bigint, $10::int, $11::text, $12::text,
    clock_timestamp() + $13::float8 * interval '1 ms', clock_timestamp()
  FROM moved WHERE $9::text IS NOT NULL
  ON CONFLICT (namespace, name, key) DO UPDATE SET
    ord = excluded.ord, state = excluded.state, fence = excluded.fence, attempts = excluded.attempts,
    result = excluded.result, error = excluded.error, retry_at = excluded.retry_at, written_at = excluded.written_at
), deleted AS (
  DELETE FROM ${s}.run
  WHERE namespace = $1 AND name = $2 AND key = $6::text AND $9::text IS NULL AND EXISTS (SELECT FROM moved)
)
SELECT json_build_object('revision', (SELECT revision FROM moved), 'found', EXISTS (SELECT FROM target))::text AS json`,

    join: `
INSERT INTO ${s}.replica (id, host, pid, expires_at)
VALUES ($1::uuid, $2, $3::int, clock_timestamp() + $4::float8 * interval '1 ms') ON CONFLICT DO NOTHING`,

    /** On the replica's row, never on the step's: the leader's own transaction has that one locked. */
    beat: `
UPDATE ${s}.replica SET expires_at = clock_timestamp() + $2::float8 * interval '1 ms', status = $3
WHERE id = $1::uuid AND ended_at IS NULL RETURNING 'ok' AS json`,

    /** A step row that is locked belongs to a transaction that is at work: its owner is alive, whatever its beats say. */
    end: `
WITH free AS MATERIALIZED (
  SELECT 1 FROM ${s}.step WHERE owner = $1::uuid FOR UPDATE SKIP LOCKED
), ended AS (
  UPDATE ${s}.replica SET ended_at = clock_timestamp()
  WHERE id = $1::uuid AND ended_at IS NULL AND (NOT $2::bool OR (expires_at < clock_timestamp()
    AND (SELECT count(*) FROM free) = (SELECT count(*) FROM ${s}.step WHERE owner = $1::uuid)))
  RETURNING 1
)
SELECT (EXISTS (SELECT FROM ended)
  OR NOT EXISTS (SELECT FROM ${s}.replica WHERE id = $1::uuid AND ended_at IS NULL))::text AS json`,

    /** A missing row counts as ended, so what owns nothing may go. */
    tidy: `
DELETE FROM ${s}.replica p
WHERE (ended_at < clock_timestamp() - interval '1 hour' OR expires_at < clock_timestamp() - interval '1 day')
  AND NOT EXISTS (SELECT FROM ${s}.step WHERE owner = p.id)`,

    peers: `
SELECT coalesce(json_agg(json_build_object(
  'session', p.id, 'host', p.host, 'pid', p.pid, 'ended', p.ended_at IS NOT NULL, 'status', p.status,
  'holds', (SELECT json_agg(json_build_object('step', h.name, 'fence', h.fence))
            FROM ${s}.step h WHERE h.namespace = $1 AND h.owner = p.id))), '[]')::text AS json
FROM ${s}.replica p
WHERE p.id IN (SELECT owner FROM ${s}.step WHERE namespace = $1)`,

    lockWaits: `
SELECT coalesce(json_agg(json_build_object('from', w.application_name, 'to', h.application_name)), '[]')::text AS json
FROM pg_stat_activity w
CROSS JOIN LATERAL unnest(pg_blocking_pids(w.pid)) AS blocker(pid)
JOIN pg_stat_activity h ON h.pid = blocker.pid
WHERE w.application_name LIKE 'once/%' AND h.application_name LIKE 'once/%'`,

    /**
     * `transaction` holds the row alone; two `run` guards that share it must both be able to end, so completion never
     * waits for them. All settings end with the transaction.
     */
    guard: (lock: 'UPDATE' | 'SHARE', checksConnection: boolean) => `
SELECT json_build_object('xid', pg_current_xact_id()::text, 'settings', json_build_array(
  set_config('idle_in_transaction_session_timeout', $5, true),
  set_config('application_name', $6, true),
  set_config('bootstrap_once.guard', $7, true)${
    checksConnection ? `,\n  set_config('client_connection_check_interval', '1000', true)` : ''
  }))::text AS json
FROM ${s}.step s JOIN ${s}.replica p ON p.id = s.owner AND p.ended_at IS NULL
WHERE s.namespace = $1 AND s.name = $2 AND s.fence = $3::bigint AND s.owner = $4::uuid
FOR ${lock} OF s SKIP LOCKED`,
  };
}

/** Whether the server can notice that the client of a running statement is gone (from 14 on, not on every system). */
export const CHECKS_CONNECTION = `
SELECT set_config(name, '1000', true) AS json FROM pg_settings WHERE name = 'client_connection_check_interval'`;

export const CURRENT_GUARD = `SELECT current_setting('bootstrap_once.guard', true) AS json`;
export const CURRENT_TRANSACTION = `SELECT pg_current_xact_id()::text AS json`;

function runJson(alias: string): string {
  return `json_build_object(
    'key', ${alias}.key, 'order', ${alias}.ord, 'state', ${alias}.state, 'fence', ${alias}.fence,
    'attempts', ${alias}.attempts, 'result', ${alias}.result, 'error', ${alias}.error,
    'retryInMs', greatest(0, extract(epoch FROM ${alias}.retry_at - clock_timestamp()) * 1000))`;
}
