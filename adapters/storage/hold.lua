-- Empties a rate's bucket so that its next call is allowed after some time, or later if it would have been later anyway.
-- KEYS: the bucket. ARGV: milliseconds, now in ms ('' for the clock of the store), calls per minute and at once.

local wait, each, most = tonumber(ARGV[1]), 60000 / tonumber(ARGV[3]), tonumber(ARGV[4])
local now = tonumber(ARGV[2])
if not now then
  local time = redis.call('TIME')
  now = time[1] * 1000 + time[2] / 1000
end
local full = math.max(tonumber(redis.call('GET', KEYS[1]) or 0), now + wait + (most - 1) * each)
redis.call('SET', KEYS[1], string.format('%.3f', full), 'PX', math.ceil(full - now))
return 1
