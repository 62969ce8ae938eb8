-- Claims a record for one call. Atomic, and safe to run twice with the same owner token. KEYS: record.lua tells.
--
-- ARGV  1 hash            SHA-256 of the payload, hex
--       2 ttl             seconds the record lives, a whole number above 0
--       3 tenant          tenant_id of the caller
--       4 trace id        may be empty
--       5 owner           token of this call, without a space; absent for a worker that knows no leases
--       6 lease           milliseconds the claim is held without a renewal, above 0; absent as above
--       7 holder          who calls, for people; may be empty, and absent as all that follow
--       8 members         digests of the payload's first members; only with a form that names a key
--       9 form            canonical form of the hash; empty: python
--      10 listens         how the caller hears of a change of this record, if it has to wait: p by SUBSCRIBE, s by SSUBSCRIBE
--                         to a channel that has the key's name; empty if it does not
--
-- Reply to a call that holds the record now: the text "new ", and the record's claim. One text costs far less than a list of them.
-- To others, a list:
--       1 verdict         duplicate | in-progress | conflict; new to a worker that knows no leases, with 2 and 3 alone. A worker that
--                         knows only new, duplicate and conflict must not acknowledge what it does not know
--       2 hash            in the record
--       3 trace id        in the record
--       4 kind            completed, of a duplicate | in-progress | newer, of a record in progress whose version is unknown here | conflict
--       5 of that kind    completed: the result, stored JSON, or false where none is stored, or a longer one than most_result_bytes;
--                         conflict: the members in the record, its form; in-progress: the record's claim, milliseconds left until a claim
--                         like this one is granted, holder, created_at in seconds; newer: the record's version, milliseconds that it
--                         lives on, two empty texts. Milliseconds are -1 where the record has no TTL and nothing else tells them
--    last                 the owner as it was given
-- A claim ends with its owner, too: so the caller sees that the reply is its own.
--
-- record.lua, which the client puts before this, tells what the record's claim is. Each command costs a claim some of its time: the
-- first claim, which is most calls, has four, or five with KEYS[2]. A record without form has python. Hashes of two forms can't be
-- compared, so another form is a conflict: a caller that knows the record's form hashes its payload in that, and claims once more.
--
-- It is the only place in which a verdict is decided in Redis; its twin in memory is MemoryRecord.verdict.
--
-- A lease that is over is taken over, also by a worker that knows no leases. Such a worker gives no length for the lease of a record that
-- has none, as another language's pending record: to it, that one is in progress until its TTL is over. To a worker with leases, it is
-- in progress until its lease length has passed since the end of the second created_at.
--
-- A worker with five fields may write to a record that it does not own. Status failed on a claim whose lease runs, or on one that is
-- completed, is such a write: the lease, or the completion, counts, and the status and TTL are restored.
--
-- A minimal worker's own script takes ARGV 1-4 and gives replies 1-3. Every argument is checked, and a key of another type is
-- refused by HMGET, before the first write: what a script has written is not rolled back. PTTL, which costs less than half of HMGET,
-- tells that there is no record.

-- The longest result that is answered. The client puts its setting here; a longer text is not even read.
local most_result_bytes = 536870912
-- What else a record says has to be no longer: a worker of any kind writes far less.
local most_bytes = 262144

local key, note = KEYS[1], KEYS[2]
local hash, ttl, tenant, trace_id, owner, length, holder, members, form, listens = unpack(ARGV)

if not trace_id or hash == '' then
  return redis.error_reply('IDEMARG claim needs hash, ttl, tenant and trace id')
end
-- Both numbers at once. A text that begins with a digit above 0 is not less than '1'.
local plain = ttl >= '1' and #ttl <= 12 and (length or '1') >= '1' and #(length or '') <= 15 and not string.find(ttl .. (length or ''), '%D')
if not plain then
  if ttl < '1' or #ttl > 12 or string.find(ttl, '%D') then
    return redis.error_reply('IDEMARG ttl is no whole number of seconds above 0 with at most 12 digits: ' .. ttl)
  end
  local lease = tonumber(length)
  if not lease or lease < 1 or lease >= 1e15 then
    return redis.error_reply('IDEMARG lease is no number of milliseconds above 0 with at most 15 digits: ' .. length)
  end
  length = string.format('%.0f', math.floor(lease))
end
if owner and (not length or owner == '' or string.find(owner, ' ', 1, true)) then
  return redis.error_reply('IDEMARG owner has no lease, is empty or has a space, which would end it in the record: "' .. owner .. '"')
end
if form == 'python' or form == '' then form = nil end

local at, record
for i = 1, #KEYS do
  at = KEYS[i]
  if call('PTTL', at) ~= -2 then
    record = call('HMGET', at, 'hash', 'status', 'tenant_id', 'trace_id', 'form', 'r0', 'v')
    if record[1] then break end
    -- A ghost: fields that a worker wrote to a key that had expired.
    if record[2] then call('DEL', at) end
    record = nil
  end
