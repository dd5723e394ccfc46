-- Measures one shard: lanes that wait, dead letters, damaged entries and late timers. Writes nothing.
-- KEYS: channels, letters, alarms, quarantine, stem of queues, stem of holds. ARGV: ms after which a timer is late, and
-- the channels that let effects wait on purpose: what waits there is late only once it is due, or once an attempt to
-- send it failed.
-- Returns {dead letters, quarantined, late timers, ms by which the first timer is late, channel, lanes, oldest in ms, ...}.

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local late = tonumber(ARGV[1])
local patient = {}
for i = 2, #ARGV do patient[ARGV[i]] = true end

-- A key of a wrong type counts as empty: damage is measured elsewhere, and must not hide everything else.
local function answer(given, empty)
  if type(given) ~= 'table' or not given.err then return given end
  if string.find(tostring(given.err), 'WRONGTYPE') then return empty end
  error(given.err)
end

local first = answer(redis.pcall('ZRANGE', KEYS[3], 0, 0, 'WITHSCORES'), {})[2]
local found = {
  answer(redis.pcall('HLEN', KEYS[2]), 0),
  answer(redis.pcall('HLEN', KEYS[4]), 1), -- a quarantine that is no hash is an entry itself
  answer(redis.pcall('ZCOUNT', KEYS[3], '-inf', now - late), 0),
  first and math.max(0, now - tonumber(first)) or 0,
}

-- Says whether the head of a lane was attempted, and its server did not take it. A holder has just begun an attempt.
local function failed(hold)
  local held = answer(redis.pcall('HMGET', hold, 'n', 't'), {})
  return (tonumber(held[1] or 0) or 0) > (held[2] and 1 or 0)
end

for _, channel in ipairs(answer(redis.pcall('SMEMBERS', KEYS[1]), {})) do
  local queue, oldest = KEYS[5] .. channel, 0
  local lanes = answer(redis.pcall('ZRANGE', queue, 0, 499, 'WITHSCORES'), {})
  for i = 1, #lanes, 2 do
    -- A lane of an earlier version does not say since when it waits: it has waited since it was due.
    local hold = KEYS[6] .. lanes[i]
    local since = (not patient[channel] or failed(hold)) and answer(redis.pcall('HGET', hold, 'q'), false)
    oldest = math.max(oldest, now - tonumber(since or lanes[i + 1]))
  end
  found[#found + 1], found[#found + 2], found[#found + 3] = channel, answer(redis.pcall('ZCARD', queue), 0), oldest
end
return found
