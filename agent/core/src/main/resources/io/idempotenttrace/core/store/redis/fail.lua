-- Marks the record of one call as failed: claimable at once. Wakes those who wait for it. Atomic, and safe to run twice with the
-- same owner token. KEYS: record.lua tells. With KEYS[2], the failed record is moved there; it stays where it is if the user lacks the
-- right to RENAME.
--
-- ARGV  1 owner           token of this call
--       2 error           what went wrong, at most 500 characters
--       3 ttl             seconds the failed record is kept, a whole number above 0
--
-- Reply 1 applied         the record is failed
--         gone            there was no record, which is as good
--         refused         the record belongs to another owner, is completed, or has another version, and was not changed
--       2 fail            so that it is the reply to no other script
--       3 owner           as it was given

local key, note, owner, message, ttl = KEYS[1], KEYS[2], ARGV[1], ARGV[2], ARGV[3]

if not ttl or owner == '' then
  return redis.error_reply('IDEMARG fail needs owner, error and ttl')
end
if not string.find(ttl, '^[1-9]%d*$') or #ttl > 12 then
  return redis.error_reply('IDEMARG ttl is no whole number of seconds above 0 with at most 12 digits: ' .. ttl)
end

-- Refuses a key of another type.
local r_hash, claim, status, version = unpack(call('HMGET', key, 'hash', 'claim', 'status', 'v'))
local place = key
if note and not r_hash then
  place = note
  r_hash, claim, status, version = unpack(call('HMGET', note, 'hash', 'claim', 'status', 'v'))
end
if not r_hash then
  return { 'gone', 'fail', owner }
end
local attempt, length, seconds, micros, _, waiting, r_owner = string.match(claim or '', PARTS)
if r_owner ~= owner or status == 'completed' or length == '0' or (version or VERSION) ~= VERSION then
  return { 'refused', 'fail', owner }
end
-- The first write frees memory: once a script has written, Redis before 7 lets it go on though memory is short.
call('HDEL', place, 'holder')
if note and place == key and not redis.pcall('RENAME', key, note).err then place = note end
-- The lease goes. The fencing token stays, so that the next one is greater; a claim that names its attempt has more to look after.
claim = (attempt == '' and '1' or attempt) .. '  ' .. seconds .. ' ' .. micros .. '   ' .. owner
call('HSET', place, 'status', 'failed', 'error', message, 'claim', claim)
call('EXPIRE', place, ttl)
if waiting ~= '' then
  redis.pcall(waiting == 's' and 'SPUBLISH' or 'PUBLISH', key, 'failed')
end
return { 'applied', 'fail', owner }
