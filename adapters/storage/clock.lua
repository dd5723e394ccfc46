-- Returns the server's time in ms, as a string. KEYS: the key whose node is asked.

local time = redis.call('TIME')
return string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000))
