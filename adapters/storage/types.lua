-- Returns an error if one of the keys has another type than said: {key, type, key, type, ...}. A script calls it before
-- its first write, because one that fails later leaves half of its work.
local function mistyped(wanted)
  for i = 1, #wanted, 2 do
    local is = redis.call('TYPE', wanted[i])
    is = is.ok or is
    if is ~= 'none' and is ~= wanted[i + 1] then
      return redis.error_reply('WRONGTYPE ' .. wanted[i] .. ' is a ' .. is)
    end
  end
end
