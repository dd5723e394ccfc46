-- On which list a conversation stands: with the open tickets, with those that ended, or with those being guided.

-- What agents choose by, in the order of `board.py`; the reasons come last, since they are words themselves.
local SHOWN = {'s', 't', 'v', 'op', 'wt', 'hp', 'df', 'dg', 'ds', 'dt', 'sn', 'h', 'tm', 'rs'}

local function list_of(status, ticket, board, ended, guiding)
  if not status or status == 'g' then return guiding end
  if tonumber(ticket or 0) == 0 then return nil end
  if status == 'r' or status == 'c' then return ended end
  return board
end

-- One word; what is missing is a lone percent sign.
local function word(text)
  if not text or text == '' then return '%' end
  return (string.gsub(string.gsub(text, '%%', '%%25'), ' ', '%%20'))
end

local function unlist(list, board, id)
  if list == board then
    if redis.call('HDEL', board, id) == 1 then redis.call('HINCRBY', board, '#', 1) end
  else
    redis.call('ZREM', list, id)
  end
end

-- Of a few open tickets, those whose conversation was forgotten leave the board.
local function sweep(board, records)
  for _, id in ipairs(redis.call('HRANDFIELD', board, 3)) do
    if id ~= '#' and redis.call('EXISTS', records .. id) == 0 then redis.call('HDEL', board, id) end
  end
end

-- A list by age holds nobody who has been forgotten: it is renewed, as a record is, with every commit.
local function enter(list, board, records, record, id, at, keep)
  if list ~= board then
    redis.call('ZADD', list, at, id)
    redis.call('ZREMRANGEBYSCORE', list, '-inf', at - keep * 1000)
    return
  end
  local fields = redis.call('HMGET', record, unpack(SHOWN))
  local words = {}
  for i = 1, #SHOWN - 1 do words[i] = word(fields[i]) end
  words[#SHOWN] = fields[#SHOWN] or ''
  if redis.call('HSET', board, id, table.concat(words, ' ')) == 1 then sweep(board, records) end
  redis.call('HINCRBY', board, '#', 1)
end
