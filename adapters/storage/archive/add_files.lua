-- Adds files to the account of uploaded files, and takes their room in their shares. A file that is there already changes
-- nothing, so repeating counts nothing twice. KEYS: the files, the times of the files, the used bytes by share. ARGV: when
-- the account expires in ms, then ids and entries. Returns how many files were new.

-- with file_room
local files, times, used = KEYS[1], KEYS[2], KEYS[3]
local last, added = ARGV[1], 0
for i = 2, #ARGV, 2 do
  local id, entry = ARGV[i], ARGV[i + 1]
  if redis.call('HSETNX', files, id, entry) == 1 then
    added = added + 1
    local _, _, bytes, _, shares = parts(entry)
    for share in string.gmatch(bytes and shares or '', '%S+') do redis.call('HINCRBY', used, share, bytes) end
    redis.call('ZADD', times, 'NX', last, id) -- its own time may be missing, or come later
  end
end
for i = 1, 3 do
  if redis.call('PTTL', KEYS[i]) < 0 then
    redis.call('PEXPIREAT', KEYS[i], last)
  else
    redis.call('PEXPIREAT', KEYS[i], last, 'GT')
  end
end
return added
