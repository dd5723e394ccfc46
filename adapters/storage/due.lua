-- Returns the members of queues (sorted by due time) that are due by the store's clock. Writes nothing.
-- KEYS: queues. ARGV: most members per queue. Returns {index of the queue in KEYS, member, score, ...}.

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local found = {}
for place, queue in ipairs(KEYS) do
  local due = redis.call('ZRANGEBYSCORE', queue, '-inf', now, 'WITHSCORES', 'LIMIT', 0, ARGV[1])
  for i = 1, #due, 2 do
    found[#found + 1], found[#found + 2], found[#found + 3] = place, due[i], due[i + 1]
  end
end
return found
