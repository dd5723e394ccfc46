-- Records one event's change: record, journal line, effects, timers, dedupe key and indexes, all or nothing (law L2).
-- Every check that may refuse comes before the first write. `conversations.py` documents KEYS and ARGV.
-- Most calls are clicks that change little. So what is rare comes as names and values, and stands in blocks that are
-- skipped: making a function and calling the server cost more than all else here.

-- with listing
-- with types
local record, journal, seen, words = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local alarms, tickets, counter, channels, news = KEYS[5], KEYS[6], KEYS[7], KEYS[8], KEYS[9]
local records, doors, lanes, holds, queues, places = KEYS[10], KEYS[11], KEYS[12], KEYS[13], KEYS[14], KEYS[15]
local board, ended, guiding, marker, receipts = KEYS[16], KEYS[17], KEYS[18], KEYS[19], KEYS[20]
local id, expected, key, keep = ARGV[1], tonumber(ARGV[2]), ARGV[3], tonumber(ARGV[4])
local lease, token, line = tonumber(ARGV[5]), ARGV[6], ARGV[7]
local identity, remembered = ARGV[8], ARGV[9] == '1'

local DAY_S = 24 * 3600

-- ---- what to record, from the lists after the head

local at = 10

-- Returns the next list, which comes after its length; in pairs, or whatever `each` says, after their number.
local function some(each)
  local first = at + 1
  at = first + ARGV[at] * (each or 1)
  return {unpack(ARGV, first, at - 1)}
end

local sets, deletes, pushed, stamped = some(2), some(), some(), some()
local mine -- nil keeps the timers of the turn
if ARGV[at] == '-1' then at = at + 1 else mine = some(2) end
local lasting = some(2)
local changed, named = {}, {} -- the lanes
local lane_names = tonumber(ARGV[at])
at = at + 1
for i = 1, lane_names do
  local name = ARGV[at]
  at = at + 1
  changed[i] = {name = name, list = lanes .. name, hold = holds .. name, entries = some()}
  named[name] = changed[i]
end
local rare = {}
for i = at, #ARGV, 2 do rare[ARGV[i]] = ARGV[i + 1] end
local ticketed, index, place = rare.ticketed, rare.index, rare.place
local said, styled, files, amends = rare.said, rare.styled, rare.files, rare.amends

-- ---- checks

-- Does something. The first error is kept: a key of another type must not fail the script after its first write.
local failed

local function try(...)
  local found = redis.pcall(...)
  if type(found) == 'table' and found.err then
    failed = failed or found
    return {}
  end
  return found
end

