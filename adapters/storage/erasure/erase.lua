-- Deletes a conversation with all that its shard keeps of it. KEYS: as in `archive/load.lua`. ARGV: id.

-- with archive/own_lanes
-- with archive/erase_conversation
local id = ARGV[1]
erase_conversation(id, KEYS)
for _, index in ipairs({KEYS[6], KEYS[7]}) do
  local cursor = '0'
  repeat
    local page = redis.call('ZSCAN', index, cursor, 'MATCH', id .. ' *', 'COUNT', 1000)
    cursor = page[1]
    for i = 1, #page[2], 2 do redis.call('ZREM', index, page[2][i]) end
  until cursor == '0'
end
return 1
