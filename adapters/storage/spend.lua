-- Takes amounts from several budgets, or takes nothing. Each fills evenly; it stores when it will be full again (GCRA).
-- KEYS: the budgets. ARGV: now in ms ('' for the clock of the store), then of each budget the amount, the units per
-- minute and the most units at once. Returns 0 if all amounts were taken, else the milliseconds until they fit and the
-- number of the budget that takes longest.

local now = tonumber(ARGV[1])
if not now then
  local time = redis.call('TIME')
  now = time[1] * 1000 + time[2] / 1000
end
local wait, short, ends = 0, 0, {}
for i, key in ipairs(KEYS) do
  local amount, each, most = tonumber(ARGV[3 * i - 1]), 60000 / tonumber(ARGV[3 * i]), tonumber(ARGV[3 * i + 1])
  local after = math.max(tonumber(redis.call('GET', key) or 0), now) + math.min(amount, most) * each
  ends[i] = after
  local missing = after - now - most * each
  if missing > wait then wait, short = missing, i end
end
if wait > 0.5 then return {math.ceil(wait), short} end
for i, key in ipairs(KEYS) do
  if ends[i] > now then redis.call('SET', key, string.format('%.3f', ends[i]), 'PX', math.ceil(ends[i] - now)) end
end
return {0, 0}
