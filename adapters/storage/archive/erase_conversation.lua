-- Deletes everything of one conversation that is in its slot. KEYS: as in `load.lua`.

local function erase_conversation(id, keys)
  local record, alarms, tickets, channels, letters = keys[1], keys[6], keys[7], keys[8], keys[9]
  local doors, lanes, holds, queues = keys[10], keys[11], keys[12], keys[13]
  local board, ended, guiding = keys[14], keys[15], keys[16]
  if redis.call('TYPE', record).ok ~= 'hash' then redis.call('DEL', record) end -- it is damaged
  for name in string.gmatch(redis.call('HGET', record, 'al') or '', '([^ :]+):%d+') do
    redis.call('ZREM', alarms, id .. ' ' .. name)
  end
  for _, each in ipairs(own_lanes(id, channels, queues)) do
    redis.call('ZREM', queues .. each[2], each[1])
    redis.call('DEL', lanes .. each[1], holds .. each[1])
  end
  local all = redis.call('HGETALL', letters)
  for i = 1, #all, 2 do
    local read, letter = pcall(cjson.decode, all[i + 1])
    if read and type(letter) == 'table' and string.sub(tostring(letter[3]), 1, #id + 1) == id .. '/' then
      redis.call('HDEL', letters, all[i])
    end
  end
  local door = redis.call('HGET', record, 'd')
  if door and redis.call('GET', doors .. door) == id then redis.call('DEL', doors .. door) end
  local number = redis.call('HGET', record, 't')
  for _, entry in ipairs(number and redis.call('ZRANGEBYSCORE', tickets, number, number) or {}) do
    if string.sub(entry, 1, #id) == id then redis.call('ZREM', tickets, entry) end
  end
  if redis.call('HDEL', board, id) == 1 then redis.call('HINCRBY', board, '#', 1) end
  redis.call('ZREM', ended, id)
  redis.call('ZREM', guiding, id)
  for i = 1, 5 do redis.call('DEL', keys[i]) end
end
