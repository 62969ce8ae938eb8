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
--       5 result          of a completed record: stored JSON, or false where none is stored
--       6 digests         of a conflict: in the record
--       7 attempt         how often the record was claimed; of new and in-progress, as the following
--       8 fence           fencing token, grows with every grant: microseconds by this server's clock, or one more than the last
--       9 lease left      milliseconds, of an in-progress owner
--      10 holder          in the record
--      11 created at      seconds, by this server's clock
--      A reply ends with the last slot that its kind has, and the owner as it was given: the caller sees that the reply is its own.
--
-- A record without form has python, one of ours without attempt its first: what most records say is left out.
--
-- A minimal worker's own script takes ARGV 1-4 and gives replies 1-3. Every argument is checked, and a key of another type is
-- refused by HMGET, before the first write: what a script has written is not rolled back. The first claim and the duplicate,
-- which are most calls, come first and call Redis no more than they must.

local key, hash, ttl, tenant, trace_id = KEYS[1], ARGV[1], tonumber(ARGV[2]), ARGV[3], ARGV[4]
local owner, lease, form = ARGV[5], tonumber(ARGV[6] or ''), ARGV[7] or 'python'

if not hash or hash == '' or not tenant or not trace_id then
  return redis.error_reply('IDEMARG claim needs hash, ttl, tenant and trace id')
end
if not ttl or ttl < 1 or ttl % 1 ~= 0 then
  return redis.error_reply('IDEMARG ttl is no whole number of seconds above 0: ' .. tostring(ARGV[2]))
end
if owner and (not lease or lease < 1) then
  return redis.error_reply('IDEMARG lease is no number of milliseconds above 0: ' .. tostring(ARGV[6]))
end

local record = redis.call('HMGET', key, 'hash', 'tenant_id', 'trace_id', 'status', 'form', 'result')
local r_hash, r_trace_id, status = record[1], record[3] or '', record[4]

if r_hash then
  if record[2] and record[2] ~= tenant then
    return redis.error_reply('IDEMTENANT the record belongs to another tenant')
  end
  if r_hash ~= hash and (record[5] or 'python') == form then
    return { 'conflict', r_hash, r_trace_id, 'conflict', false, redis.call('HMGET', key, 'digests')[1] or '', owner }
  end
  if status == 'completed' then
    return { 'duplicate', r_hash, r_trace_id, 'completed', record[6], owner }
  end
elseif status or record[3] or record[2] or record[6] then
  -- A ghost: fields that a worker wrote to a key that had expired.
  redis.call('DEL', key)
end

-- string.format, since tostring would write large numbers as 1.79e+15.
local time = redis.call('TIME')
local millis = time[1] * 1000 + math.floor(time[2] / 1000)
local fence = time[1] .. string.sub('00000' .. time[2], -6)
local life = ARGV[2]
if lease and lease > ttl * 1000 then life = string.format('%.0f', math.ceil(lease / 1000)) end

local created_at = time[1]
local digests, holder = ARGV[8] or '', ARGV[9] or ''
local deadline = owner and string.format('%.0f/%.0f', millis + lease, lease)

local function write()
  if not owner then
    redis.call('HSET', key, 'hash', hash, 'tenant_id', tenant, 'trace_id', trace_id, 'created_at', created_at, 'status', 'pending')
  elseif digests ~= '' and holder ~= '' then
    redis.call('HSET', key, 'hash', hash, 'tenant_id', tenant, 'trace_id', trace_id, 'created_at', created_at, 'status', 'pending',
        'owner', owner, 'lease', deadline, 'fence', fence, 'holder', holder, 'digests', digests)
  else
    redis.call('HSET', key, 'hash', hash, 'tenant_id', tenant, 'trace_id', trace_id, 'created_at', created_at, 'status', 'pending',
        'owner', owner, 'lease', deadline, 'fence', fence, holder ~= '' and 'holder' or 'owner', holder ~= '' and holder or owner)
    if digests ~= '' then redis.call('HSET', key, 'digests', digests) end
  end
  if owner and form ~= 'python' then redis.call('HSET', key, 'form', form) end
  redis.call('EXPIRE', key, life)
end

if not r_hash then
  write()
  return { 'new', hash, trace_id, 'first', false, '', '1', fence, owner }
end

-- A failed record, or a pending one.
local own = redis.call('HMGET', key, 'owner', 'lease', 'attempt', 'fence', 'holder', 'created_at', 'waiting')
local r_owner, r_fence = own[1], tonumber(own[4] or '') or 0
created_at = own[6] or time[1]
local attempt = tonumber(own[3] or '') or own[4] and 1 or 0

local function grant_again(kind)
  attempt = string.format('%.0f', attempt + 1)
  if r_fence >= tonumber(fence) then fence = string.format('%.0f', r_fence + 1) end
  redis.call('HDEL', key, 'response_hash', 'error', 'result', 'owner', 'lease', 'holder', 'digests', 'form')
  write()
  if owner then redis.call('HSET', key, 'attempt', attempt) end
  return { 'new', hash, trace_id, kind, false, '', attempt, fence, owner }
end

local function in_progress(left)
  return { 'duplicate', r_hash, r_trace_id, 'in-progress', false, '', string.format('%.0f', attempt), own[4] or '0',
    string.format('%.0f', left), own[5] or '', created_at, owner }
end

if status == 'failed' then
  -- Our own claim, sent again and delivered after its body had already failed: nobody waits for this answer.
  if owner and r_owner == owner then return in_progress(0) end
  return grant_again('retry')
end
if not owner then
  return in_progress(0)
end
if r_owner == owner then
  redis.call('HSET', key, 'lease', deadline)
  return { 'new', r_hash, r_trace_id, 'resent', false, '', string.format('%.0f', attempt), own[4] or '0', owner }
end

-- "deadline/length": the length tells a deadline that lies too far ahead because this server's clock was set back.
local lease_end, length = string.match(own[2] or '', '^(%d+)/(%d+)$')
lease_end, length = tonumber(lease_end), tonumber(length) or lease
local written = lease_end
if not lease_end then
  -- Another worker's record: as if its lease had begun when the record was created; unknown, now.
  local created = tonumber(own[6] or '')
  lease_end = created and created > 0 and math.floor(created * 1000) + length or millis + length
  written = created and created > 0 and lease_end
end
lease_end = math.min(lease_end, millis + length)
if lease_end <= millis then
  return grant_again('takeover')
end
if lease_end ~= written then
  redis.call('HSET', key, 'lease', string.format('%.0f/%.0f', lease_end, length))
end
local listens = ARGV[10] or ''
if listens ~= '' and own[7] ~= listens then
  redis.call('HSET', key, 'waiting', listens)
end
return in_progress(lease_end - millis)
