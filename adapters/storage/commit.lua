-- Records one event's change: record, journal line, effects, timers, dedupe key and indexes, all or nothing (law L2).
-- Every check that may refuse comes before the first write. `conversations.py` documents KEYS and ARGV.

-- with listing
-- with types
local record, journal, seen, words = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local alarms, tickets, counter, channels, news = KEYS[5], KEYS[6], KEYS[7], KEYS[8], KEYS[9]
local records, doors, lanes, holds, queues, places = KEYS[10], KEYS[11], KEYS[12], KEYS[13], KEYS[14], KEYS[15]
local board, ended, guiding, marker, receipts = KEYS[16], KEYS[17], KEYS[18], KEYS[19], KEYS[20]
local id, tag, expected, key = ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4]
local keep, life = string.match(ARGV[5], '^(%d+) ?(%S*)$')
local lease, token, index, door, line, said = tonumber(ARGV[6]), ARGV[7], ARGV[8], ARGV[9], ARGV[10], ARGV[11]
local ticketed, cut, files, amends, place = ARGV[12] == '1', ARGV[13], ARGV[14], ARGV[15], ARGV[16]
local readable, settled, styled = tonumber(ARGV[17]), tonumber(ARGV[18]), ARGV[19]
local identity, remembered = ARGV[20], ARGV[21] == '1'

local DAY_S = 24 * 3600

-- ---- what to record, from the lists after the head

local at = 22

local function count()
  at = at + 1
  return tonumber(ARGV[at - 1])
end

local function some(n)
  local list = {}
  for i = 1, n do list[i] = ARGV[at + i - 1] end
  at = at + n
  return list
end

local sets, deletes, pushed, stamped = some(2 * count()), some(count()), some(count()), some(count())
local turns = count() -- -1 keeps the timers of the turn
local mine = some(2 * math.max(turns, 0))
local lasting = some(2 * count())
local changed = {} -- the lanes
for i = 1, count() do
  local lane, cancels = unpack(some(2))
  changed[i] = {name = lane, list = lanes .. lane, hold = holds .. lane, cancels = cancels == '1', entries = some(count())}
end

-- ---- checks

-- Reads something. The first error is kept: a key of another type must not fail the script after its first write.
local failed

local function read(...)
  local found = redis.pcall(...)
  if type(found) == 'table' and found.err then
    failed = failed or found
    return {}
  end
  return found
end

