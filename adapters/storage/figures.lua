-- Measures one shard: lanes that wait, dead letters, damaged entries and late timers. Writes nothing.
-- KEYS: channels, letters, alarms, quarantine, stem of queues, stem of holds. ARGV: ms after which a timer is late, and
-- the channels that let effects wait on purpose: what waits there is late only once it is due.
-- Returns {dead letters, quarantined, late timers, ms by which the first timer is late, channel, lanes, oldest in ms, ...}.

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local late = tonumber(ARGV[1])
local patient = {}
for i = 2, #ARGV do patient[ARGV[i]] = true end

-- A key of a wrong type counts as empty: damage is measured elsewhere, and must not hide everything else.
local function count(...)
  local number = redis.pcall(...)
  return type(number) == 'number' and number or 0
end

local function list(...)
  local members = redis.pcall(...)
  return members.err and {} or members
end

local first = list('ZRANGE', KEYS[3], 0, 0, 'WITHSCORES')[2]
local found = {
  count('HLEN', KEYS[2]),
  count('HLEN', KEYS[4]),
  count('ZCOUNT', KEYS[3], '-inf', now - late),
  first and math.max(0, now - tonumber(first)) or 0,
}

for _, channel in ipairs(list('SMEMBERS', KEYS[1])) do
  local queue, oldest = KEYS[5] .. channel, 0
  local lanes = list('ZRANGE', queue, 0, 499, 'WITHSCORES')
  for i = 1, #lanes, 2 do
    -- A lane of an earlier version does not say since when it waits: it has waited since it was due.
    local since = not patient[channel] and redis.pcall('HGET', KEYS[6] .. lanes[i], 'q')
    oldest = math.max(oldest, now - tonumber(type(since) == 'string' and since or lanes[i + 1]))
  end
  found[#found + 1], found[#found + 2], found[#found + 3] = channel, count('ZCARD', queue), oldest
end
return found
