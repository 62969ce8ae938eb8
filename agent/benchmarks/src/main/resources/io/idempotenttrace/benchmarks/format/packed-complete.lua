-- The completion of a record that is one text, as a prototype.
--
-- ARGV 1 owner, 2 ttl in seconds, 3 result

local key, owner, ttl, result = KEYS[1], unpack(ARGV)
if owner == '' or not string.find(ttl, '^[1-9]%d*$') or #ttl > 12 then
  return redis.error_reply('IDEMARG complete needs owner and ttl')
end
local known = redis.call('GET', key)
if not known then return 'absent' end
if string.sub(known, 3, 2 + #owner) ~= owner then return 'refused' end
redis.call('SET', key, 'c ' .. string.sub(known, 3) .. result, 'EX', ttl)
return owner
