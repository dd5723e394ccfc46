-- Puts a dead letter back at the end of its lane. Returns 1, or 0 if there is none with that id.
-- KEYS: letters, channels, stem of lanes, stem of queues. ARGV: effect, keep in s.

local letter = redis.call('HGET', KEYS[1], ARGV[1])
if not letter then return 0 end
local _, _, lane, entry = unpack(cjson.decode(letter))
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if redis.call('RPUSH', KEYS[3] .. lane, entry) == 1 then
  local channel = string.match(entry, '^%S+ %S+ (%S+)')
  redis.call('SADD', KEYS[2], channel)
  redis.call('ZADD', KEYS[4] .. channel, now, lane)
end
redis.call('EXPIRE', KEYS[3] .. lane, ARGV[2])
redis.call('HDEL', KEYS[1], ARGV[1])
return 1
