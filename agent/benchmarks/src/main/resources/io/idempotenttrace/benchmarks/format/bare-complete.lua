-- The least that a script can do for a completion: compare the owner, and set. Nothing is checked.
local known = redis.call('GET', KEYS[1])
if not known then return 'absent' end
if string.sub(known, 1, #ARGV[1]) ~= ARGV[1] then return 'refused' end
redis.call('SET', KEYS[1], known .. ARGV[3], 'EX', ARGV[2])
return ARGV[1]
