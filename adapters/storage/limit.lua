-- Takes a token from a bucket that fills evenly. The bucket stores the time when it will be full again (GCRA).
-- KEYS: the bucket. ARGV: tokens per minute, size of the bucket. Returns 0 if a token was taken, else the milliseconds
-- until the next one.

local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local full = math.max(tonumber(redis.call('GET', KEYS[1]) or 0), now)
local each = 60000 / tonumber(ARGV[1])
local after, room = full + each, each * tonumber(ARGV[2])
if after - now > room + 0.5 then return math.ceil(after - now - room) end
redis.call('SET', KEYS[1], string.format('%.3f', after), 'PX', math.ceil(after - now))
return 0
