-- Removes the head of a lane for its holder: an effect carried out (with a receipt) or given up (with a reason).
-- KEYS: queue of the channel, lane, hold, receipts, record, alarms, letters, channels, stem of queues.
-- ARGV: lane, token, effect, channel, receipt, reason, lease in ms, keep in s, conversation, turn asked for or ''.
-- Returns {'held', entry} if the holder continues with the next effect, {'free'} if none is left for it, {'lost'} if it
-- no longer holds the lane. Repeated after a lost answer, it returns the same.

-- with types
local queue, list, hold, receipts = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local record, alarms, letters, channels, queues = KEYS[5], KEYS[6], KEYS[7], KEYS[8], KEYS[9]
local lane, token, effect, mine, receipt, reason = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6]
local lease, keep, id, turn = tonumber(ARGV[7]), ARGV[8], ARGV[9], ARGV[10]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local function part(entry, pattern)
  return string.match(entry, pattern)
end

-- Restarts the turn's timers now that the prompt has arrived: a timer may move later, never earlier (law L10).
local function delay()
  for name, after in string.gmatch(redis.call('HGET', record, 'al') or '', '([^ :]+):(%d+)') do
    if part(name, '^[^.]+%.(%d+)%.') == turn then
      redis.call('ZADD', alarms, 'XX', 'GT', now + after, id .. ' ' .. name)
    end
  end
end

local function remove(head)
  local attempts = redis.call('HGET', hold, 'n')
  redis.call('LPOP', list)
  if reason ~= '' then
    redis.call('HSET', letters, effect, cjson.encode({string.format('%.0f', now), attempts, lane, head, reason}))
  elseif receipt ~= '' then
    redis.call('HSET', receipts, effect, receipt)
    local left = redis.call('TTL', record)
    redis.call('EXPIRE', receipts, left > 0 and left or keep)
    if turn ~= '' then delay() end
  end
end

local function move_on(head)
  if head and part(head, '^%S+ %S+ (%S+)') == mine then
    redis.call('HSET', hold, 'n', 1)
    redis.call('ZADD', queue, 'XX', now + lease, lane)
    return {'held', head}
  end
  redis.call('ZREM', queue, lane)
  if not head then
    redis.call('DEL', hold)
  else
    redis.call('HDEL', hold, 't', 'n') -- keeps since when the lane has had effects
    local other = part(head, '^%S+ %S+ (%S+)') or mine
    redis.call('SADD', channels, other)
    redis.call('ZADD', queues .. other, now, lane)
  end
  return {'free'}
end

local wrong = mistyped({
  queue, 'zset', list, 'list', hold, 'hash', receipts, 'hash', record, 'hash', alarms, 'zset', letters, 'hash',
  channels, 'set',
})
if wrong then return wrong end
if redis.call('HGET', hold, 't') ~= token then return {'lost'} end
local head = redis.call('LINDEX', list, 0)
if head and part(head, '^%S+') == effect then
  remove(head)
  return move_on(redis.call('LINDEX', list, 0))
end
return head and {'held', head} or {'free'}
