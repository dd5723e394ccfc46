-- Writes one conversation as it was exported, all of it or nothing, unless the store has it at least as new.
-- KEYS: as in `unload.lua`, then board, ended, guiding, stem of records. ARGV: id, seconds for which conversations are
-- stored, then the parts in the order of `conversation.py`, each list after its length. No lease is taken over: a lane
-- that was held is due at once, and remembers its attempts. Returns 1, or 0 if the store's own was kept.

-- with archive/own_lanes
-- with archive/erase_conversation
-- with listing
local record, journal, seen, words, receipts = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local alarms, tickets, channels, letters = KEYS[6], KEYS[7], KEYS[8], KEYS[9]
local doors, lanes, holds, queues = KEYS[10], KEYS[11], KEYS[12], KEYS[13]
local board, ended, guiding, records = KEYS[14], KEYS[15], KEYS[16], KEYS[17]
local id, keep = ARGV[1], tonumber(ARGV[2])
local at = 3

local function one()
  at = at + 1
  return ARGV[at - 1]
end

local function some()
  local list = {}
  for i = 1, tonumber(one()) do list[i] = one() end
  return list
end

local function expire(key, moment)
  if tonumber(moment) > 0 then redis.call('PEXPIREAT', key, moment) end
end

local function hash(key, pairs, moment)
  for i = 1, #pairs, 2 do redis.call('HSET', key, pairs[i], pairs[i + 1]) end
  if #pairs > 0 then expire(key, moment) end
end

local version = tonumber(one()) or 0 -- one that is damaged is as old as can be
local known = redis.call('HGET', record, 'v')
if known and (tonumber(known) or 0) >= version then return 0 end
if known then erase_conversation(id, KEYS) end

local moments = some()
hash(record, some(), moments[1])
for _, row in ipairs(some()) do redis.call('RPUSH', journal, row) end
expire(journal, moments[2])
hash(seen, some(), moments[3])
hash(words, some(), moments[4])
hash(receipts, some(), moments[5])

local open = one()
local door = redis.call('HGET', record, 'd')
if tonumber(open) > 0 and door and redis.call('SET', doors .. door, id, 'NX') then expire(doors .. door, open) end

local armed = some()
for i = 1, #armed, 2 do redis.call('ZADD', alarms, armed[i + 1], armed[i]) end

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
for _ = 1, tonumber(one()) do
  local lane, channel, due, held, attempts, moment = one(), one(), one(), one(), one(), one()
  for _, entry in ipairs(some()) do redis.call('RPUSH', lanes .. lane, entry) end
  redis.call('HSET', holds .. lane, 'n', attempts)
  expire(lanes .. lane, moment)
  expire(holds .. lane, moment)
  redis.call('SADD', channels, channel)
  redis.call('ZADD', queues .. channel, held == '1' and now or due, lane)
end

hash(letters, some(), 0)
local number = redis.call('HGET', record, 't')
for _, entry in ipairs(some()) do redis.call('ZADD', tickets, number, entry) end

local state = redis.call('HMGET', record, 's', 't', 'ch')
local list = list_of(state[1], state[2], board, ended, guiding)
if list then enter(list, board, records, record, id, tonumber(state[3] or 0) or 0, keep) end
return 1
