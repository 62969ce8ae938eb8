-- Claims the record KEYS[1] for one call. Atomic, and safe to run twice with the same owner token.
--
-- ARGV  1 hash            SHA-256 of the payload, hex
--       2 ttl             seconds the record lives, a whole number above 0
--       3 tenant          tenant_id of the caller
--       4 trace id        may be empty
--       5 owner           token of this call; absent for a worker that knows no leases
--       6 lease           milliseconds the claim is held without a renewal, above 0; absent as above
--       7 form            canonical form of the hash; absent as above: python
--       8 digests         digests of the payload's members; may be empty
--       9 holder          who calls, for people; may be empty
--      10 listens         how the caller hears of a change of this record, if it has to wait: p by SUBSCRIBE, s by SSUBSCRIBE
--                         to a channel that has the key's name; empty or absent if it does not
--
-- Reply 1 verdict         new | duplicate | conflict
--       2 hash            in the record
--       3 trace id        in the record
--       4 kind            new: first | retry | takeover | resent; duplicate: completed | in-progress; conflict: conflict
--       5 result          stored JSON, or false where none is stored
--       6 digests         in the record
--       7 attempt         how often the record was claimed
--       8 fence           fencing token, grows with every grant: microseconds by this server's clock, or one more than the last
--       9 lease left      milliseconds, of an in-progress owner
--      10 holder          in the record
--      11 created at      seconds, by this server's clock
--
-- A minimal worker's own script takes ARGV 1-4 and gives replies 1-3. Every argument is checked, and a key of another type is
-- refused by HMGET, before the first write: what a script has written is not rolled back.

local key, hash, ttl, tenant, trace_id = KEYS[1], ARGV[1], tonumber(ARGV[2]), ARGV[3], ARGV[4]
local owner, lease, form = ARGV[5], tonumber(ARGV[6] or ''), ARGV[7] or 'python'
local digests, holder, listens = ARGV[8] or '', ARGV[9] or '', ARGV[10] or ''

if not hash or hash == '' or not tenant or not trace_id then
  return redis.error_reply('IDEMARG claim needs hash, ttl, tenant and trace id')
end
if not ttl or ttl < 1 or ttl ~= math.floor(ttl) then
  return redis.error_reply('IDEMARG ttl is no whole number of seconds above 0: ' .. tostring(ARGV[2]))
end
if owner and (not lease or lease < 1) then
  return redis.error_reply('IDEMARG lease is no number of milliseconds above 0: ' .. tostring(ARGV[6]))
end

local r_hash, r_tenant, r_trace_id, status, created_at, r_owner, r_lease, attempt, fence, r_form, result, r_digests, r_holder,
    waiting = unpack(redis.call('HMGET', key, 'hash', 'tenant_id', 'trace_id', 'status', 'created_at', 'owner', 'lease',
    'attempt', 'fence', 'form', 'result', 'digests', 'holder', 'waiting'))

local function integer(number)
  -- tostring would write large numbers as 1.79e+15
  return string.format('%.0f', number)
end

local function answer(verdict, kind, lease_left)
  return { verdict, r_hash, r_trace_id or '', kind, result, r_digests or '', attempt or '0', fence or '0',
    integer(lease_left or 0), r_holder or '', created_at or '0' }
end

local function now()
  local time = redis.call('TIME')
  return time[1], tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000), tonumber(time[1]) * 1000000 + tonumber(time[2])
end

local function grant(kind)
  local seconds, millis, micros = now()
  if kind == 'first' then created_at = seconds end
  created_at = created_at or seconds
  local fields = { 'hash', hash, 'tenant_id', tenant, 'trace_id', trace_id, 'created_at', created_at, 'status', 'pending' }
  local function set(name, value)
    fields[#fields + 1] = name
    fields[#fields + 1] = value
  end
  r_hash, r_trace_id, r_digests, r_holder, result = hash, trace_id, digests, holder, false
  attempt = integer((tonumber(attempt or '') or 0) + 1)
  fence = integer(math.max(micros, (tonumber(fence or '') or 0) + 1))
  if owner then
    set('owner', owner)
    set('lease', integer(millis + lease) .. '/' .. integer(lease))
    set('attempt', attempt)
    set('fence', fence)
    set('form', form)
    if holder ~= '' then set('holder', holder) end
    if digests ~= '' then set('digests', digests) end
  end
  if kind ~= 'first' then
    redis.call('HDEL', key, 'response_hash', 'error', 'result')
    if not owner then redis.call('HDEL', key, 'owner', 'lease', 'form', 'holder', 'digests') end
    if digests == '' then redis.call('HDEL', key, 'digests') end
  end
  redis.call('HSET', key, unpack(fields))
  redis.call('EXPIRE', key, integer(math.max(ttl, math.ceil((lease or 0) / 1000))))
  return answer('new', kind)
end

if not r_hash then
  if r_tenant or r_trace_id or status or created_at or r_owner or attempt or result or waiting then
    -- A ghost: fields that a worker wrote to a key that had expired.
    redis.call('DEL', key)
    attempt, fence = false, false
  end
  return grant('first')
end
if r_tenant and r_tenant ~= tenant then
  return redis.error_reply('IDEMTENANT the record belongs to another tenant')
end
if r_hash ~= hash and (r_form or 'python') == form then
  return answer('conflict', 'conflict')
end
if status == 'completed' then
  return answer('duplicate', 'completed')
end
if status == 'failed' then
  -- Our own claim, sent again and delivered after its body had already failed: nobody waits for this answer.
  if owner and r_owner == owner then return answer('duplicate', 'in-progress') end
  return grant('retry')
end
if not owner then
  return answer('duplicate', 'in-progress')
end

local _, millis = now()
if r_owner == owner then
  redis.call('HSET', key, 'lease', integer(millis + lease) .. '/' .. integer(lease))
  return answer('new', 'resent')
end

-- "deadline/length": the length tells a deadline that lies too far ahead because this server's clock was set back.
local deadline, length = string.match(r_lease or '', '^(%d+)/(%d+)$')
deadline, length = tonumber(deadline), tonumber(length) or lease
local written = deadline
if not deadline then
  -- Another worker's record: as if its lease had begun when the record was created; unknown, now.
  local created = tonumber(created_at or '')
  deadline = created and created > 0 and math.floor(created * 1000) + length or millis + length
  written = created and created > 0 and deadline
end
deadline = math.min(deadline, millis + length)
if deadline ~= written then
  redis.call('HSET', key, 'lease', integer(deadline) .. '/' .. integer(length))
end
if deadline > millis then
  if listens ~= '' and waiting ~= listens then
    redis.call('HSET', key, 'waiting', listens)
  end
  return answer('duplicate', 'in-progress', deadline - millis)
end
return grant('takeover')
