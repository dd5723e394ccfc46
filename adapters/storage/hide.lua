-- Hides a timer that rang from other callers. The timer rings again after the lease unless it is dismissed.
-- KEYS: alarms. ARGV: timer, lease in ms. Returns 1, or 0 if the timer was hidden, moved, replaced or dismissed.

local score = redis.call('ZSCORE', KEYS[1], ARGV[1])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if not score or tonumber(score) > now then return 0 end
redis.call('ZADD', KEYS[1], 'XX', 'GT', now + ARGV[2], ARGV[1])
return 1
