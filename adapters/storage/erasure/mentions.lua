-- Returns 1 if a conversation's record or journal names one of these people, else 0. KEYS: record, journal.
-- ARGV: their ids. Writes nothing.

for _, value in ipairs(redis.call('HVALS', KEYS[1])) do
  for _, actor in ipairs(ARGV) do
    if string.find(' ' .. value .. ' ', ' ' .. actor .. ' ', 1, true) then return 1 end
  end
end
for _, row in ipairs(redis.call('LRANGE', KEYS[2], 0, -1)) do
  for _, actor in ipairs(ARGV) do
    if string.find(row, '"' .. actor .. '"', 1, true) then return 1 end
  end
end
return 0
