-- Completes the record KEYS[1] of one call, and wakes those who wait for it. Atomic, and safe to run twice with the same owner
-- token.
--
-- ARGV  1 owner           token of this call
--       2 ttl             seconds the record lives from now, a whole number above 0
--       3 trace id        empty or absent: the record keeps the claim's
--       4 response hash   SHA-256 of the result, hex; may be empty, and absent as all that follow
--       5 result          the result as JSON; empty where none is stored
--       6 hash            SHA-256 of the payload, hex, to write the record whole if there is none; so are those that follow
--       7 tenant          tenant_id of the caller
--       8 form            canonical form of the hash; empty: python
--       9 digests         digests of the payload's members
--
-- Reply 1 applied         the record is completed
--         absent          there is no record (expired, flushed, failed over): to be called again with 6 to 9
--         gone            there was no record; it was written whole, with its TTL
--         refused         the record belongs to another owner and was not changed
--       2 owner           as it was given

local key, owner, ttl, trace_id, response_hash, result = KEYS[1], ARGV[1], ARGV[2], ARGV[3] or '', ARGV[4] or '', ARGV[5] or ''
local hash, tenant, form, digests = ARGV[6], ARGV[7], ARGV[8] or '', ARGV[9] or ''

if not ttl or owner == '' or hash and (hash == '' or not tenant) then
  return redis.error_reply('IDEMARG complete needs owner and ttl, and hash and tenant to write a record whole')
end
if not string.find(ttl, '^[1-9]%d*$') or #ttl > 12 then
  return redis.error_reply('IDEMARG ttl is no whole number of seconds above 0 with at most 12 digits: ' .. ttl)
end

-- Refuses a key of another type.
local record = redis.call('HMGET', key, 'hash', 'claim')
local known, claim, waiting = record[1], record[2] or '', ''

-- Its writes begin with one that needs no memory: from then on, Redis before 7 lets it go on though memory is short.
if known then
  local held = '   ' .. owner
  if string.sub(claim, 1, 1) == ' ' and string.sub(claim, -#held) == held or claim == owner then
    -- Claimed once, never renewed, waited for or failed; or completed already.
    redis.call('EXPIRE', key, ttl)
    claim = owner
  else
    local attempt, seconds, micros, r_waiting, r_owner = string.match(claim, '^(%d*) %d* (%d*) (%d*) %d* ([ps]?) (.*)$')
    if r_owner ~= owner then
      return { 'refused', owner }
    end
    redis.call('EXPIRE', key, ttl)
    redis.call('HDEL', key, 'error')
    waiting = r_waiting
    -- No former owner of a record that was claimed once could still write: nothing has to fence one off.
    claim = attempt == '' and owner or attempt .. '  ' .. seconds .. ' ' .. micros .. held
  end
elseif not hash then
  return { 'absent', owner }
else
  redis.call('DEL', key)
  local time = redis.call('TIME')
  redis.call('HSET', key, 'hash', hash, 'tenant_id', tenant, 'trace_id', trace_id, 'created_at', time[1])
  redis.call('EXPIRE', key, ttl)
  if form ~= '' and form ~= 'python' then redis.call('HSET', key, 'form', form) end
  if digests ~= '' then redis.call('HSET', key, 'digests', digests) end
  claim = '  ' .. time[1] .. ' ' .. time[2] .. '   ' .. owner
end

-- One command that says a field twice costs less than two.
local field, value = 'status', 'completed'
if trace_id ~= '' then field, value = 'trace_id', trace_id end
if result ~= '' then
  redis.call('HSET', key, 'status', 'completed', 'claim', claim, 'holder', '', field, value, 'response_hash', response_hash, 'result', result)
elseif response_hash ~= '' then
  redis.call('HSET', key, 'status', 'completed', 'claim', claim, 'holder', '', field, value, 'response_hash', response_hash)
else
  redis.call('HSET', key, 'status', 'completed', 'claim', claim, 'holder', '', field, value)
end
if waiting ~= '' then
  -- A user without the right to publish completes all the same: waiters also poll.
  redis.pcall(waiting == 's' and 'SPUBLISH' or 'PUBLISH', key, 'completed')
end
return { known and 'applied' or 'gone', owner }
