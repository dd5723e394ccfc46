-- Leases a lane that is due and counts the attempt on its head (laws L4 and L5).
-- KEYS: queue of the channel, lane, hold. ARGV: lane, token, lease in ms.
-- Returns {attempts, entry}, or {} if another caller has the lane or it is empty.

local queue, list, hold = KEYS[1], KEYS[2], KEYS[3]
local lane, token, lease = ARGV[1], ARGV[2], tonumber(ARGV[3])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local score = redis.call('ZSCORE', queue, lane)
if not score or tonumber(score) > now then return {} end
local head = redis.call('LINDEX', list, 0)
if not head then
  redis.call('ZREM', queue, lane)
  redis.call('DEL', hold)
  return {}
end
if redis.call('EXISTS', hold) == 1 and not string.match(redis.call('HGET', hold, 'n') or '0', '^%-?%d+$') then
  redis.call('HSET', hold, 'n', 1) -- how often was damaged: the head may have been sent
end
redis.call('ZADD', queue, 'XX', now + lease, lane)
redis.call('HSET', hold, 't', token)
return {redis.call('HINCRBY', hold, 'n', 1), head}
