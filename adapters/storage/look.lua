-- Returns one shard's counts: changes to the open tickets so far, ended tickets, guided conversations, and the time of
-- the newest change to an ended ticket. KEYS: board, ended, guiding. Writes nothing.

local newest = redis.call('ZREVRANGE', KEYS[2], 0, 0, 'WITHSCORES')[2]
return {
  tonumber(redis.call('HGET', KEYS[1], '#') or 0) or -1,
  redis.call('ZCARD', KEYS[2]),
  redis.call('ZCARD', KEYS[3]),
  tonumber(newest or 0),
}
