-- Measures one shard: lanes that wait, dead letters, damaged entries and late timers. Writes nothing.
-- KEYS: channels, letters, alarms, quarantine, stem of queues, stem of holds. ARGV: ms after which a timer is late.
-- Returns {dead letters, quarantined, late timers, ms by which the first timer is late, channel, lanes, oldest in ms, ...}.

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local late = tonumber(ARGV[1])

local first = redis.call('ZRANGE', KEYS[3], 0, 0, 'WITHSCORES')[2]
local found = {
  redis.call('HLEN', KEYS[2]),
  redis.call('HLEN', KEYS[4]),
  redis.call('ZCOUNT', KEYS[3], '-inf', now - late),
  first and math.max(0, now - tonumber(first)) or 0,
}

for _, channel in ipairs(redis.call('SMEMBERS', KEYS[1])) do
  local queue, oldest = KEYS[5] .. channel, 0
  local lanes = redis.call('ZRANGE', queue, 0, 499, 'WITHSCORES')
  for i = 1, #lanes, 2 do
    -- A lane of an earlier version does not say since when it waits: it has waited since it was due.
    local since = redis.call('HGET', KEYS[6] .. lanes[i], 'q') or lanes[i + 1]
    oldest = math.max(oldest, now - tonumber(since))
  end
  found[#found + 1], found[#found + 2], found[#found + 3] = channel, redis.call('ZCARD', queue), oldest
end
return found
