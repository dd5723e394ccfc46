-- Takes room for files of one message in every share that they count in, or takes none.
-- KEYS: the files, the times of the files, the used bytes by share.
-- ARGV: now in ms ('' for the clock of the store), ms for which room is held, seconds to keep the three keys, number of
-- shares, then of each share its name and most bytes, then of each file its id, bytes and conversation.
-- A file is stored as: h (held) or k (kept), how many callers hold it, its bytes, its conversation, its shares.
-- Returns the share without room ('' if the files have room), then id and conversation of each file that was held for
-- too long: its caller died, and the journal says what became of it.

-- with file_room
local files, times, used = KEYS[1], KEYS[2], KEYS[3]
local now, hold, keep = moment(ARGV[1]), tonumber(ARGV[2]), ARGV[3]
local count = tonumber(ARGV[4])
local first = 5 + 2 * count
local answer = {''}

-- Frees files whose time is over, and reports those that were only held. One caller looks after each of them.
for _, id in ipairs(redis.call('ZRANGEBYSCORE', times, '-inf', now, 'LIMIT', 0, 1000)) do
  local state, _, _, conversation = parts(redis.call('HGET', files, id))
  if state == 'h' then
    redis.call('ZADD', times, now + LOOK, id)
    answer[#answer + 1], answer[#answer + 2] = id, conversation
  else
    forget(files, times, used, id)
  end
end

local size = 0
for i = first, #ARGV, 3 do
  if not parts(redis.call('HGET', files, ARGV[i])) then size = size + tonumber(ARGV[i + 1]) end
end
local shares = {}
for i = 5, first - 1, 2 do
  shares[#shares + 1] = ARGV[i]
  local taken = used_by(used, ARGV[i])
  if size > 0 and taken + size > tonumber(ARGV[i + 1]) then
    answer[1] = ARGV[i]
    return answer
  end
end
for i = first, #ARGV, 3 do
  local id = ARGV[i]
  local state, holders, bytes, conversation, names = parts(redis.call('HGET', files, id))
  if not state then
    state, holders, bytes, conversation, names = 'h', 0, ARGV[i + 1], ARGV[i + 2], table.concat(shares, ' ')
    for _, share in ipairs(shares) do redis.call('HINCRBY', used, share, bytes) end
  end
  if state == 'h' then
    redis.call('HSET', files, id, table.concat({'h', holders + 1, bytes, conversation, names}, ' '))
    redis.call('ZADD', times, now + hold, id)
  end
end
for i = 1, 3 do redis.call('EXPIRE', KEYS[i], keep) end
return answer
