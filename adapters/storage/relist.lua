-- Puts a conversation on the list where its record belongs, and takes it off the others. Repeating changes nothing.
-- KEYS: board, ended, guiding, alarms, stem of records. ARGV: id, seconds for which conversations are stored.

-- with listing
local board, ended, guiding, alarms, records = unpack(KEYS)
local id, keep = ARGV[1], tonumber(ARGV[2])
local record = records .. id
local is = redis.call('TYPE', record).ok
if is ~= 'hash' and is ~= 'none' then return 0 end -- a damaged record says nothing; its line is left
local known = redis.call('HMGET', record, 's', 't', 'v', 'ch', 'al')

-- Stores in the record when targets are due that were armed before the lists existed.
local function promised()
  for name, kind in string.gmatch(known[5] or '', '((%a)%.0%.[^ :]+)') do
    local due = string.match(kind, '[fgst]') and redis.call('ZSCORE', alarms, id .. ' ' .. name)
    if due then redis.call('HSETNX', record, 'd' .. kind, string.format('%.0f', tonumber(due))) end
  end
end

local list = known[3] and list_of(known[1], known[2], board, ended, guiding)
for _, other in ipairs({board, ended, guiding}) do
  if other ~= list then unlist(other, board, id) end
end
if list then
  promised()
  enter(list, board, records, record, id, tonumber(known[4] or 0), keep, true)
end
return list and 1 or 0
