-- Gives a timer that rang to one caller: it is hidden from others for a while, and comes again unless dismissed.
-- KEYS: alarms. ARGV: timer, lease in ms. Answers 1, or 0 when it was hidden, moved, replaced or dismissed meanwhile.

local score = redis.call('ZSCORE', KEYS[1], ARGV[1])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if not score or tonumber(score) > now then return 0 end
redis.call('ZADD', KEYS[1], 'XX', 'GT', now + ARGV[2], ARGV[1])
return 1
