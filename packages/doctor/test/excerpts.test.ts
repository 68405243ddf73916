import { cutStatement, statementIn } from '../src/preload/statement.js';
import { redact } from '../src/redact.js';

test.each([
  ["INSERT INTO users (name, pin) VALUES ('ann', 1234)", 'INSERT INTO users (name, pin) VALUES ?'],
  ["UPDATE account SET pin = 1234, word = 'it''s'", 'UPDATE account SET pin = ?, word = ?'],
  ["CREATE TABLE t (a text DEFAULT 'cut in two", 'CREATE TABLE t (a text DEFAULT ?'],
  ['CREATE FUNCTION f() AS $body$ secret $body$', 'CREATE FUNCTION f() AS ?'],
  ['DELETE FROM "user" WHERE name = "ann smith"', 'DELETE FROM "user" WHERE name = ?'],
  ['ALTER TABLE city\n  ADD COLUMN v2 int DEFAULT 7', 'ALTER TABLE city ADD COLUMN v2 int DEFAULT ?'],
])('of the statement %s the literals are cut', (statement, shown) => {
  expect(cutStatement(statement)).toBe(shown);
});

test('a statement is found after the length of a Postgres message, whatever letter that is', () => {
  expect(statementIn(Buffer.from('Q\0\0\0OCREATE TABLE t (a int)\0'))).toMatch(/^CREATE TABLE t/);
});

test.each(['SELECT 1', 'GET / HTTP/1.1', 'please update the settings', 'BEGIN'])('%s changes nothing', (text) => {
  expect(statementIn(Buffer.from(text))).toBeUndefined();
});

test.each([
  ['postgres://shop:hunter2@db/shop', 'postgres://…@db/shop'],
  ['{"password":"hunter2","name":"ann"}', '{"password":…,"name":"ann"}'],
  ['apiKey: hunter2, next: 1', 'apiKey: …, next: 1'],
  ['SESSION_SECRET=hunter2 node server.js', 'SESSION_SECRET=… node server.js'],
  ['Authorization: Bearer abc.def', 'Authorization: … …'],
  ['key AKIAIOSFODNN7EXAMPLEKEY1234 used', 'key … used'],
  ["connect('mysql://root:hunter2@localhost')", "connect('mysql://…@localhost')"],
])('%s is shown as %s', (text, shown) => {
  expect(redact(text)).toBe(shown);
  expect(redact(text)).not.toMatch(/hunter2|AKIA|abc\.def/);
});

test.each(['app.listen(3000);', 'await start();', 'GET /api/cities?limit=1'])('%s is shown as it is', (text) => {
  expect(redact(text)).toBe(text);
});
