-- Writes a short-lived key, to find out if writes are accepted. KEYS: the key. ARGV: its seconds.

redis.call('SET', KEYS[1], '1', 'EX', ARGV[1])
return 1
