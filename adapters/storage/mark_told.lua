-- Marks an entry of the quarantine: the people of its conversation know of it. KEYS: quarantine. ARGV: id.

local found = redis.call('HGET', KEYS[1], ARGV[1])
if not found then return 0 end
local marked = string.gsub(found, '^([^\n]*\n%d+\n%a+\n)0', '%11', 1)
redis.call('HSET', KEYS[1], ARGV[1], marked)
return 1
