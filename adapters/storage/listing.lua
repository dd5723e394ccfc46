-- Keeps the lists of conversations: open tickets, ended tickets, and conversations that the bot guides.

-- The fields of an open ticket's line, in the order of `board.py`. The reasons come last, since they are several words.
local SHOWN = {'s', 't', 'v', 'op', 'wt', 'hp', 'df', 'dg', 'ds', 'dt', 'sn', 'h', 'tm', 'rs'}

-- Returns whether that is the letter of a status. A missing one stands for the first.
local function is_status(letter)
  return not letter or string.find('gwarc', letter, 1, true) ~= nil and #letter == 1
end

local function list_of(status, ticket, board, ended, guiding)
  if not status or status == 'g' then return guiding end
  if tonumber(ticket or 0) == 0 then return nil end
  if status == 'r' or status == 'c' then return ended end
  return board
end

-- Encodes a text as one word. A missing text is a single percent sign.
local function word(text)
  if not text or text == '' then return '%' end
  return (string.gsub(string.gsub(text, '%%', '%%25'), ' ', '%%20'))
end

-- Counts a change to the open tickets.
local function bump(board)
  if not string.match(redis.call('HGET', board, '#') or '0', '^%d+$') then redis.call('HDEL', board, '#') end
  redis.call('HINCRBY', board, '#', 1)
end

local function unlist(list, board, id)
  if list == board then
    if redis.call('HDEL', board, id) == 1 then bump(board) end
  else
    redis.call('ZREM', list, id)
  end
end

-- Checks a few random open tickets and deletes those whose conversation has expired.
local function sweep(board, records)
  for _, id in ipairs(redis.call('HRANDFIELD', board, 3)) do
    if id ~= '#' and redis.call('EXISTS', records .. id) == 0 then redis.call('HDEL', board, id) end
  end
end

-- Does the same with a list by age: a conversation that no one answered expires earlier than the others.
local function sweep_by_age(list, records)
  for _, id in ipairs(redis.call('ZRANDMEMBER', list, 3)) do
    if redis.call('EXISTS', records .. id) == 0 then redis.call('ZREM', list, id) end
  end
end

-- Adds a conversation to a list, or renews its entry, as every commit does. With `sweeps`, entries of lists by age that
-- are so old that they have expired go.
local function enter(list, board, records, record, id, at, keep, sweeps)
  if list ~= board then
    redis.call('ZADD', list, at, id)
    if not sweeps then return end
    redis.call('ZREMRANGEBYSCORE', list, '-inf', at - keep * 1000)
    sweep_by_age(list, records)
    return
  end
  local fields = redis.call('HMGET', record, unpack(SHOWN))
  local words = {}
  for i = 1, #SHOWN - 1 do words[i] = word(fields[i]) end
  words[#SHOWN] = fields[#SHOWN] or ''
  -- Whose turn it is stands after the reasons, where a process of an earlier version expects one more reason.
  local turn = redis.call('HMGET', record, 'ra', 'ow')
  if turn[1] or turn[2] then
    local last = '%@' .. (turn[1] or '0') .. ':' .. (turn[2] or '0')
    words[#SHOWN] = words[#SHOWN] == '' and last or words[#SHOWN] .. ' ' .. last
  end
  if redis.call('HSET', board, id, table.concat(words, ' ')) == 1 then sweep(board, records) end
  bump(board)
end
