-- Puts an entry of the quarantine back into its place, and forgets the entry. Returns 1; 0 if the place is taken.
-- KEYS: quarantine, the key it came from; for the head of a lane also its queue, the names of queues.
-- ARGV: id of the entry, lane, channel, seconds to keep a lane. With the first key alone, writes nothing and returns
-- {how it was taken out, part, content, score or lifetime}.
-- `quarantined.lua` says how an entry is stored.

local quarantine, source, id = KEYS[1], KEYS[2], ARGV[1]
local found = redis.call('HGET', quarantine, id) or ''
local how, extra, size, at = string.match(found, '^[^\n]*\n%d+\n(%a+)\n[01]\n([^\n]*)\n(%d+)\n()')
if not how then return 0 end
local part, content = string.sub(found, at, at + size - 1), string.sub(found, at + size)
if not source then return {how, part, content, extra} end
if how == 'member' then
  redis.call('ZADD', source, extra, part)
elseif how == 'item' then
  redis.call('SADD', source, part)
elseif how == 'field' then
  if redis.call('HSETNX', source, part, content) == 0 then return 0 end
elseif how == 'head' then
  local time = redis.call('TIME')
  local now = time[1] * 1000 + math.floor(time[2] / 1000)
  if redis.call('RPUSH', source, content) == 1 then
    redis.call('SADD', KEYS[4], ARGV[3])
    redis.call('ZADD', KEYS[3], now, ARGV[2])
  end
  redis.call('EXPIRE', source, ARGV[4])
elseif how == 'key' then
  if redis.call('EXISTS', source) == 1 then return 0 end
  redis.call('RESTORE', source, math.max(0, tonumber(extra)), content)
end
return redis.call('HDEL', quarantine, id)
