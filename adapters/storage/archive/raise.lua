-- Raises a number, never lowers it. KEYS: the number. ARGV: its new value. Returns 1 if it was raised.

if tonumber(redis.call('GET', KEYS[1]) or 0) >= tonumber(ARGV[1]) then return 0 end
redis.call('SET', KEYS[1], ARGV[1])
return 1
