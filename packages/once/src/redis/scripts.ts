/** Each script is one atomic step on the server, by the server's clock. All keys share one hash tag, so one slot. */

const NOW = `local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
`;

/** Absent fields are empty strings: a Lua table ends at its first nil. */
const OR_EMPTY = `local function text(value) return value and tostring(value) or '' end
`;

/** KEYS: step, done runs. ARGV: prefix of sessions, key, order. */
export const LOOK = `${NOW}${OR_EMPTY}
local step, done, sessions, key, order = KEYS[1], KEYS[2], ARGV[1], ARGV[2], ARGV[3]
local s = redis.call('HMGET', step, 'revision', 'fence', 'owner', 'key', 'since', 'run:' .. key, 'retry:' .. key)
local owner = { '', '', '', '', '' }
if s[3] and s[3] ~= '' then
  local o = redis.call('HMGET', sessions .. s[3], 'host', 'pid', 'ended', 'expires', 'status')
  local gone = not o[4]
  owner = { text(o[1]), text(o[2]), (gone or o[3]) and '1' or '', (gone or tonumber(o[4]) < now) and '1' or '', text(o[5]) }
end
local ahead, aheadKey = '', ''
if order ~= '' then
  local found = redis.call('ZREVRANGEBYSCORE', done, '+inf', order, 'LIMIT', 0, 1)
  if found[1] then
    aheadKey = found[1]
    ahead = text(redis.call('HGET', step, 'run:' .. aheadKey))
  end
end
return { text(s[1]), text(s[2]), text(s[3]), text(s[4]), text(s[5]), owner[1], owner[2], owner[3], owner[4], owner[5],
  text(s[6]), tostring(math.max(0, tonumber(s[7] or now) - now)), aheadKey, ahead }`;

/** KEYS: step, done runs, steps of the namespace. ARGV: session prefix, name, seen, fence, owner, key, ttl, run, order, retryInMs. */
export const WRITE = `${NOW}
local step, done, steps = KEYS[1], KEYS[2], KEYS[3]
local sessions, name, seen, fence, owner, key, ttl, run, order, retry = unpack(ARGV)
if (redis.call('HGET', step, 'revision') or '0') ~= seen then return 'conflict' end
if ttl ~= '' then
  local session = redis.call('HMGET', sessions .. owner, 'expires', 'ended')
  if not session[1] or session[2] then return 'ended' end
  redis.call('HSET', sessions .. owner, 'expires', now + ttl)
end
local revision = seen + 1
redis.call('HSET', step, 'revision', revision, 'fence', fence, 'owner', owner, 'key', key, 'since', now)
if run == '' then
  redis.call('HDEL', step, 'run:' .. key, 'retry:' .. key)
else
  redis.call('HSET', step, 'run:' .. key, run, 'retry:' .. key, now + retry)
end
if order ~= '' then redis.call('ZADD', done, order, key) else redis.call('ZREM', done, key) end
redis.call('SADD', steps, name)
return tostring(revision)`;

/** KEYS: session. ARGV: host, pid, ttl, how long to keep it. */
export const JOIN = `${NOW}
if redis.call('EXISTS', KEYS[1]) == 1 then return 'ok' end
redis.call('HSET', KEYS[1], 'host', ARGV[1], 'pid', ARGV[2], 'expires', now + ARGV[3])
redis.call('PEXPIRE', KEYS[1], ARGV[4])
return 'ok'`;

/** KEYS: session. ARGV: ttl, status, how long to keep it. */
export const BEAT = `${NOW}
local session = redis.call('HMGET', KEYS[1], 'expires', 'ended')
if not session[1] or session[2] then return 'ended' end
redis.call('HSET', KEYS[1], 'expires', now + ARGV[1], 'status', ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return 'ok'`;

/** KEYS: session. ARGV: '1' to end it only when its lease is over. */
export const END = `${NOW}
local session = redis.call('HMGET', KEYS[1], 'expires', 'ended')
if not session[1] or session[2] then return '1' end
if ARGV[1] == '1' and tonumber(session[1]) >= now then return '' end
redis.call('HSET', KEYS[1], 'ended', '1')
return '1'`;

/** KEYS: steps of the namespace. ARGV: prefix of its steps, prefix of sessions. */
export const PEERS = `${OR_EMPTY}
local rows = {}
for _, name in ipairs(redis.call('SMEMBERS', KEYS[1])) do
  local s = redis.call('HMGET', ARGV[1] .. name, 'owner', 'fence')
  if s[1] and s[1] ~= '' then
    local o = redis.call('HMGET', ARGV[2] .. s[1], 'host', 'pid', 'ended', 'expires', 'status')
    rows[#rows + 1] = { name, text(s[2]), s[1], text(o[1]), text(o[2]), (not o[4] or o[3]) and '1' or '', text(o[5]) }
  end
end
return rows`;