-- Returns why nothing is recorded, the record, and the lanes that the token holds: a committer that lost our answer
-- repeats the commit with the same token.
local function refuse(outcome, whose)
  local held = {}
  for _, lane in ipairs(outcome == 'repeated' and changed or {}) do
    if redis.call('HGET', lane.hold, 't') == token then held[#held + 1] = lane.name end
  end
  return {outcome, whose, redis.call('HGETALL', records .. whose), held}
end

-- Returns the channel of a lane's entry. A damaged one goes to the channel that is `other`.
local function channel(entry, other)
  return string.match(entry, '^%S+ %S+ (%S+)') or other or 'damaged'
end

-- Records nothing in a store that lost its data, or that is another one than this process knows.
if identity ~= '' and redis.call('GET', marker) ~= identity then return {'lost'} end
local known = try('HMGET', record, 'v', 'ch', 's', 't', 'sh', 'd', 'al', 'dp', 'rd')
local version, before, ticket = tonumber(known[1] or 0), tonumber(known[2] or 0), tonumber(known[4] or 0)
local repeated = try('HEXISTS', seen, key)
if failed then return mistyped({record, 'hash', seen, 'hash'}) or failed end
-- The guard compares versions. A commit that claims a turn instead of a version would be compared here.
if repeated == 1 then return refuse('repeated', id) end
if expected == 0 and version > 0 then return refuse('repeated', id) end
if expected ~= version then return refuse('conflict', id) end
-- Erasing a person changes a record, but not its version: a state that was remembered may still name them. A damaged
-- record keeps its version as well. Who reads it finds the damage.
if remembered and (known[9] or not is_status(known[3])) then return refuse('conflict', id) end
local entry = doors .. (expected == 0 and rare.door or known[6] or '')
if expected == 0 then
  local open = try('GET', entry)
  if failed then return mistyped({entry, 'string'}) or failed end
  if open and redis.call('TYPE', records .. open).ok == 'hash' then return refuse('exists', open) end
end

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
-- Refuses words that answer a prompt younger than a person needs to read it: they are about the prompt before it.
if rare.readable and now - tonumber(known[5] or 0) < tonumber(rare.readable) then return refuse('early', id) end
if rare.settled and now - before < tonumber(rare.settled) then return refuse('early', id) end

-- How long the conversation lasts from now: as all do, or for fewer seconds while no one has answered. What happens by
-- itself does not make it last longer, unless it has a ticket. All its keys last equally long.
local left = expected == 0 and -2 or redis.call('TTL', seen)
local life = tonumber(rare.life) or keep
if rare.life == 'same' and ticket == 0 and left > 0 then life = left end
-- Renewing takes as long as recording, so it is done once a day, and for keys that are made anew.
local renews = left > life or left < life - math.min(DAY_S, life / 8)

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

-- Removing prompts concerns the lanes of both ends. Most are empty, which one command finds out.
if rare.cancels then
  local others = {}
  for _, role in ipairs({'/customer', '/agents'}) do
    local name = id .. role
    if named[name] then
      named[name].cancels = true
    else
      others[#others + 1] = {name = name, list = lanes .. name, hold = holds .. name, entries = {}, cancels = true}
    end
  end
  local first, second = others[1], others[2]
  if second and redis.call('EXISTS', first.list, second.list) > 0 or first and not second then
    for _, lane in ipairs(others) do changed[#changed + 1] = lane end
  end
end

-- Returns an error if something is damaged that this commit writes. The journal, which is written first, says so then.
local wanted = {}
local function want(name, kind) wanted[#wanted + 1], wanted[#wanted + 2] = name, kind end

if mine or #lasting > 0 then want(alarms, 'zset') end
if said or styled or files or amends then want(words, 'hash') end
if index or renews then want(entry, 'string') end
if place then want(places .. place, 'string') end
if was and was ~= list then want(was, was == board and 'hash' or 'zset') end
if list then want(list, list == board and 'hash' or 'zset') end
for _, lane in ipairs(changed) do
  lane.head = try('LINDEX', lane.list, 0)
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
  want(journal, 'list')
  want(tickets, 'zset')
  want(counter, 'string')
end
local wrong = mistyped(wanted)
if wrong then return wrong end
if ticketed and not string.match(redis.call('GET', counter) or '0', '^%d+$') then
  return redis.error_reply('DAMAGED ' .. counter)
end

-- ---- the journal

local opened = 0
if ticketed then opened = redis.call('INCR', counter) * 64 + tonumber(string.sub(id, 1, 2)) end
local row = string.format(ticketed and '[%.0f,%s,%.0f]' or '[%.0f,%s]', now - before, line, opened)
local rows = try('RPUSH', journal, row)
if failed then return mistyped({journal, 'list'}) or failed end
if rows == 1 and not renews then redis.call('EXPIRE', journal, life) end

-- ---- the record

local stamp = string.format('%.0f', now)
version = version + 1

local function set(field, value) sets[#sets + 1], sets[#sets + 2] = field, value end

if ticketed then set('t', string.format('%.0f', opened)) end
for _, field in ipairs(stamped) do set(field, stamp) end
set('v', version)
set('ch', stamp)
if expected == 0 then set('d', rare.door or '') end

if rare.cut or #pushed > 0 then
  local depth = tonumber(known[8] or 0)
  local kept = rare.cut and math.min(tonumber(rare.cut), depth) or depth
  for i = kept + #pushed, depth - 1 do deletes[#deletes + 1] = 'p' .. i end
  for i, step in ipairs(pushed) do set('p' .. (kept + i - 1), step) end
  if kept + #pushed > 0 then
    set('dp', kept + #pushed)
  else
    deletes[#deletes + 1] = 'dp'
  end
end

-- Replaces timers. Those of a turn are replaced all together or kept; a timer of turn 0 replaces only its own kind.
if mine or #lasting > 0 then
  local kinds, armed, gone, rings = {}, {}, {}, {}
  for i = 1, #lasting, 2 do kinds[string.match(lasting[i], '^[^.]+')] = true end
  for old in string.gmatch(known[7] or '', '[^ ]+') do
    local kind, turn = string.match(old, '^([^.]+)%.(%d+)%.')
    local goes = turn == '0' and kinds[kind] or turn ~= '0' and mine
    if goes then gone[#gone + 1] = id .. ' ' .. string.match(old, '^[^:]+') else armed[#armed + 1] = old end
  end
  -- Arms timers, each named by its kind, its guards and the version that armed it, so that no two share a name. Stores
  -- when a team's target is due in the record, so that agents can see it.
  for _, timers in ipairs({mine or {}, lasting}) do
    for i = 1, #timers, 2 do
      local timer, due = timers[i] .. '.' .. version, now + timers[i + 1]
      rings[#rings + 1], rings[#rings + 2] = due, id .. ' ' .. timer
      local target = string.match(timers[i], '^([fgst])%.0%.')
      if target then set('d' .. target, string.format('%.0f', due)) end
      armed[#armed + 1] = timer .. ':' .. timers[i + 1]
    end
  end
  if #gone > 0 then redis.call('ZREM', alarms, unpack(gone)) end
  if #rings > 0 then redis.call('ZADD', alarms, unpack(rings)) end
  if #armed > 0 then
    set('al', table.concat(armed, ' '))
  elseif known[7] then
    deletes[#deletes + 1] = 'al'
  end
end

if expected > 0 and #deletes > 0 then redis.call('HDEL', record, unpack(deletes)) end
redis.call('HSET', record, unpack(sets))

-- ---- the lanes

local granted = {}
for _, lane in ipairs(changed) do
  local former = lane.head
  if former or #lane.entries > 0 then
    -- Removes prompts that no sender has begun (law L6). The head has begun once an attempt is counted.
    if former and lane.cancels then
      local begun = (tonumber(redis.call('HGET', lane.hold, 'n') or 0) or 1) > 0
      for i, waiting in ipairs(redis.call('LRANGE', lane.list, 0, -1)) do
        local asks = string.match(waiting, '^%S+ ask ') or string.match(waiting, '^%S+ suggest ')
        if asks and not (begun and i == 1) then redis.call('LREM', lane.list, 1, waiting) end
      end
    end
    if #lane.entries > 0 then redis.call('RPUSH', lane.list, unpack(lane.entries)) end
    -- Queues the lane. The committer gets the lease on a lane that was empty; a lane whose head is for the same channel
    -- keeps its lease (law L5).
    local head = redis.call('LINDEX', lane.list, 0)
    if head and not former then
      redis.call('HSET', lane.hold, 't', token, 'n', 1, 'q', stamp)
      redis.call('SADD', channels, channel(head))
      redis.call('ZADD', queues .. channel(head), now + lease, lane.name)
      granted[#granted + 1] = lane.name
    elseif former and not (head and channel(former) == channel(head)) then
      redis.call('ZREM', queues .. channel(former), lane.name)
      redis.call('DEL', lane.hold)
      if head then
        redis.call('SADD', channels, channel(head, channel(former)))
        redis.call('ZADD', queues .. channel(head, channel(former)), now, lane.name)
      end
    end
    redis.call('EXPIRE', lane.list, life)
    redis.call('EXPIRE', lane.hold, life)
  end
end

-- ---- the indexes

-- Updates the index of open conversations, one per door and contact. Never changes another conversation's entry.
if index or renews then
  if index == 'open' and expected == 0 then
    redis.call('SET', entry, id)
  elseif index == 'open' then
    redis.call('SET', entry, id, 'NX')
  end
  if redis.call('GET', entry) == id then
    if index == 'close' then
      redis.call('DEL', entry)
    else
      redis.call('EXPIRE', entry, life)
    end
  end
end
if was and was ~= list then unlist(was, board, id) end
if list then enter(list, board, records, record, id, now, keep, renews or was ~= list) end
-- Adds the ticket to the index, then checks five random entries and deletes those whose conversation has expired.
if ticketed then
  redis.call('ZADD', tickets, opened, id .. ' ' .. stamp)
  for _, each in ipairs(redis.call('ZRANDMEMBER', tickets, 5)) do
    if redis.call('EXISTS', records .. (string.match(each, '^%S+') or '')) == 0 then redis.call('ZREM', tickets, each) end
  end
end
redis.call('HSET', seen, key, version)
if place and expected == 0 then redis.call('SET', places .. place, id, 'EX', keep) end

-- ---- people's words

-- Stores texts and files beside the journal, by version. An edit replaces the text of the earlier event, or stands
-- beside it: `amends` then ends with an e. A text's formatting goes with its text.
if amends and said then
  redis.call('HSET', words, amends, said)
  redis.call('HDEL', words, amends .. 's')
  if styled then redis.call('HSET', words, amends .. 's', styled) end
elseif amends then
  redis.call('HDEL', words, amends, amends .. 'f', amends .. 'e', amends .. 's', amends .. 'es')
elseif said or styled or files then
  local spoken = {}
  for suffix, text in pairs({[''] = said, s = styled, f = files}) do
    spoken[#spoken + 1], spoken[#spoken + 2] = version .. suffix, text
  end
  redis.call('HSET', words, unpack(spoken))
end
if said or styled or files or amends then redis.call('EXPIRE', words, life) end

if renews then
  for _, name in ipairs({record, journal, seen, words, receipts}) do redis.call('EXPIRE', name, life) end
end
redis.call('SPUBLISH', news, id .. ' ' .. version)
return {'committed', version, stamp, string.format('%.0f', opened), granted}
