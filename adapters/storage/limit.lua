-- A bucket that holds one minute's worth and fills evenly: what is kept is when it will be full again (GCRA).
-- KEYS: the bucket. ARGV: how many a minute. Answers 0 when one was taken, else the milliseconds until one is there.

local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local full = math.max(tonumber(redis.call('GET', KEYS[1]) or 0), now)
local after = full + 60000 / tonumber(ARGV[1])
if after - now > 60000.5 then return math.ceil(after - now - 60000) end
redis.call('SET', KEYS[1], string.format('%.3f', after), 'PX', math.ceil(after - now))
return 0
