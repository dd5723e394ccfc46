-- Takes an amount from every rate, or takes nothing and keeps the claim's place in the lines (first come, first served).
-- KEYS: of each rate the bucket (the time when it will be full again, GCRA), the line (claims by the time of their
-- first call) and the hash of what each claim takes and until when it is waited for.
-- ARGV: claim, amount, patience in ms, ms for which an absent claim's place is kept, now in ms ('' for the clock of the
-- store), then of each rate the calls per minute and at once. Returns 0, or the milliseconds to wait.

local claim, amount, patience, keep = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local now = tonumber(ARGV[5])
if not now then
  local time = redis.call('TIME')
  now = time[1] * 1000 + time[2] / 1000
end

-- Counts what the claims before this one will take. An absent claim is passed over, and after a while forgotten.
local function ahead(line, back)
  local place = redis.call('ZSCORE', line, claim)
  local others = redis.call('ZRANGEBYSCORE', line, '-inf', place and '(' .. place or '+inf')
  if #others == 0 then return 0 end
  local sum, known, all = 0, {}, redis.call('HGETALL', back)
  for i = 1, #all, 2 do known[all[i]] = all[i + 1] end
  for _, other in ipairs(others) do
    local takes, comes = string.match(known[other] or '', '^(%S+) (%S+)$')
    comes = tonumber(comes or 0)
    if comes >= now then
      sum = sum + takes
    elseif comes + keep < now then
      redis.call('ZREM', line, other)
      redis.call('HDEL', back, other)
    end
  end
  return sum
end

-- Keeps the claim's place in a line until it comes back.
local function stand(line, back, wait)
  local last = redis.call('ZRANGE', line, -1, -1, 'WITHSCORES')[2]
  local place = math.max(now, tonumber(last or 0) + 0.001)
  redis.call('ZADD', line, 'NX', string.format('%.3f', place), claim)
  redis.call('HSET', back, claim, string.format('%s %.0f', amount, now + wait + patience))
  local lasts = math.ceil(wait + patience + keep)
  for _, key in ipairs({line, back}) do
    if redis.call('PTTL', key) < lasts then redis.call('PEXPIRE', key, lasts) end
  end
end

local takes = {}
for i = 1, #KEYS / 3 do
  local bucket, line, back = KEYS[3 * i - 2], KEYS[3 * i - 1], KEYS[3 * i]
  local each, most = 60000 / tonumber(ARGV[4 + 2 * i]), tonumber(ARGV[5 + 2 * i])
  local full = math.max(tonumber(redis.call('GET', bucket) or 0), now)
  local left, before = most - (full - now) / each, ahead(line, back)
  -- An amount that never fits is granted to the first in the line once the bucket is full.
  local needs = before > 0 and before + amount or math.min(amount, most)
  if left + 0.001 < needs then
    local wait = math.ceil((needs - left) * each)
    -- Its place in the lines before this one keeps what it will take there.
    for j = 1, i do stand(KEYS[3 * j - 1], KEYS[3 * j], wait) end
    return wait
  end
  takes[i] = full + amount * each
end
for i, full in ipairs(takes) do
  redis.call('SET', KEYS[3 * i - 2], string.format('%.3f', full), 'PX', math.ceil(full - now))
  redis.call('ZREM', KEYS[3 * i - 1], claim)
  redis.call('HDEL', KEYS[3 * i], claim)
end
return 0
