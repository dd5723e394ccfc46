-- How things stand on the lists of one shard: changes of its open tickets so far, how many ended, how many are guided,
-- and when the newest of those that ended changed. KEYS: board, ended, guiding. Writes nothing.

local newest = redis.call('ZREVRANGE', KEYS[2], 0, 0, 'WITHSCORES')[2]
return {
  tonumber(redis.call('HGET', KEYS[1], '#') or 0),
  redis.call('ZCARD', KEYS[2]),
  redis.call('ZCARD', KEYS[3]),
  tonumber(newest or 0),
}
