-- Counts one shard's ended tickets of a team, reason and status ('' for any), and returns the newest of them.
-- KEYS: ended, stem of records. ARGV: most to return, team, reason as a word, status. Writes nothing.

local limit, team, reason, status = tonumber(ARGV[1]), ARGV[2], ARGV[3], ARGV[4]
if team .. reason .. status == '' then
  return {redis.call('ZCARD', KEYS[1]), limit > 0 and redis.call('ZREVRANGE', KEYS[1], 0, limit - 1, 'WITHSCORES') or {}}
end
local found, total = {}, 0
local all = redis.call('ZREVRANGE', KEYS[1], 0, -1, 'WITHSCORES')
for i = 1, #all, 2 do
  local is = redis.pcall('HMGET', KEYS[2] .. all[i], 'tm', 'rs', 's') -- a damaged record is none of a team
  local given = ' ' .. (is[2] or '') .. ' '
  local wanted = (team == '' or is[1] == team) and (status == '' or is[3] == status)
  if wanted and (reason == '' or string.find(given, ' ' .. reason .. ' ', 1, true)) then
    total = total + 1
    if total <= limit then found[#found + 1], found[#found + 2] = all[i], all[i + 1] end
  end
end
return {total, found}
