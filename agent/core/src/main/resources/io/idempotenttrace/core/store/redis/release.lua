-- Takes a claim from whoever holds it: the key is claimable at once. For people, who have seen that its owner will not end; no worker
-- calls it. Wakes those who wait for the record. Atomic. KEYS: record.lua tells. With KEYS[2], the record is moved there as a failed one
-- is; it stays where it is if the user lacks the right to RENAME. Safe to run twice with the same token.
--
-- ARGV  1 owner           whom to take it from, as the record's claim names it; empty: a worker that has no token
--       2 by              token of this step, which no other has, without a space: it stands in the record in the owner's place
--       3 error           what to say of it in the record, at most 500 characters
--       4 ttl             seconds the record is kept, a whole number above 0
--
-- Reply 1 applied         nobody holds the key now, and what its former owner still sends is refused
--         gone            there is no record
--         free            the record has failed already, so that it is claimable
--         completed       the record is completed, and was not changed
--         refused         another owner holds it by now, or the record has another version, and was not changed
--       2 by              as it was given
--
-- Attempt and fence stay, so that the next claim counts on, and its fence is greater.

local key, note, owner, by, message, ttl = KEYS[1], KEYS[2], ARGV[1], ARGV[2], ARGV[3], ARGV[4]

if not ttl or by == '' or string.find(by, ' ', 1, true) then
  return redis.error_reply('IDEMARG release needs owner, by, which has no space and is not empty, error and ttl')
end
if not string.find(ttl, '^[1-9]%d*$') or #ttl > 12 then
  return redis.error_reply('IDEMARG ttl is no whole number of seconds above 0 with at most 12 digits: ' .. ttl)
end

-- Refuses a key of another type.
local r_hash, claim, status, version = unpack(call('HMGET', key, 'hash', 'claim', 'status', 'v'))
if not r_hash then
  if not note or call('PTTL', note) == -2 then return { 'gone', by } end
  -- A step that is sent again is answered as it was the first time.
  return { select(7, string.match(call('HMGET', note, 'claim')[1] or '', PARTS)) == by and 'applied' or 'free', by }
end
claim = claim or ''
local attempt, length, seconds, micros, _, waiting, r_owner = string.match(claim, PARTS)
-- A claim that is an owner alone, or has the length 0, is one of ours that was completed, whatever another kind of worker has written since.
if status == 'completed' or note and claim ~= '' and (not length or length == '0') then
  return { 'completed', by }
end
if status == 'failed' and (not length or length == '') then
  return { r_owner == by and 'applied' or 'free', by }
end
if (version or VERSION) ~= VERSION or (r_owner or '') ~= owner then
  return { 'refused', by }
end
local place = key
-- The first write frees memory: once a script has written, Redis before 7 lets it go on though memory is short.
call('HDEL', key, 'holder')
if note and not redis.pcall('RENAME', key, note).err then place = note end
attempt = attempt or ''
claim = (attempt == '' and '1' or attempt) .. '  ' .. (seconds or '') .. ' ' .. (micros or '') .. '   ' .. by
call('HSET', place, 'status', 'failed', 'error', message, 'claim', claim)
call('EXPIRE', place, ttl)
if waiting and waiting ~= '' then
  redis.pcall(waiting == 's' and 'SPUBLISH' or 'PUBLISH', key, 'failed')
end
return { 'applied', by }
