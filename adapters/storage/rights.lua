-- Returns those of the commands that the user may not use. KEYS: a key like all others. ARGV: the commands.
-- A stand-in in tests, which knows no rights, lacks none.

local missing = {}
if not redis.acl_check_cmd then return missing end
for _, command in ipairs(ARGV) do
  local known, may = pcall(redis.acl_check_cmd, command, KEYS[1], KEYS[1], KEYS[1])
  if known and not may then missing[#missing + 1] = command end
end
return missing
