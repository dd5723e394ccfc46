-- Lets a new conversation start at a door whose open conversation cannot be read. KEYS: the door. ARGV: that conversation.

if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0
