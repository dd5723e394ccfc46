-- Frees a lane until it is due again; only its holder may. An attempt that certainly sent nothing is not counted.
-- KEYS: queue of the channel, hold. ARGV: lane, token, milliseconds until it is due, '1' when nothing was sent.

local queue, hold = KEYS[1], KEYS[2]
if redis.call('HGET', hold, 't') ~= ARGV[2] then return 0 end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('HDEL', hold, 't')
if ARGV[4] == '1' then redis.call('HINCRBY', hold, 'n', -1) end
redis.call('ZADD', queue, 'XX', now + ARGV[3], ARGV[1])
return 1
