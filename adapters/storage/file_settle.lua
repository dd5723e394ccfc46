-- Keeps files whose message is recorded, releases those of a message that is not, lets those go that were held for too
-- long, or drops files whatever they are.
-- KEYS: the files, the times of the files, the used bytes by share.
-- ARGV: now in ms ('' for the clock of the store), "keep", "release", "lapse" or "drop", ms to keep files, then the ids.
-- Returns the ids of files whose bytes are to be deleted. A released file stays while another caller holds it, and a
-- lapsed one if its form came again meanwhile.

-- with file_room
local files, times, used = KEYS[1], KEYS[2], KEYS[3]
local now, verb, last = moment(ARGV[1]), ARGV[2], tonumber(ARGV[3])
local gone = {}

local function came_again(id, state)
  return state == 'k' or tonumber(redis.call('ZSCORE', times, id) or 0) > now + LOOK
end

for i = 4, #ARGV do
  local id = ARGV[i]
  local state, holders, bytes, conversation, shares = parts(redis.call('HGET', files, id))
  if verb == 'keep' and state == 'h' then
    redis.call('HSET', files, id, table.concat({'k', 0, bytes, conversation, shares}, ' '))
    redis.call('ZADD', times, now + last, id)
  elseif verb == 'release' and state == 'h' and tonumber(holders) > 1 then
    redis.call('HSET', files, id, table.concat({'h', holders - 1, bytes, conversation, shares}, ' '))
  elseif verb == 'drop' or verb == 'release' and state ~= 'k' or verb == 'lapse' and not came_again(id, state) then
    forget(files, times, used, id)
    gone[#gone + 1] = id
  end
end
return gone
