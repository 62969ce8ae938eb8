-- The least that a script can do for a claim: one command, nothing checked, no fencing token.
return redis.call('SET', KEYS[1], ARGV[1], 'NX', 'GET', 'EX', ARGV[2]) or 'new'
