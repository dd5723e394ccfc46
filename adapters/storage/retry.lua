-- Puts a dead letter back at the end of its lane. Returns 1, or 0 if there is none with that id.
-- KEYS: letters, channels, stem of lanes, stem of queues. ARGV: effect, keep in s.

-- with types
local letter = redis.call('HGET', KEYS[1], ARGV[1])
if not letter then return 0 end
local read, found = pcall(cjson.decode, letter)
local lane, entry = read and type(found) == 'table' and found[3], read and type(found) == 'table' and found[4]
if type(lane) ~= 'string' or type(entry) ~= 'string' then return 0 end
-- The brief of a packet was given up with it: such a packet brings its facts along, as packets of format 1 do.
entry = string.gsub(entry, '^(%S+ packet %S+) .*$', '%1 {}')
local channel = string.match(entry, '^%S+ %S+ (%S+)')
if not channel then return 0 end
local wrong = mistyped({KEYS[2], 'set', KEYS[3] .. lane, 'list', KEYS[4] .. channel, 'zset'})
if wrong then return wrong end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if redis.call('RPUSH', KEYS[3] .. lane, entry) == 1 then
  redis.call('SADD', KEYS[2], channel)
  redis.call('ZADD', KEYS[4] .. channel, now, lane)
end
redis.call('EXPIRE', KEYS[3] .. lane, ARGV[2])
redis.call('HDEL', KEYS[1], ARGV[1])
return 1
