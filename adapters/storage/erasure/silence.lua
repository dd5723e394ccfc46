-- Drops a conversation's timers and what waits to be sent. An effect that is being sent stays until its sender is done.
-- KEYS: as in `archive/unload.lua`. ARGV: id. Returns the number of effects that are being sent.

-- with archive/own_lanes
local record, alarms, channels = KEYS[1], KEYS[6], KEYS[8]
local lanes, holds, queues = KEYS[11], KEYS[12], KEYS[13]
local id = ARGV[1]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local armed = redis.call('TYPE', record).ok == 'hash' and redis.call('HGET', record, 'al') or ''
for name in string.gmatch(armed, '([^ :]+):%d+') do
  redis.call('ZREM', alarms, id .. ' ' .. name)
end
local sending = 0
for _, each in ipairs(own_lanes(id, channels, queues)) do
  local lane, channel, due = unpack(each)
  if redis.call('HEXISTS', holds .. lane, 't') == 1 and tonumber(due) > now then
    redis.call('LTRIM', lanes .. lane, 0, 0)
    sending = sending + 1
  else
    redis.call('ZREM', queues .. channel, lane)
    redis.call('DEL', lanes .. lane, holds .. lane)
  end
end
return sending
