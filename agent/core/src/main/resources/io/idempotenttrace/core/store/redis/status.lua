-- Reads the record KEYS[1]. Writes nothing. A key of another type is refused.
--
-- Reply 1 ttl       milliseconds the record lives on, -1 without TTL, -2 if there is none
--       2 fields    name, value, name, value, ...
--       3 key       as it was given

return { call('PTTL', KEYS[1]), call('HGETALL', KEYS[1]), KEYS[1] }
