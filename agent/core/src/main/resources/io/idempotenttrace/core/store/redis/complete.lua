-- Completes the record KEYS[1] of one call, and wakes those who wait for it. Atomic, and safe to run twice with the same owner
-- token.
--
-- ARGV  1 hash            SHA-256 of the payload, hex
--       2 ttl             seconds the record lives from now, a whole number above 0
--       3 tenant          tenant_id of the caller
--       4 trace id        empty: the record keeps the claim's
--       5 owner           token of this call
--       6 form            canonical form of the hash
--       7 digests         digests of the payload's members; may be empty
--       8 response hash   SHA-256 of the result, hex; may be empty
--       9 result          the result as JSON; absent where none is stored
--
-- Reply: applied   the record is completed
--        gone      there was no record (expired, flushed, failed over); it was written whole, with its TTL
--        refused   the record belongs to another owner and was not changed

local key, hash, ttl, tenant, trace_id, owner, form = KEYS[1], ARGV[1], tonumber(ARGV[2]), ARGV[3], ARGV[4], ARGV[5], ARGV[6]
local digests, response_hash, result = ARGV[7], ARGV[8], ARGV[9]

if not response_hash or owner == '' or hash == '' then
  return redis.error_reply('IDEMARG complete needs hash, ttl, tenant, trace id, owner, form, digests and response hash')
end
if not ttl or ttl < 1 or ttl ~= math.floor(ttl) then
  return redis.error_reply('IDEMARG ttl is no whole number of seconds above 0: ' .. tostring(ARGV[2]))
end

-- Refuses a key of another type.
local r_hash, r_owner, waiting = unpack(redis.call('HMGET', key, 'hash', 'owner', 'waiting'))
if r_hash and r_owner ~= owner then
  return 'refused'
end

local fields = { 'status', 'completed' }
local function set(name, value)
  fields[#fields + 1] = name
  fields[#fields + 1] = value
end
if trace_id ~= '' or not r_hash then set('trace_id', trace_id) end
if response_hash ~= '' then set('response_hash', response_hash) end
if result then set('result', result) end
if r_hash then
  redis.call('HDEL', key, 'lease', 'holder', 'error', 'waiting')
else
  redis.call('DEL', key)
  local time = redis.call('TIME')
  set('hash', hash)
  set('tenant_id', tenant)
  set('created_at', time[1])
  set('owner', owner)
  set('attempt', '1')
  set('fence', string.format('%.0f', tonumber(time[1]) * 1000000 + tonumber(time[2])))
  set('form', form)
  if digests ~= '' then set('digests', digests) end
end
redis.call('HSET', key, unpack(fields))
redis.call('EXPIRE', key, string.format('%.0f', ttl))
if waiting then
  -- A user without the right to publish completes all the same: waiters also poll.
  redis.pcall(waiting == 's' and 'SPUBLISH' or 'PUBLISH', key, 'completed')
end
return r_hash and 'applied' or 'gone'