end

local r_hash, r_trace_id, status, r_chunks
if record then
  r_hash, status, r_trace_id, r_chunks = record[1], record[2], record[4] or '', record[6]
  if record[3] and record[3] ~= tenant then
    return redis.error_reply('IDEMTENANT the record belongs to another tenant')
  elseif #r_hash + #r_trace_id + #(record[5] or '') + #(record[7] or '') > most_bytes then
    return redis.error_reply('IDEMSIZE the record has fields that are longer than any worker writes')
  elseif r_hash ~= hash or (record[5] or 'python') ~= (form or 'python') then
    local r_members = call('HMGET', at, 'members')[1] or ''
    return { 'conflict', r_hash, r_trace_id, 'conflict', #r_members <= most_bytes and r_members or '', record[5] or 'python', owner }
  end
  if status ~= 'completed' and (record[7] or VERSION) ~= VERSION then
    return { 'in-progress', r_hash, r_trace_id, 'newer', record[7], call('PTTL', at), '', '', owner }
  end
  if status == 'failed' and note and at == key then
    local r_claim = call('HMGET', key, 'claim')[1] or ''
    if r_claim ~= '' and #r_claim <= most_bytes and (not string.find(r_claim, ' ', 1, true) or string.find(r_claim, '^%d* 0 ')) then
      -- Our workers have completed it; another one has marked it as failed.
      call('HDEL', key, 'error')
      call('HSET', key, 'status', 'completed')
      call('EXPIRE', key, ttl)
      status = 'completed'
    end
  end
  if status == 'completed' then
    if note and at == key then
      local _, held, granted = string.match(call('HMGET', key, 'claim')[1] or '', PARTS)
      if held and granted ~= '' and (tonumber(held) or 0) > 0 and call('PTTL', key) <= tonumber(held) then
        -- Another kind of worker has completed a claim that is held. Its record would end with the lease.
        call('EXPIRE', key, ttl)
      end
    end
    local length, size, result = redis.pcall('HSTRLEN', key, 'result'), r_chunks and tonumber(r_chunks), false
    if type(length) ~= 'number' then
      -- Who lacks the right to HSTRLEN, which earlier versions did not need, reads it and then drops it.
      result = call('HMGET', key, 'result')[1]
      length = result and #result or 0
    elseif length > 0 and length <= most_result_bytes then
      result = call('HMGET', key, 'result')[1]
    end
    if length > most_result_bytes then
      result = false
    elseif length == 0 and size and size >= 1 and size <= math.min(2048, most_result_bytes) then
      local names = {
        'r1', 'r2', 'r3', 'r4', 'r5', 'r6', 'r7', 'r8', 'r9', 'r10', 'r11', 'r12', 'r13', 'r14', 'r15', 'r16',
        'r17', 'r18', 'r19', 'r20', 'r21', 'r22', 'r23', 'r24', 'r25', 'r26', 'r27', 'r28', 'r29', 'r30', 'r31', 'r32' }
      local number = math.ceil(size / 64)
      local chunks = call('HMGET', key, unpack(names, 1, number))
      for i = 1, number do chunks[i] = chunks[i] or '' end
      result = table.concat(chunks)
      if #result ~= size then result = false end
    end
    return { 'duplicate', r_hash, r_trace_id, 'completed', result, owner }
  end
end

local time = call('TIME')
local seconds, micros = time[1], time[2]
local attempt, created_at, deadline, waiting = '', seconds, '', ''

if r_hash then
  -- A failed record, or a pending one.
  local own = call('HMGET', at, 'claim', 'holder', 'created_at')
  local r_claim = own[1] or ''
  if #r_claim + #(own[2] or '') + #(own[3] or '') > most_bytes then
    return redis.error_reply('IDEMSIZE the record has fields that are longer than any worker writes')
  end
  local r_attempt, r_length, r_seconds, r_micros, r_deadline, r_waiting, r_owner = string.match(r_claim, PARTS)
  local function number(text) return tonumber(text or '') or 0 end
  local r_fence = number(r_seconds) * 1000000 + number(r_micros)
  local lease, fence, millis = number(length), seconds * 1000000 + micros, seconds * 1000 + math.floor(micros / 1000)
  created_at, waiting = own[3] or created_at, r_waiting or ''

  local function in_progress(left)
    return { 'in-progress', r_hash, r_trace_id, 'in-progress', r_claim, left, own[2] or '', created_at, owner }
  end

  local function keep(length, deadline)
    r_claim = string.format('%s %.0f %s %s %.0f %s %s', r_attempt or '', length, r_seconds or '', r_micros or '', deadline, waiting,
        r_owner or '')
    call('HSET', key, 'claim', r_claim)
  end

  -- Another worker has marked the claim of one of ours as failed, and its lease may still run. A claim without a fence is that worker's own,
  -- which a call of ours has waited for.
  local wrongly_failed = status == 'failed' and r_fence > 0 and number(r_length) > 0
  local function restore(left)
    call('HDEL', key, 'error')
    call('HSET', key, 'status', 'pending')
    if note then call('PEXPIRE', key, string.format('%.0f', left)) end
  end

  if status == 'failed' and not wrongly_failed then
    -- Our own claim, sent again and delivered after its body had already failed: nobody waits for this answer.
    if owner and r_owner == owner then return in_progress(0) end
  elseif owner and r_owner == owner then
    if wrongly_failed then restore(lease) end
    if note then call('PEXPIRE', key, length) end
    keep(lease, millis + lease)
    return 'new ' .. r_claim
  elseif not owner and (r_fence == 0 or number(r_length) == 0) then
    return in_progress(call('PTTL', key))
  else
    local known_length = number(r_length) > 0 and number(r_length) or lease
    local ends = number(r_deadline) > 0 and number(r_deadline) or r_fence > 0 and math.floor(r_fence / 1000) + known_length
    local written, longest = ends, known_length
    if r_fence == 0 then longest = longest + 1000 end
    if not ends then
      -- Another worker's record: as if its lease had begun at the end of the second in which it was created; unknown, now.
      local created = number(own[3])
      ends = (created > 0 and (math.floor(created) + 1) * 1000 or millis) + known_length
      written = created > 0 and ends
    end
    -- One that lies too far ahead: this server's clock was set back.
    ends = math.min(ends, millis + longest)
    if ends > millis then
      if wrongly_failed then restore(ends - millis) end
      if listens and listens ~= '' then waiting = listens end
      if ends ~= written or waiting ~= (r_waiting or '') then keep(known_length, ends) end
      -- Workers with five fields must not take it for one to acknowledge when its lease is over.
      if note and r_fence > 0 and ends ~= written and call('PTTL', key) > ends - millis then
        call('PEXPIRE', key, string.format('%.0f', ends - millis))
      end
      return in_progress(ends - millis)
    end
  end

  if note then
    if r_fence == 0 and at == key then
      -- Another worker's record took the place of one of ours that had failed.
      local n_attempt, _, n_seconds, n_micros = string.match(call('HMGET', note, 'claim')[1] or '', PARTS)
      r_attempt, r_fence = n_attempt, number(n_seconds) * 1000000 + number(n_micros)
    end
    -- Who completes this claim must not find the note of an earlier one.
    call('DEL', note)
  end
  -- One of ours says how often it was claimed; another worker's does not.
  attempt = string.format('%.0f', r_fence > 0 and math.max(1, number(r_attempt)) + 1 or 1)
  if r_fence >= fence then
    seconds, micros = string.format('%.0f', math.floor((r_fence + 1) / 1000000)), string.format('%.0f', (r_fence + 1) % 1000000)
    if owner then deadline = string.format('%.0f', millis + lease) end
  end
  if at == key then
    call('HDEL', key, 'response_hash', 'error', 'result', 'claim', 'holder', 'members', 'digests', 'form')
    if r_chunks then
      -- Another kind of worker has let a completed record fail.
      local names = {}
      for i = 0, 32 do names[i + 1] = 'r' .. i end
      call('HDEL', key, unpack(names))
    end
  end
end

local claim
if owner then
  claim = attempt .. ' ' .. length .. ' ' .. seconds .. ' ' .. micros .. ' ' .. deadline .. ' ' .. waiting .. ' ' .. owner
  holder, members = holder or '', members or ''
  if members ~= '' and holder ~= '' then
    call('HSET', key, 'hash', hash, 'tenant_id', tenant, 'trace_id', trace_id, 'created_at', created_at, 'status', 'pending',
        'claim', claim, 'holder', holder, 'members', members)
  else
    call('HSET', key, 'hash', hash, 'tenant_id', tenant, 'trace_id', trace_id, 'created_at', created_at, 'status', 'pending',
        'claim', claim, holder ~= '' and 'holder' or 'claim', holder ~= '' and holder or claim)
    if members ~= '' then call('HSET', key, 'members', members) end
  end
  if form then call('HSET', key, 'form', form) end
  if note then
    call('PEXPIRE', key, length)
    return 'new ' .. claim
  end
  if #length > #ttl + 2 and length / 1000 > tonumber(ttl) then ttl = string.format('%.0f', math.ceil(length / 1000)) end
else
  call('HSET', key, 'hash', hash, 'tenant_id', tenant, 'trace_id', trace_id, 'created_at', created_at, 'status', 'pending')
  -- When it was granted, which created_at does not say.
  if r_hash then call('HSET', key, 'claim', attempt .. '  ' .. seconds .. ' ' .. micros .. '  ' .. waiting .. ' ') end
end
call('EXPIRE', key, ttl)
return owner and 'new ' .. claim or { 'new', hash, trace_id }
