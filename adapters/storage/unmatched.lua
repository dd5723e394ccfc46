-- Counts a text that matched no guide, and deletes the texts that are too old or too many.
-- KEYS: texts by the time they last came; their counts and samples. ARGV: the text as compared ('' to count nothing),
-- its sample, seconds to keep it, most texts. Returns the texts as {COUNT SAMPLE, time in ms, ...}.

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if ARGV[1] ~= '' then
  local known = redis.call('HGET', KEYS[2], ARGV[1])
  local count, sample = 0, ARGV[2]
  local many, first = string.match(known or '', '^(%d+) (.*)$')
  if many then count, sample = tonumber(many), first end
  redis.call('HSET', KEYS[2], ARGV[1], string.format('%d %s', count + 1, sample))
  redis.call('ZADD', KEYS[1], now, ARGV[1])
  redis.call('EXPIRE', KEYS[1], ARGV[3])
  redis.call('EXPIRE', KEYS[2], ARGV[3])
end
local old = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now - ARGV[3] * 1000)
local many = redis.call('ZCARD', KEYS[1]) - #old - ARGV[4]
if many > 0 then old = redis.call('ZRANGE', KEYS[1], 0, #old + many - 1) end
for _, text in ipairs(old) do
  redis.call('ZREM', KEYS[1], text)
  redis.call('HDEL', KEYS[2], text)
end
local found = {}
if ARGV[1] == '' then
  local texts = redis.call('ZREVRANGE', KEYS[1], 0, -1, 'WITHSCORES')
  for i = 1, #texts, 2 do
    local known = redis.call('HGET', KEYS[2], texts[i])
    -- A text whose count is damaged or missing is left out; it counts anew when it comes again.
    if known and string.match(known, '^%d+ ') then
      found[#found + 1], found[#found + 2] = known, texts[i + 1]
    end
  end
end
return found
