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
-- Reply 1 applied         the record is completed
--         gone            there was no record (expired, flushed, failed over); it was written whole, with its TTL
--         refused         the record belongs to another owner and was not changed
--       2 owner           as it was given

local key, hash, ttl, tenant, trace_id, owner, form = KEYS[1], ARGV[1], tonumber(ARGV[2]), ARGV[3], ARGV[4], ARGV[5], ARGV[6]
local digests, response_hash, result = ARGV[7], ARGV[8], ARGV[9]

if not response_hash or owner == '' or hash == '' then
  return redis.error_reply('IDEMARG complete needs hash, ttl, tenant, trace id, owner, form, digests and response hash')
end
if not ttl or ttl < 1 or ttl % 1 ~= 0 then
  return redis.error_reply('IDEMARG ttl is no whole number of seconds above 0: ' .. tostring(ARGV[2]))
end

-- Refuses a key of another type.
local record = redis.call('HMGET', key, 'hash', 'owner', 'waiting', 'error', 'attempt')
local r_hash, waiting = record[1], record[3]
if r_hash and record[2] ~= owner then
  return { 'refused', owner }
end

if r_hash then
  -- A record that was claimed once has no former owner who could still write: what fences that one off is left out.
  redis.call('HDEL', key, 'lease', 'holder', record[5] and 'lease' or 'fence')
  if trace_id ~= '' then
    redis.call('HSET', key, 'status', 'completed', 'trace_id', trace_id)
  else
    redis.call('HSET', key, 'status', 'completed')
  end
  if waiting or record[4] then redis.call('HDEL', key, 'waiting', 'error') end
else
  redis.call('DEL', key)
  local time = redis.call('TIME')
  redis.call('HSET', key, 'hash', hash, 'tenant_id', tenant, 'trace_id', trace_id, 'created_at', time[1], 'status', 'completed',
      'owner', owner, 'fence', time[1] .. string.sub('00000' .. time[2], -6))
  if form ~= 'python' then redis.call('HSET', key, 'form', form) end
  if digests ~= '' then redis.call('HSET', key, 'digests', digests) end
end
if result then
  redis.call('HSET', key, 'response_hash', response_hash, 'result', result)
elseif response_hash ~= '' then
  redis.call('HSET', key, 'response_hash', response_hash)
end
redis.call('EXPIRE', key, ARGV[2])
if waiting then
  -- A user without the right to publish completes all the same: waiters also poll.
  redis.pcall(waiting == 's' and 'SPUBLISH' or 'PUBLISH', key, 'completed')
end
return { r_hash and 'applied' or 'gone', owner }
