-- Registers a live process, unless it cannot read the store's format, and forgets those whose entries have expired.
-- KEYS: meta, processes (a hash of ids; a value is UNTIL, the newest format it reads and the process as JSON).
-- ARGV: id ('' to register none), process as JSON ('' removes the entry), newest format it reads, ms until it expires.
-- Returns {format of the store, format to write, processes as JSON ...}; '' without a format.

local meta, processes = KEYS[1], KEYS[2]
local id, process, reads, lasts = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local format = redis.call('HGET', meta, 'format') or ''
local writes = redis.call('HGET', meta, 'writes') or format

if id ~= '' and process == '' then
  redis.call('HDEL', processes, id)
elseif id ~= '' and (tonumber(format) or 0) <= reads then
  redis.call('HSET', processes, id, string.format('%.0f %.0f ', now + lasts, reads) .. process)
  redis.call('PEXPIRE', processes, lasts)
end
local found = {format, writes}
local entries = redis.call('HGETALL', processes)
for i = 1, #entries, 2 do
  local ends, about = string.match(entries[i + 1], '^(%d+) %d+ (.*)$')
  if ends and tonumber(ends) > now then
    found[#found + 1] = about
  else
    redis.call('HDEL', processes, entries[i])
  end
end
return found
