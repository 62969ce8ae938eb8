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
--
-- Reply 1 verdict         new | duplicate | conflict
--       2 hash            in the record
--       3 trace id        in the record
--       4 kind            new: first | retry | takeover | resent; duplicate: completed | in-progress; conflict: conflict
--       5 result          stored JSON, or false where none is stored
--       6 digests         in the record
--       7 attempt         how often the record was claimed
--       8 fence           fencing token, grows with every grant
--       9 lease left      milliseconds, of an in-progress owner
--      10 holder          in the record
--      11 created at      seconds, by this server's clock
--
-- A minimal worker's own script takes ARGV 1-4 and gives replies 1-3. Every argument is checked before the first write: what a
-- script has written is not rolled back.

local key, hash, ttl, tenant, trace_id = KEYS[1], ARGV[1], tonumber(ARGV[2]), ARGV[3], ARGV[4]
local owner, lease, form = ARGV[5], tonumber(ARGV[6] or ''), ARGV[7] or 'python'
local digests, holder = ARGV[8] or '', ARGV[9] or ''

if not hash or hash == '' or not tenant or not trace_id then
  return redis.error_reply('IDEMARG claim needs hash, ttl, tenant and trace id')
end
if not ttl or ttl < 1 or ttl ~= math.floor(ttl) then
  return redis.error_reply('IDEMARG ttl is no whole number of seconds above 0: ' .. tostring(ARGV[2]))
end
if owner and (not lease or lease < 1) then
  return redis.error_reply('IDEMARG lease is no number of milliseconds above 0: ' .. tostring(ARGV[6]))
end
local kind_of_key = redis.call('TYPE', key).ok
if kind_of_key ~= 'hash' and kind_of_key ~= 'none' then
  return redis.error_reply('WRONGTYPE the key holds a ' .. kind_of_key .. ', not a record')
end

local function integer(number)
  -- tostring would write large numbers as 1.79e+15
  return string.format('%.0f', number)
end

local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local now_micros = tonumber(time[1]) * 1000000 + tonumber(time[2])

local record = redis.call('HMGET', key, 'hash', 'tenant_id', 'trace_id', 'status', 'created_at', 'owner', 'lease', 'attempt',
    'fence', 'form', 'result', 'digests', 'holder')
local r = {
  hash = record[1], tenant = record[2], trace_id = record[3] or '', status = record[4], created_at = record[5] or '0',
  owner = record[6], lease = record[7], attempt = tonumber(record[8] or '') or 0, fence = tonumber(record[9] or '') or 0,
  form = record[10] or 'python', result = record[11], digests = record[12] or '', holder = record[13] or ''
}

local function answer(verdict, kind, lease_left)
  return { verdict, r.hash, r.trace_id, kind, r.result, r.digests, integer(r.attempt), integer(r.fence),
    integer(lease_left or 0), r.holder, r.created_at }
end

local function grant(kind)
  r.hash, r.trace_id, r.digests, r.holder, r.result = hash, trace_id, digests, holder, false
  r.attempt = r.attempt + 1
  r.fence = math.max(now_micros, r.fence + 1)
  if kind == 'first' then
    r.created_at = time[1]
  end
  redis.call('HSET', key, 'hash', hash, 'tenant_id', tenant, 'trace_id', trace_id, 'created_at', r.created_at,
      'status', 'pending')
  if owner then
    redis.call('HSET', key, 'owner', owner, 'lease', integer(now + lease) .. '/' .. integer(lease), 'attempt', integer(r.attempt),
        'fence', integer(r.fence), 'form', form)
    if holder ~= '' then redis.call('HSET', key, 'holder', holder) end
    if digests ~= '' then redis.call('HSET', key, 'digests', digests) end
  end
  if kind ~= 'first' then
    redis.call('HDEL', key, 'response_hash', 'error', 'result')
    if not owner then redis.call('HDEL', key, 'owner', 'lease', 'form', 'holder', 'digests') end
    if digests == '' then redis.call('HDEL', key, 'digests') end
  end
  redis.call('EXPIRE', key, integer(math.max(ttl, math.ceil((lease or 0) / 1000))))
  return answer('new', kind)
end

if not r.hash then
  -- Absent, or a ghost: fields that another worker wrote to a key that had expired.
  if kind_of_key == 'hash' then redis.call('DEL', key) end
  r.attempt, r.fence = 0, 0
  return grant('first')
end
if r.tenant and r.tenant ~= tenant then
  return redis.error_reply('IDEMTENANT the record belongs to another tenant')
end
if r.hash ~= hash and r.form == form then
  return answer('conflict', 'conflict')
end
if r.status == 'completed' then
  return answer('duplicate', 'completed')
end
if r.status == 'failed' then
  -- Our own claim, sent again and delivered after its body had already failed: nobody waits for this answer.
  if owner and r.owner == owner then return answer('duplicate', 'in-progress', 0) end
  return grant('retry')
end
if not owner then
  return answer('duplicate', 'in-progress')
end
if r.owner == owner then
  return answer('new', 'resent')
end

-- "deadline/length": the length tells a deadline that lies too far ahead because this server's clock was set back.
local deadline, length = string.match(r.lease or '', '^(%d+)/(%d+)$')
deadline, length = tonumber(deadline), tonumber(length) or lease
if not deadline then
  -- Another worker's record: as if its lease had begun when the record was created; unknown or ahead of time, now.
  local created_at = tonumber(r.created_at)
  deadline = created_at and created_at > 0 and math.floor(created_at * 1000) + length or now + length
  if not created_at or created_at <= 0 then
    redis.call('HSET', key, 'lease', integer(deadline) .. '/' .. integer(length))
  end
end
if deadline > now + length then
  deadline = now + length
  redis.call('HSET', key, 'lease', integer(deadline) .. '/' .. integer(length))
end
if deadline > now then
  return answer('duplicate', 'in-progress', deadline - now)
end
return grant('takeover')
