-- Returns the effects in the lanes of one channel in one shard. Writes nothing.
-- KEYS: queue, stem of lanes, stem of holds. Returns {lane, due, attempts at its head, {entries}, ...}.

-- with types
local found = {}
local queue = redis.call('ZRANGE', KEYS[1], 0, -1, 'WITHSCORES')
for i = 1, #queue, 2 do
  local lane = queue[i]
  local wrong = mistyped({KEYS[2] .. lane, 'list', KEYS[3] .. lane, 'hash'})
  if wrong then return wrong end
  found[#found + 1] = lane
  found[#found + 1] = queue[i + 1]
  found[#found + 1] = redis.call('HGET', KEYS[3] .. lane, 'n') or '0'
  found[#found + 1] = redis.call('LRANGE', KEYS[2] .. lane, 0, -1)
end
return found
