-- Deletes the record KEYS[1], and wakes those who wait for it. A key that holds no record is left alone.
--
-- ARGV  1 owner     only if that owner holds the record, and it is pending; absent: whoever owns it, whatever it is
--
-- Reply 1 deleted   1 if the record was deleted, else 0
--       2 key       as it was given

local key = KEYS[1]
-- Refuses a key of another type.
local known = call('HMGET', key, 'claim', 'status')
local _, _, _, _, _, waiting, owner = string.match(known[1] or '', PARTS)
if ARGV[1] and (owner ~= ARGV[1] or known[2] ~= 'pending') then
  return { 0, key }
end
local deleted = call('DEL', key)
if waiting and waiting ~= '' then
  redis.pcall(waiting == 's' and 'SPUBLISH' or 'PUBLISH', key, 'deleted')
end
return { deleted, key }
