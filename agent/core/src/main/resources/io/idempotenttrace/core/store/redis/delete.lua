-- Deletes a record, and wakes those who wait for it. KEYS: record.lua tells. A key of another type is refused.
--
-- ARGV  1 owner     only if that owner holds the record, it is pending, and its version is known here; absent: whoever owns it, whatever
--                   it is, with its failed note
--
-- Reply 1 deleted   1 if the record was deleted, else 0
--       2 key       of the record, as it was given

local key = KEYS[1]
-- Refuses a key of another type.
local known = call('HMGET', key, 'claim', 'status', 'v')
local _, _, _, _, _, waiting, owner = string.match(known[1] or '', PARTS)
if ARGV[1] and (owner ~= ARGV[1] or known[2] ~= 'pending' or (known[3] or VERSION) ~= VERSION) then
  return { 0, key }
end
local deleted = math.min(1, call('DEL', unpack(KEYS)))
if waiting and waiting ~= '' then
  redis.pcall(waiting == 's' and 'SPUBLISH' or 'PUBLISH', key, 'deleted')
end
return { deleted, key }
