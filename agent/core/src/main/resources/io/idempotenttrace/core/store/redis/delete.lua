-- Deletes the record KEYS[1], whoever owns it. A key that holds no record is left alone.
--
-- Reply: 1 if there was a record, else 0

local key = KEYS[1]
local kind_of_key = redis.call('TYPE', key).ok
if kind_of_key ~= 'hash' and kind_of_key ~= 'none' then
  return redis.error_reply('WRONGTYPE the key holds a ' .. kind_of_key .. ', not a record')
end
return redis.call('DEL', key)
