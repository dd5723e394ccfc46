-- Enters a conversation's timers and ticket again into indexes that were set aside. What is there already stays.
-- KEYS: record, alarms, tickets. ARGV: id. Timers ring later than they would have, never earlier (law L10).

local known = redis.call('HMGET', KEYS[1], 'al', 't', 'op')
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
for name, after in string.gmatch(known[1] or '', '([^ :]+):(%d+)') do
  redis.call('ZADD', KEYS[2], 'NX', now + after, ARGV[1] .. ' ' .. name)
end
local ticket = tonumber(known[2] or 0) or 0
if ticket > 0 and #redis.call('ZRANGEBYSCORE', KEYS[3], ticket, ticket) == 0 then
  redis.call('ZADD', KEYS[3], ticket, ARGV[1] .. ' ' .. (known[3] or '0'))
end
return 1
