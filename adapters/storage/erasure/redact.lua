-- Replaces rows of a journal and fields of its record, and deletes words, unless the conversation has changed.
-- KEYS: record, journal, words, board, ended, guiding, stem of records. ARGV: id, seconds for which conversations are
-- stored, the version that was read, then fields and values, indexes and rows, and names of words, each list after its
-- length. Returns 1, or 0 if the conversation has another version by now.

-- with listing
local record, journal, words, board, ended, guiding, records = unpack(KEYS)
local id, keep, version = ARGV[1], tonumber(ARGV[2]), ARGV[3]
local at = 4

local function some()
  local list, count = {}, tonumber(ARGV[at])
  for i = 1, count do list[i] = ARGV[at + i] end
  at = at + count + 1
  return list
end

if (redis.call('HGET', record, 'v') or '') ~= version then return 0 end
local fields, rows, gone = some(), some(), some()
for i = 1, #fields, 2 do
  if fields[i + 1] == '' then
    redis.call('HDEL', record, fields[i])
  else
    redis.call('HSET', record, fields[i], fields[i + 1])
  end
end
if #fields > 0 then redis.call('HSET', record, 'rd', '1') end -- commits decided on the record before are refused
for i = 1, #rows, 2 do redis.call('LSET', journal, rows[i], rows[i + 1]) end
for _, name in ipairs(gone) do redis.call('HDEL', words, name) end
local state = redis.call('HMGET', record, 's', 't', 'ch')
local list = list_of(state[1], state[2], board, ended, guiding)
local changed = tonumber(state[3] or 0)
if list and changed then enter(list, board, records, record, id, changed, keep) end
return 1
