-- Reads the record KEYS[1]. Writes nothing.
--
-- Reply 1 ttl       milliseconds the record lives on, -1 without TTL, -2 if there is none
--       2 fields    name, value, name, value, ...

local key = KEYS[1]
local kind_of_key = redis.call('TYPE', key).ok
if kind_of_key ~= 'hash' and kind_of_key ~= 'none' then
  return redis.error_reply('WRONGTYPE the key holds a ' .. kind_of_key .. ', not a record')
end
return { redis.call('PTTL', key), redis.call('HGETALL', key) }
