-- Extends the lease of the record KEYS[1]. Atomic, and safe to run twice with the same owner token.
--
-- ARGV  1 owner           token of this call
--       2 lease           milliseconds from now, above 0
--
-- Reply 1 applied         the lease runs for its whole length from now, and the record lives at least as long
--         gone            there is no record; the completion will write it
--         refused         the record belongs to another owner, or is no longer pending
--       2 owner           as it was given

local key, owner, lease = KEYS[1], ARGV[1], tonumber(ARGV[2])

if not owner or owner == '' or not lease or lease < 1 or lease >= 1e15 then
  return redis.error_reply('IDEMARG renew needs owner and a lease of milliseconds above 0 with at most 15 digits')
end

-- Refuses a key of another type.
local r_hash, claim, status = unpack(call('HMGET', key, 'hash', 'claim', 'status'))
if not r_hash then
  return { 'gone', owner }
end
local attempt, _, seconds, micros, _, waiting, r_owner = string.match(claim or '', PARTS)
if r_owner ~= owner or status ~= 'pending' then
  return { 'refused', owner }
end
local time = call('TIME')
local deadline = time[1] * 1000 + math.floor(time[2] / 1000) + lease
call('HSET', key, 'claim', string.format('%s %.0f %s %s %.0f %s %s', attempt, lease, seconds, micros, deadline, waiting, owner))
if call('PTTL', key) < lease then
  call('PEXPIRE', key, string.format('%.0f', lease))
end
return { 'applied', owner }
