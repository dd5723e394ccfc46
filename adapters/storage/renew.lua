-- Extends a lane's lease for its holder. KEYS: queue of the channel, hold. ARGV: lane, token, lease in ms.
-- Returns 1 if the caller still holds the lane, else 0.

local queue, hold = KEYS[1], KEYS[2]
if redis.call('HGET', hold, 't') ~= ARGV[2] then return 0 end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZADD', queue, 'XX', now + ARGV[3], ARGV[1])
return 1
