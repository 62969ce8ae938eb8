-- Completes the record KEYS[1] of one call. Atomic, and safe to run twice with the same owner token.
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
local kind_of_key = redis.call('TYPE', key).ok
if kind_of_key ~= 'hash' and kind_of_key ~= 'none' then
  return redis.error_reply('WRONGTYPE the key holds a ' .. kind_of_key .. ', not a record')
end

local record = redis.call('HMGET', key, 'hash', 'owner')
local gone = not record[1]
if not gone and record[2] ~= owner then
  return 'refused'
end
if gone then
  if kind_of_key == 'hash' then redis.call('DEL', key) end
  local time = redis.call('TIME')
  redis.call('HSET', key, 'hash', hash, 'tenant_id', tenant, 'trace_id', trace_id, 'created_at', time[1], 'owner', owner,
      'attempt', '1', 'fence', string.format('%.0f', tonumber(time[1]) * 1000000 + tonumber(time[2])), 'form', form)
  if digests ~= '' then redis.call('HSET', key, 'digests', digests) end
end
redis.call('HSET', key, 'status', 'completed')
if trace_id ~= '' then redis.call('HSET', key, 'trace_id', trace_id) end
if response_hash ~= '' then redis.call('HSET', key, 'response_hash', response_hash) end
if result then redis.call('HSET', key, 'result', result) end
redis.call('HDEL', key, 'lease', 'holder', 'error')
redis.call('EXPIRE', key, string.format('%.0f', ttl))
return gone and 'gone' or 'applied'
