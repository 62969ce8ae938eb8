-- Extends the lease of a record. Atomic, and safe to run twice with the same owner token. KEYS: record.lua tells.
--
-- ARGV  1 owner           token of this call
--       2 lease           milliseconds from now, above 0
--
-- Reply 1 applied         the lease runs for its whole length from now, and the record lives at least as long
--         gone            there is no record; the completion will write it
--         refused         the record belongs to another owner, has failed or is completed, or has another version
--       2 renew           so that it is the reply to no other script
--       3 owner           as it was given
--
-- A claim that is held has the length of its lease. If the record has another status than pending all the same, another kind of worker has
-- written that: a failure is taken back, since the body still runs, and a completion stays.

local key, owner, lease = KEYS[1], ARGV[1], tonumber(ARGV[2])

if not owner or owner == '' or not lease or lease < 1 or lease >= 1e15 then
  return redis.error_reply('IDEMARG renew needs owner and a lease of milliseconds above 0 with at most 15 digits')
end

-- Refuses a key of another type.
local r_hash, claim, status, version = unpack(call('HMGET', key, 'hash', 'claim', 'status', 'v'))
if not r_hash then
  -- A later owner may have failed.
  return { KEYS[2] and call('PTTL', KEYS[2]) ~= -2 and 'refused' or 'gone', 'renew', owner }
end
local attempt, length, seconds, micros, _, waiting, r_owner = string.match(claim or '', PARTS)
if r_owner ~= owner or length == '' or length == '0' or (version or VERSION) ~= VERSION then
  return { 'refused', 'renew', owner }
end
local time = call('TIME')
local deadline = time[1] * 1000 + math.floor(time[2] / 1000) + lease
call('HSET', key, 'claim', string.format('%s %.0f %s %s %.0f %s %s', attempt, lease, seconds, micros, deadline, waiting, owner))
if status == 'failed' then
  call('HDEL', key, 'error')
  call('HSET', key, 'status', 'pending')
end
-- A shared pending record lives no longer than its lease, also where this server's clock was set back meanwhile.
if KEYS[2] and status ~= 'completed' or call('PTTL', key) < lease then
  call('PEXPIRE', key, string.format('%.0f', lease))
end
return { 'applied', 'renew', owner }
