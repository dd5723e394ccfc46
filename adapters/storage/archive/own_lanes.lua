-- Finds the lanes of one conversation in the queues of its shard: {lane, channel, due} of each.

local function own_lanes(id, channels, queues)
  local found = {}
  for _, channel in ipairs(redis.call('SMEMBERS', channels)) do
    local cursor = '0'
    repeat
      local page = redis.call('ZSCAN', queues .. channel, cursor, 'MATCH', id .. '/*', 'COUNT', 1000)
      cursor = page[1]
      for i = 1, #page[2], 2 do found[#found + 1] = {page[2][i], channel, page[2][i + 1]} end
    until cursor == '0'
  end
  return found
end
