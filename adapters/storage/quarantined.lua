-- Returns the entries of a quarantine as {id, JSON, time in ms, how it was taken out, whether its people know, ...}.
-- KEYS: quarantine. Writes nothing. An entry is its JSON, its time, how it was taken out, whether its people know, its
-- score or lifetime, and the length of its part, each on a line; then the part and the content, as they are.

local found = {}
local all = redis.call('HGETALL', KEYS[1])
for i = 1, #all, 2 do
  local entry, at, how, told = string.match(all[i + 1], '^([^\n]*)\n(%d+)\n(%a+)\n([01])\n')
  for _, value in ipairs({all[i], entry or string.sub(all[i + 1], 1, 500), at or '', how or '', told or '1'}) do
    found[#found + 1] = value
  end
end
return found
