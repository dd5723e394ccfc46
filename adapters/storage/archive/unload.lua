-- Reads everything of one conversation that is in its slot, together: nothing changes between two of the parts.
-- KEYS: record, journal, seen, words, receipts, alarms, tickets, channels, letters, stems of doors, lanes, holds and
-- queues. ARGV: id. Returns {} if there is no such conversation, else the parts in the order of `conversation.py`.

-- with archive/own_lanes
local record, journal, seen, words, receipts = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local alarms, tickets, channels, letters = KEYS[6], KEYS[7], KEYS[8], KEYS[9]
local doors, lanes, holds, queues = KEYS[10], KEYS[11], KEYS[12], KEYS[13]
local id = ARGV[1]

local function timers()
  local found = {}
  for name in string.gmatch(redis.call('HGET', record, 'al') or '', '([^ :]+):%d+') do
    local due = redis.call('ZSCORE', alarms, id .. ' ' .. name)
    if due then found[#found + 1], found[#found + 2] = id .. ' ' .. name, due end
  end
  return found
end

local function waiting()
  local found = {}
  for _, each in ipairs(own_lanes(id, channels, queues)) do
    local lane, channel, due = unpack(each)
    local list, hold = lanes .. lane, holds .. lane
    local held = redis.call('HEXISTS', hold, 't')
    local attempts = redis.call('HGET', hold, 'n') or '0'
    local ttl = redis.call('PTTL', list)
    local entries = redis.call('LRANGE', list, 0, -1)
    if #entries > 0 then found[#found + 1] = {lane, channel, due, held, attempts, ttl, entries} end
  end
  return found
end

local function buried()
  local found = {}
  local all = redis.call('HGETALL', letters)
  for i = 1, #all, 2 do
    local read, letter = pcall(cjson.decode, all[i + 1])
    if read and type(letter) == 'table' and string.sub(tostring(letter[3]), 1, #id + 1) == id .. '/' then
      found[#found + 1], found[#found + 2] = all[i], all[i + 1]
    end
  end
  return found
end

local fields = redis.call('HGETALL', record)
if #fields == 0 then return {} end
local ttls = {}
for i = 1, 5 do ttls[i] = redis.call('PTTL', KEYS[i]) end
local time = redis.call('TIME')
local door = redis.call('HGET', record, 'd')
local open = door and redis.call('GET', doors .. door) == id and redis.call('PTTL', doors .. door) or -2
local number = redis.call('HGET', record, 't')
return {
  string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000)), ttls, fields,
  redis.call('LRANGE', journal, 0, -1), redis.call('HGETALL', seen), redis.call('HGETALL', words),
  redis.call('HGETALL', receipts), open, timers(), waiting(), buried(),
  number and redis.call('ZRANGEBYSCORE', tickets, number, number) or {},
}
