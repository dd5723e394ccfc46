-- Takes one step towards writing a newer format, if every live process reads it.
-- KEYS: meta, processes. ARGV: the newer format, a step, ms that must lie between "close" and "write".
-- The steps: "close" stops older releases from starting, "write" lets all processes write the format, "open" takes a
-- close back, "now" does both at once. Returns {format, written format} as they are afterwards.

local meta, processes = KEYS[1], KEYS[2]
local newest, step, pause = tonumber(ARGV[1]), ARGV[2], tonumber(ARGV[3])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local stored = redis.call('HMGET', meta, 'format', 'writes', 'closed')
local format = tonumber(stored[1])
if not format then return {0, 0} end
local writes, closed = tonumber(stored[2] or format), tonumber(stored[3] or now)

local function all_read()
  for _, entry in ipairs(redis.call('HVALS', processes)) do
    local ends, reads = string.match(entry, '^(%d+) (%d+) ')
    if not ends or (tonumber(ends) > now and tonumber(reads) < newest) then return false end
  end
  return true
end

local function set(requires, written)
  format, writes = requires, written
  redis.call('HSET', meta, 'format', format, 'writes', writes, 'closed', string.format('%.0f', now))
end

if step == 'open' then
  if writes < format then set(writes, writes) end
elseif writes < newest and all_read() then
  if step == 'now' or (step == 'write' and format == newest and now - closed >= pause) then
    set(newest, newest)
  elseif step == 'close' and format < newest then
    set(newest, writes)
  end
end
return {format, writes}
