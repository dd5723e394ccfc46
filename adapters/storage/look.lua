-- How things stand on the lists of one shard: changes of its open tickets so far, how many ended, how many are guided.
-- KEYS: board, ended, guiding. Writes nothing.

return {tonumber(redis.call('HGET', KEYS[1], '#') or 0), redis.call('ZCARD', KEYS[2]), redis.call('ZCARD', KEYS[3])}
