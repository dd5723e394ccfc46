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
local identity = ARGV[20]
local at = 21

local function count()
  local n = tonumber(ARGV[at])
  at = at + 1
  return n
end

local function some(n)
  local list = {}
  for i = 1, n do list[i] = ARGV[at + i - 1] end
  at = at + n
  return list
end

-- Returns the lanes that the token holds. A committer that lost our answer repeats the commit with the same token.
local function held()
  local mine = {}
  at = tonumber(ARGV[at])
  for _ = 1, count() do
    local lane = some(2)[1]
    some(count())
    if redis.call('HGET', holds .. lane, 't') == token then mine[#mine + 1] = lane end
  end
  return mine
end

-- Returns an error if something is damaged that this commit writes. Leaves `at` where it was.
local function damaged()
  local owner = expected == 0 and door or redis.call('HGET', record, 'd') or ''
  local wanted = {
    record, 'hash', journal, 'list', seen, 'hash', words, 'hash', alarms, 'zset', tickets, 'zset', counter, 'string',
    channels, 'set', board, 'hash', ended, 'zset', guiding, 'zset', doors .. owner, 'string', places .. place, 'string',
  }
  local here = at
  at = tonumber(ARGV[at])
  for _ = 1, count() do
    local lane = some(2)[1]
    local waiting = some(count())
    for _, item in ipairs({lanes .. lane, 'list', holds .. lane, 'hash'}) do wanted[#wanted + 1] = item end
    local channel = waiting[1] and string.match(waiting[1], '^%S+ %S+ (%S+)')
    if channel then wanted[#wanted + 1], wanted[#wanted + 2] = queues .. channel, 'zset' end
  end
  at = here
  local wrong = mistyped(wanted)
  if wrong then return wrong end
  if ticketed and not string.match(redis.call('GET', counter) or '0', '^%d+$') then
    return redis.error_reply('DAMAGED ' .. counter)
  end
end

local function refuse(outcome, whose)
  return {outcome, whose, redis.call('HGETALL', records .. whose), outcome == 'repeated' and held() or {}}
end

-- Records nothing in a store that lost its data, or that is another one than this process knows.
if identity ~= '' and redis.call('GET', marker) ~= identity then return {'lost'} end
-- The guard compares versions. A commit that claims a turn instead of a version would be compared here.
local wrong = damaged()
if wrong then return wrong end
if redis.call('HEXISTS', seen, key) == 1 then return refuse('repeated', id) end
local known = redis.call('HMGET', record, 'v', 'ch', 's', 't')
local version, before = tonumber(known[1] or 0), tonumber(known[2] or 0)
if expected == 0 and version > 0 then return refuse('repeated', id) end
if expected ~= version then return refuse('conflict', id) end
if expected == 0 then
  local open = redis.call('GET', doors .. door)
  if open and redis.call('TYPE', records .. open).ok == 'hash' then return refuse('exists', open) end
end

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
-- Refuses words that answer a prompt younger than a person needs to read it: they are about the prompt before it.
if readable > 0 and now - tonumber(redis.call('HGET', record, 'sh') or 0) < readable then return refuse('early', id) end
if settled > 0 and now - before < settled then return refuse('early', id) end

local stamp = string.format('%.0f', now)
local ticket = 0
version = version + 1
at = at + 1 -- skips the offset that `held` reads

-- How long the conversation lasts from now: as all do, or for fewer seconds while no one has answered. What happens by
-- itself does not make it last longer, unless it has a ticket.
if life == '' then
  life = keep
elseif life == 'same' then
  local left = redis.call('TTL', record)
  life = tonumber(known[4] or 0) == 0 and left > 0 and left or keep
end

local function path(pushed)
  local depth = tonumber(redis.call('HGET', record, 'dp') or 0)
  local kept = cut ~= '' and math.min(tonumber(cut), depth) or depth
  for i = kept, depth - 1 do redis.call('HDEL', record, 'p' .. i) end
  for i, step in ipairs(pushed) do redis.call('HSET', record, 'p' .. (kept + i - 1), step) end
  if kept + #pushed > 0 then
    redis.call('HSET', record, 'dp', kept + #pushed)
  else
    redis.call('HDEL', record, 'dp')
  end
end

local function fields()
  local sets, deletes, pushed, stamped = some(2 * count()), some(count()), some(count()), some(count())
  if ticketed then
    ticket = redis.call('INCR', counter) * 64 + tonumber(tag)
    sets[#sets + 1], sets[#sets + 2] = 't', string.format('%.0f', ticket)
  end
  for _, field in ipairs(stamped) do sets[#sets + 1], sets[#sets + 2] = field, stamp end
  sets[#sets + 1], sets[#sets + 2], sets[#sets + 3], sets[#sets + 4] = 'v', version, 'ch', stamp
  if expected == 0 then sets[#sets + 1], sets[#sets + 2] = 'd', door end
  redis.call('HSET', record, unpack(sets))
  if #deletes > 0 then redis.call('HDEL', record, unpack(deletes)) end
  if cut ~= '' or #pushed > 0 then path(pushed) end
end

-- Arms one timer, named by its kind, its guards and the version that armed it, so that no two timers share a name.
-- Stores when a team's target is due in the record, so that agents can see it.
local function arm(armed, name, after)
  local timer = name .. '.' .. version
  redis.call('ZADD', alarms, now + after, id .. ' ' .. timer)
  local target = string.match(name, '^([fgst])%.0%.')
  if target then redis.call('HSET', record, 'd' .. target, string.format('%.0f', now + after)) end
  armed[#armed + 1] = timer .. ':' .. after
end

-- Replaces timers. Those of a turn are replaced all together or kept; a timer of turn 0 replaces only its own kind.
local function timers()
  local turns = count()
  local mine = some(2 * math.max(turns, 0))
  local lasting = some(2 * count())
  if turns < 0 and #lasting == 0 then return end
  local kinds, armed = {}, {}
  for i = 1, #lasting, 2 do kinds[string.match(lasting[i], '^[^.]+')] = true end
  for old in string.gmatch(redis.call('HGET', record, 'al') or '', '[^ ]+') do
    local kind, turn = string.match(old, '^([^.]+)%.(%d+)%.')
    local goes = turn == '0' and kinds[kind] or turn ~= '0' and turns >= 0
    if goes then redis.call('ZREM', alarms, id .. ' ' .. string.match(old, '^[^:]+')) else armed[#armed + 1] = old end
  end
  for i = 1, #mine, 2 do arm(armed, mine[i], mine[i + 1]) end
  for i = 1, #lasting, 2 do arm(armed, lasting[i], lasting[i + 1]) end
  if #armed > 0 then
    redis.call('HSET', record, 'al', table.concat(armed, ' '))
  else
    redis.call('HDEL', record, 'al')
  end
end

-- Removes prompts that no sender has begun from the lane (law L6). The head has begun once an attempt is counted.
local function cancel(list, hold)
  local begun = (tonumber(redis.call('HGET', hold, 'n') or 0) or 1) > 0
  for i, waiting in ipairs(redis.call('LRANGE', list, 0, -1)) do
    local asks = string.match(waiting, '^%S+ ask ') or string.match(waiting, '^%S+ suggest ')
    if asks and not (begun and i == 1) then redis.call('LREM', list, 1, waiting) end
  end
end

-- Returns the channel of a lane's entry. A damaged one goes to the channel that is `other`.
local function channel(entry, other)
  return string.match(entry, '^%S+ %S+ (%S+)') or other or 'damaged'
end

-- Queues a lane after its entries changed. The committer gets the lease on a lane that was empty; a lane whose head is
-- for the same channel keeps its lease (law L5).
local function settle(lane, list, hold, before)
  local head = redis.call('LINDEX', list, 0)
  if head and not before then
    redis.call('HSET', hold, 't', token, 'n', 1, 'q', stamp)
    redis.call('SADD', channels, channel(head))
    redis.call('ZADD', queues .. channel(head), now + lease, lane)
    return true
  elseif before and not head then
    redis.call('ZREM', queues .. channel(before), lane)
    redis.call('DEL', hold)
  elseif before and channel(before) ~= channel(head) then
    redis.call('ZREM', queues .. channel(before), lane)
    redis.call('DEL', hold)
    redis.call('SADD', channels, channel(head, channel(before)))
    redis.call('ZADD', queues .. channel(head, channel(before)), now, lane)
  end
end

local function effects()
  local granted = {}
  for _ = 1, count() do
    local lane, cancels = unpack(some(2))
    local list, hold = lanes .. lane, holds .. lane
    local before = redis.call('LINDEX', list, 0)
    if before and cancels == '1' then cancel(list, hold) end
    for _ = 1, count() do redis.call('RPUSH', list, some(1)[1]) end
    if settle(lane, list, hold, before) then granted[#granted + 1] = lane end
    redis.call('EXPIRE', list, life)
    redis.call('EXPIRE', hold, life)
  end
  return granted
end

-- Updates the index of open conversations, one per door and contact. Never changes another conversation's entry.
local function doorkeep()
  local entry = doors .. (redis.call('HGET', record, 'd') or '')
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
  redis.call('ZADD', tickets, ticket, id .. ' ' .. stamp)
  for _, entry in ipairs(redis.call('ZRANDMEMBER', tickets, 5)) do
    if redis.call('EXISTS', records .. (string.match(entry, '^%S+') or '')) == 0 then redis.call('ZREM', tickets, entry) end
  end
end

-- Stores texts and files beside the journal, by version. An edit replaces the text of the earlier event, or stands
-- beside it: `amends` then ends with an e. A text's formatting goes with its text.
local function speak()
  if amends == '' then
    if said ~= '' then redis.call('HSET', words, version, said) end
    if styled ~= '' then redis.call('HSET', words, version .. 's', styled) end
    if files ~= '' then redis.call('HSET', words, version .. 'f', files) end
    return
  end
  if said ~= '' then
    redis.call('HSET', words, amends, said)
    redis.call('HDEL', words, amends .. 's')
    if styled ~= '' then redis.call('HSET', words, amends .. 's', styled) end
  else
    redis.call('HDEL', words, amends, amends .. 'f', amends .. 'e', amends .. 's', amends .. 'es')
  end
end

-- Moves the conversation from its old list to its new one.
local function relist()
  local was = version > 1 and list_of(known[3], known[4], board, ended, guiding)
  local is = redis.call('HMGET', record, 's', 't')
  local list = list_of(is[1], is[2], board, ended, guiding)
  if was and was ~= list then unlist(was, board, id) end
  if list then enter(list, board, records, record, id, now, tonumber(keep)) end
end

fields()
timers()
local granted = effects()
doorkeep()
relist()
if ticketed then enlist() end
redis.call('RPUSH', journal, string.format(ticketed and '[%.0f,%s,%.0f]' or '[%.0f,%s]', now - before, line, ticket))
redis.call('HSET', seen, key, version)
speak()
if expected == 0 and place ~= '' then redis.call('SET', places .. place, id, 'EX', keep) end
for _, name in ipairs({record, journal, seen, words, receipts}) do redis.call('EXPIRE', name, life) end
redis.call('SPUBLISH', news, id .. ' ' .. version)
return {'committed', version, stamp, string.format('%.0f', ticket), granted}