-- Returns the lanes that the token holds. A committer that lost our answer repeats the commit with the same token.
local function held()
  local names = {}
  for _, lane in ipairs(changed) do
    if redis.call('HGET', lane.hold, 't') == token then names[#names + 1] = lane.name end
  end
  return names
end

local function refuse(outcome, whose)
  return {outcome, whose, redis.call('HGETALL', records .. whose), outcome == 'repeated' and held() or {}}
end

-- Returns the channel of a lane's entry. A damaged one goes to the channel that is `other`.
local function channel(entry, other)
  return string.match(entry, '^%S+ %S+ (%S+)') or other or 'damaged'
end

-- Records nothing in a store that lost its data, or that is another one than this process knows.
if identity ~= '' and redis.call('GET', marker) ~= identity then return {'lost'} end
local known = read('HMGET', record, 'v', 'ch', 's', 't', 'sh', 'd', 'al', 'dp', 'rd')
local version, before, ticket = tonumber(known[1] or 0), tonumber(known[2] or 0), tonumber(known[4] or 0)
local first = read('LINDEX', journal, 0)
local repeated = read('HEXISTS', seen, key)
if failed then return mistyped({record, 'hash', journal, 'list', seen, 'hash'}) or failed end
-- The guard compares versions. A commit that claims a turn instead of a version would be compared here.
if repeated == 1 then return refuse('repeated', id) end
if expected == 0 and version > 0 then return refuse('repeated', id) end
if expected ~= version then return refuse('conflict', id) end
-- Erasing a person changes a record, but not its version: a state that was remembered may still name them.
if remembered and known[9] then return refuse('conflict', id) end
-- A damaged record keeps its version as well. Who reads it finds the damage.
if remembered and version > 0 and not is_status(known[3]) then return refuse('conflict', id) end
local entry = doors .. (expected == 0 and door or known[6] or '')
if expected == 0 then
  local open = read('GET', entry)
  if failed then return mistyped({entry, 'string'}) or failed end
  if open and redis.call('TYPE', records .. open).ok == 'hash' then return refuse('exists', open) end
end

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
-- Refuses words that answer a prompt younger than a person needs to read it: they are about the prompt before it.
if readable > 0 and now - tonumber(known[5] or 0) < readable then return refuse('early', id) end
if settled > 0 and now - before < settled then return refuse('early', id) end

-- How long the conversation lasts from now: as all do, or for fewer seconds while no one has answered. What happens by
-- itself does not make it last longer, unless it has a ticket.
keep = tonumber(keep)
local left = expected == 0 and -2 or redis.call('TTL', record)
if life == '' then
  life = keep
elseif life == 'same' then
  life = ticket == 0 and left > 0 and left or keep
else
  life = tonumber(life)
end
-- Renewing takes as long as recording, so it is done once a day, and for a key that is made anew.
local renews = not first or left > life or left < life - math.min(DAY_S, life / 8)
  or redis.call('TYPE', seen).ok == 'none'

-- Moves the conversation from its old list to its new one.
local status = known[3]
for i = 1, #sets, 2 do
  if sets[i] == 's' then status = sets[i + 1] end
end
for _, field in ipairs(deletes) do
  if field == 's' then status = nil end
end
local was = version > 0 and list_of(known[3], known[4], board, ended, guiding) or nil
local list = list_of(status, ticketed and 1 or known[4], board, ended, guiding)

-- Returns an error if something is damaged that this commit writes.
local function damaged()
  local wanted = {}
  local function want(name, kind) wanted[#wanted + 1], wanted[#wanted + 2] = name, kind end
  if turns >= 0 or #lasting > 0 then want(alarms, 'zset') end
  if said ~= '' or styled ~= '' or files ~= '' or amends ~= '' then want(words, 'hash') end
  if index ~= '' or renews then want(entry, 'string') end
  if place ~= '' then want(places .. place, 'string') end
  if was and was ~= list then want(was, was == board and 'hash' or 'zset') end
  if list then want(list, list == board and 'hash' or 'zset') end
  for _, lane in ipairs(changed) do
    lane.head = read('LINDEX', lane.list, 0)
    if failed then return mistyped({lane.list, 'list'}) or failed end
    if lane.head or #lane.entries > 0 then
      want(lane.list, 'list')
      want(lane.hold, 'hash')
      want(channels, 'set')
      if lane.head then want(queues .. channel(lane.head), 'zset') end
      if lane.entries[1] then want(queues .. channel(lane.entries[1]), 'zset') end
    end
  end
  if ticketed then
    want(tickets, 'zset')
    want(counter, 'string')
  end
  local wrong = mistyped(wanted)
  if wrong then return wrong end
  if ticketed and not string.match(redis.call('GET', counter) or '0', '^%d+$') then
    return redis.error_reply('DAMAGED ' .. counter)
  end
end

local wrong = damaged()
if wrong then return wrong end

-- ---- writes

local stamp = string.format('%.0f', now)
local opened = 0
version = version + 1

local function set(field, value)
  sets[#sets + 1], sets[#sets + 2] = field, value
end

local function path()
  local depth = tonumber(known[8] or 0)
  local kept = cut ~= '' and math.min(tonumber(cut), depth) or depth
  for i = kept + #pushed, depth - 1 do deletes[#deletes + 1] = 'p' .. i end
  for i, step in ipairs(pushed) do set('p' .. (kept + i - 1), step) end
  if kept + #pushed > 0 then
    set('dp', kept + #pushed)
  else
    deletes[#deletes + 1] = 'dp'
  end
end

-- Arms timers, each named by its kind, its guards and the version that armed it, so that no two share a name. Stores
-- when a team's target is due in the record, so that agents can see it.
local function arm(armed, rings, timers)
  for i = 1, #timers, 2 do
    local timer, due = timers[i] .. '.' .. version, now + timers[i + 1]
    rings[#rings + 1], rings[#rings + 2] = due, id .. ' ' .. timer
    local target = string.match(timers[i], '^([fgst])%.0%.')
    if target then set('d' .. target, string.format('%.0f', due)) end
    armed[#armed + 1] = timer .. ':' .. timers[i + 1]
  end
end

-- Replaces timers. Those of a turn are replaced all together or kept; a timer of turn 0 replaces only its own kind.
local function timers()
  local kinds, armed, gone, rings = {}, {}, {}, {}
  for i = 1, #lasting, 2 do kinds[string.match(lasting[i], '^[^.]+')] = true end
  for old in string.gmatch(known[7] or '', '[^ ]+') do
    local kind, turn = string.match(old, '^([^.]+)%.(%d+)%.')
    local goes = turn == '0' and kinds[kind] or turn ~= '0' and turns >= 0
    if goes then gone[#gone + 1] = id .. ' ' .. string.match(old, '^[^:]+') else armed[#armed + 1] = old end
  end
  arm(armed, rings, mine)
  arm(armed, rings, lasting)
  if #gone > 0 then redis.call('ZREM', alarms, unpack(gone)) end
  if #rings > 0 then redis.call('ZADD', alarms, unpack(rings)) end
  if #armed > 0 then
    set('al', table.concat(armed, ' '))
  elseif known[7] then
    deletes[#deletes + 1] = 'al'
  end
end

local function fields()
  if ticketed then
    opened = redis.call('INCR', counter) * 64 + tonumber(tag)
    set('t', string.format('%.0f', opened))
  end
  for _, field in ipairs(stamped) do set(field, stamp) end
  set('v', version)
  set('ch', stamp)
  if expected == 0 then set('d', door) end
  if cut ~= '' or #pushed > 0 then path() end
  if turns >= 0 or #lasting > 0 then timers() end
  if expected > 0 and #deletes > 0 then redis.call('HDEL', record, unpack(deletes)) end
  redis.call('HSET', record, unpack(sets))
end

-- Removes prompts that no sender has begun from the lane (law L6). The head has begun once an attempt is counted.
local function cancel(lane)
  local begun = (tonumber(redis.call('HGET', lane.hold, 'n') or 0) or 1) > 0
  for i, waiting in ipairs(redis.call('LRANGE', lane.list, 0, -1)) do
    local asks = string.match(waiting, '^%S+ ask ') or string.match(waiting, '^%S+ suggest ')
    if asks and not (begun and i == 1) then redis.call('LREM', lane.list, 1, waiting) end
  end
end

-- Queues a lane after its entries changed. The committer gets the lease on a lane that was empty; a lane whose head is
-- for the same channel keeps its lease (law L5).
local function settle(lane)
  local former, head = lane.head, redis.call('LINDEX', lane.list, 0)
  if head and not former then
    redis.call('HSET', lane.hold, 't', token, 'n', 1, 'q', stamp)
    redis.call('SADD', channels, channel(head))
    redis.call('ZADD', queues .. channel(head), now + lease, lane.name)
    return true
  elseif former and not head then
    redis.call('ZREM', queues .. channel(former), lane.name)
    redis.call('DEL', lane.hold)
  elseif former and channel(former) ~= channel(head) then
    redis.call('ZREM', queues .. channel(former), lane.name)
    redis.call('DEL', lane.hold)
    redis.call('SADD', channels, channel(head, channel(former)))
    redis.call('ZADD', queues .. channel(head, channel(former)), now, lane.name)
  end
end

local function effects()
  local granted = {}
  for _, lane in ipairs(changed) do
    if lane.head or #lane.entries > 0 then
      if lane.head and lane.cancels then cancel(lane) end
      if #lane.entries > 0 then redis.call('RPUSH', lane.list, unpack(lane.entries)) end
      if settle(lane) then granted[#granted + 1] = lane.name end
      redis.call('EXPIRE', lane.list, life)
      redis.call('EXPIRE', lane.hold, life)
    end
  end
  return granted
end

-- Updates the index of open conversations, one per door and contact. Never changes another conversation's entry.
local function doorkeep()
  if index == '' and not renews then return end
  if index == 'open' and expected == 0 then
    redis.call('SET', entry, id)
  elseif index == 'open' then
    redis.call('SET', entry, id, 'NX')
  end
  if redis.call('GET', entry) ~= id then return end
  if index == 'close' then
    redis.call('DEL', entry)
  else
    redis.call('EXPIRE', entry, life)
  end
end

-- Adds the ticket to the index, then checks five random entries and deletes those whose conversation has expired.
local function enlist()
  redis.call('ZADD', tickets, opened, id .. ' ' .. stamp)
  for _, each in ipairs(redis.call('ZRANDMEMBER', tickets, 5)) do
    if redis.call('EXISTS', records .. (string.match(each, '^%S+') or '')) == 0 then redis.call('ZREM', tickets, each) end
  end
end

-- Stores texts and files beside the journal, by version. An edit replaces the text of the earlier event, or stands
-- beside it: `amends` then ends with an e. A text's formatting goes with its text.
local function speak()
  if said == '' and styled == '' and files == '' and amends == '' then return end
  if amends == '' then
    local spoken = {}
    if said ~= '' then spoken[1], spoken[2] = version, said end
    if styled ~= '' then spoken[#spoken + 1], spoken[#spoken + 2] = version .. 's', styled end
    if files ~= '' then spoken[#spoken + 1], spoken[#spoken + 2] = version .. 'f', files end
    redis.call('HSET', words, unpack(spoken))
  elseif said ~= '' then
    redis.call('HSET', words, amends, said)
    redis.call('HDEL', words, amends .. 's')
    if styled ~= '' then redis.call('HSET', words, amends .. 's', styled) end
  else
    redis.call('HDEL', words, amends, amends .. 'f', amends .. 'e', amends .. 's', amends .. 'es')
  end
  redis.call('EXPIRE', words, life)
end

fields()
local granted = effects()
doorkeep()
if was and was ~= list then unlist(was, board, id) end
if list then enter(list, board, records, record, id, now, keep, renews or was ~= list) end
if ticketed then enlist() end
redis.call('RPUSH', journal, string.format(ticketed and '[%.0f,%s,%.0f]' or '[%.0f,%s]', now - before, line, opened))
redis.call('HSET', seen, key, version)
speak()
if expected == 0 and place ~= '' then redis.call('SET', places .. place, id, 'EX', keep) end
if renews then
  for _, name in ipairs({record, journal, seen, words, receipts}) do redis.call('EXPIRE', name, life) end
end
redis.call('SPUBLISH', news, id .. ' ' .. version)
return {'committed', version, stamp, string.format('%.0f', opened), granted}
