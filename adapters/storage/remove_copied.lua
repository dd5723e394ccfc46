-- Removes what was copied into the quarantine of another slot, unless it has changed since it was read.
-- KEYS: the key with the damage. ARGV: how it is taken out ('member', 'field' or 'key'), its member or field, its content
-- (of a key as DUMP gives it). Returns whether anything was removed.

local how, part, raw = ARGV[1], ARGV[2], ARGV[3]
if how == 'member' then return redis.call('ZREM', KEYS[1], part) end
if how == 'field' then return redis.call('HGET', KEYS[1], part) == raw and redis.call('HDEL', KEYS[1], part) or 0 end
return redis.call('DUMP', KEYS[1]) == raw and redis.call('DEL', KEYS[1]) or 0
