-- Moves something damaged into the quarantine of its shard, or notes what stays where it is. Repeating changes nothing.
-- KEYS: quarantine, the key with the damage; for the head of a lane also its queue, its hold, the names of queues and the
-- stem of queues. ARGV: id of the entry, the entry as JSON, how it is taken out ('note', 'member', 'item', 'field',
-- 'head' or 'key'), its member or field or the Redis type expected, its content, and of a lane its name, token, channel.
-- Instead of the lane may stand how and with which score something of another slot was copied ('' else).
-- Returns 1 if the entry is new. `quarantined.lua` says how an entry is stored.

local quarantine, source = KEYS[1], KEYS[2]
local id, entry, how, part, raw = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

-- Frees a lane behind its removed head, so that a worker takes the next effect.
local function free()
  local lane, token, mine = ARGV[6], ARGV[7], ARGV[8]
  redis.call('LPOP', source)
  redis.call('ZREM', KEYS[3], lane)
  local head = redis.call('LINDEX', source, 0)
  if not head then
    redis.call('DEL', KEYS[4])
  else
    redis.call('HDEL', KEYS[4], 't', 'n') -- keeps since when the lane has had effects
    local channel = string.match(head, '^%S+ %S+ (%S+)') or mine
    redis.call('SADD', KEYS[5], channel)
    redis.call('ZADD', KEYS[6] .. channel, now, lane)
  end
end

local content, extra, stored = raw, '', how
-- Fails before anything is removed if the quarantine is no hash. It is set aside first, as an entry of its successor.
if how ~= 'key' or source ~= quarantine then redis.call('HLEN', quarantine) end
if how == 'note' and ARGV[6] then
  stored, extra = ARGV[6], ARGV[7]
elseif how == 'member' then
  extra = redis.call('ZSCORE', source, part)
  if not extra then return 0 end
  redis.call('ZREM', source, part)
elseif how == 'item' then
  if redis.call('SREM', source, part) == 0 then return 0 end
elseif how == 'field' then
  if redis.call('HGET', source, part) ~= raw then return 0 end
  redis.call('HDEL', source, part)
elseif how == 'head' then
  if redis.call('HGET', KEYS[4], 't') ~= ARGV[7] or redis.call('LINDEX', source, 0) ~= raw then return 0 end
  extra = ARGV[6]
  free()
elseif how == 'key' then
  local is = redis.call('TYPE', source).ok
  if is == 'none' or is == part then return 0 end
  content, extra = redis.call('DUMP', source), redis.call('PTTL', source)
  redis.call('DEL', source)
end
local told, place = '0', string.format('%d', #part)
local head = {entry, string.format('%.0f', now), stored, told, extra, place, part}
return redis.call('HSETNX', quarantine, id, table.concat(head, '\n') .. content)
