-- Marks the record KEYS[1] of one call as failed: claimable at once. Wakes those who wait for it. Atomic, and safe to run twice
-- with the same owner token.
--
-- ARGV  1 owner           token of this call
--       2 error           what went wrong, at most 500 characters
--       3 ttl             seconds the failed record is kept, a whole number above 0
--
-- Reply 1 applied         the record is failed
--         gone            there was no record, which is as good
--         refused         the record belongs to another owner, or is completed, and was not changed
--       2 owner           as it was given

local key, owner, message, ttl = KEYS[1], ARGV[1], ARGV[2], tonumber(ARGV[3])

if not owner or owner == '' or not message then
  return redis.error_reply('IDEMARG fail needs owner, error and ttl')
end
if not ttl or ttl < 1 or ttl ~= math.floor(ttl) then
  return redis.error_reply('IDEMARG ttl is no whole number of seconds above 0: ' .. tostring(ARGV[3]))
end

-- Refuses a key of another type.
local r_hash, r_owner, status, waiting = unpack(redis.call('HMGET', key, 'hash', 'owner', 'status', 'waiting'))
if not r_hash then
  return { 'gone', owner }
end
if r_owner ~= owner or status == 'completed' then
  return { 'refused', owner }
end
redis.call('HSET', key, 'status', 'failed', 'error', message)
redis.call('HDEL', key, 'lease', 'holder', 'waiting')
redis.call('EXPIRE', key, string.format('%.0f', ttl))
if waiting then
  redis.pcall(waiting == 's' and 'SPUBLISH' or 'PUBLISH', key, 'failed')
end
return { 'applied', owner }
