-- Reads the entries of files, and frees their room.

local LOOK = 60000 -- ms for which one caller looks after a file that was held for too long

local function moment(given)
  if given ~= '' then return tonumber(given) end
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

-- Returns an entry's state, holders, bytes, conversation and shares; nothing for no entry.
local function parts(entry)
  if not entry then return end
  return string.match(entry, '^(%a) (%d+) (%d+) (%S+) (.*)$')
end

-- Returns the bytes that a share uses. A number that is damaged counts as none: it is started anew.
local function used_by(used, share)
  local stored = redis.call('HGET', used, share)
  if stored and not string.match(stored, '^%-?%d+$') then redis.call('HDEL', used, share) end
  return tonumber(stored and string.match(stored, '^%-?%d+$') or 0)
end

local function forget(files, times, used, id)
  local state, _, bytes, _, shares = parts(redis.call('HGET', files, id))
  for share in string.gmatch(state and shares or '', '%S+') do
    used_by(used, share)
    if redis.call('HINCRBY', used, share, -bytes) <= 0 then redis.call('HDEL', used, share) end
  end
  redis.call('HDEL', files, id)
  redis.call('ZREM', times, id)
end
