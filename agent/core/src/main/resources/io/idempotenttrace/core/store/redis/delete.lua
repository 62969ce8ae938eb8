-- Deletes the record KEYS[1], whoever owns it, and wakes those who wait for it. A key that holds no record is left alone.
--
-- Reply 1 deleted   1 if there was a record, else 0
--       2 key       as it was given

local key = KEYS[1]
-- Refuses a key of another type.
local _, _, _, _, _, waiting = string.match(call('HMGET', key, 'claim')[1] or '', PARTS)
local deleted = call('DEL', key)
if waiting and waiting ~= '' then
  redis.pcall(waiting == 's' and 'SPUBLISH' or 'PUBLISH', key, 'deleted')
end
return { deleted, key }
