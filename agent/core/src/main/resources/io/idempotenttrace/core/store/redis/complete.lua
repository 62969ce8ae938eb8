-- Completes records, one for each of as many calls, and wakes those who wait for them. Atomic, and safe to run twice with the
-- same owner tokens. KEYS: record.lua tells; those of several records in a row, all with or all without their failed notes. What
-- ends the script at one of several records, say a key of another type, leaves those before it completed and the others as they
-- were: each is then to be completed alone.
--
-- ARGV, as many for each record, those of the first record first:
--       1 owner           token of this call
--       2 ttl             seconds the record lives from now, a whole number above 0
--       3 trace id        empty or absent: the record keeps the claim's
--       4 response hash   SHA-256 of the result, hex; may be empty, and absent as all that follow
--       5 result          the result as JSON; empty where none is stored
--       6 hash            SHA-256 of the payload, hex, to write the record whole if there is none; so are those that follow
--       7 tenant          tenant_id of the caller
--       8 form            canonical form of the hash; empty: python
--       9 members         digests of the payload's first members; only with a form that names a key
--      10 holder          who completes it, for people
--
-- Reply: the owners as they were given, with a space between two, if each record is completed; else a list, one for each record, and
-- then those owners:
--         applied         the record is completed
--         absent          there is no record (expired, flushed, failed over): to be called again with 6 to 10
--         gone            there was no record; it was written whole, with its TTL
--         refused         the record belongs to another owner, or has another version, and was not changed
--
-- The record keeps its holder: who completed it. It was completed its ttl before the time at which it expires.

local function complete(key, note, owner, ttl, trace_id, response_hash, result, hash, tenant, form, members, holder)
  trace_id, response_hash, result, form, members = trace_id or '', response_hash or '', result or '', form or '', members or ''
  if not ttl or owner == '' or hash and (hash == '' or not tenant) then
    return redis.error_reply('IDEMARG complete needs owner and ttl, and hash and tenant to write a record whole')
  end
  if not string.find(ttl, '^[1-9]%d*$') or #ttl > 12 then
    return redis.error_reply('IDEMARG ttl is no whole number of seconds above 0 with at most 12 digits: ' .. ttl)
  end

  -- Refuses a key of another type. A record that has no claim may be another worker's.
  local record, waiting, again, failed = call('HMGET', key, 'claim', 'v'), '', false
  local claim, known = record[1], record[1] or call('HMGET', key, 'hash')[1]
  if note and not known then
    record = call('HMGET', note, 'claim', 'v')
    failed = record[1]
    claim, known = failed, failed
  end
  claim = claim or ''

  -- Its writes begin with one that needs no memory: from then on, Redis before 7 lets it go on though memory is short.
  if known then
    if (record[2] or VERSION) ~= VERSION then
      return 'refused'
    end
    local held = '   ' .. owner
    if string.sub(claim, 1, 1) == ' ' and string.sub(claim, -#held) == held or claim == owner then
      -- Claimed once, never renewed, waited for or failed; or completed already.
      call('EXPIRE', key, ttl)
      again = claim == owner
      claim = owner
    else
      local attempt, length, seconds, micros, _, r_waiting, r_owner = string.match(claim, PARTS)
      if r_owner ~= owner then
        return 'refused'
      end
      if failed then call('RENAME', note, key) end
      call('EXPIRE', key, ttl)
      call('HDEL', key, 'error')
      waiting = r_waiting
      -- A claim that is held has the length of its lease.
      again = length == '' or length == '0'
      -- No former owner of a record that was claimed once could still write: nothing has to fence one off.
      claim = attempt == '' and owner or attempt .. ' 0 ' .. seconds .. ' ' .. micros .. held
    end
  elseif not hash then
    return 'absent'
  else
    call('DEL', key)
    local time = call('TIME')
    call('HSET', key, 'hash', hash, 'tenant_id', tenant, 'trace_id', trace_id, 'created_at', time[1])
    call('EXPIRE', key, ttl)
    if form ~= '' and form ~= 'python' then call('HSET', key, 'form', form) end
    if members ~= '' then call('HSET', key, 'members', members) end
    if holder and holder ~= '' then call('HSET', key, 'holder', holder) end
    claim = ' 0 ' .. time[1] .. ' ' .. time[2] .. '   ' .. owner
  end

  if again then
    -- Completed by this owner before: what that left goes.
    call('HDEL', key, 'result')
    if call('HMGET', key, 'r0')[1] then
      local names = {}
      for i = 0, 32 do names[i + 1] = 'r' .. i end
      call('HDEL', key, unpack(names))
    end
  end
  if #result > 64 and #result <= 2048 then
    -- In chunks, see record.lua. To make each name anew would cost more than to write them all here.
    local names, pairs, last = {
      'r1', 'r2', 'r3', 'r4', 'r5', 'r6', 'r7', 'r8', 'r9', 'r10', 'r11', 'r12', 'r13', 'r14', 'r15', 'r16',
      'r17', 'r18', 'r19', 'r20', 'r21', 'r22', 'r23', 'r24', 'r25', 'r26', 'r27', 'r28', 'r29', 'r30', 'r31', 'r32' },
      { 'r0', #result }, math.ceil(#result / 64)
    for i = 1, last do
      pairs[2 * i + 1], pairs[2 * i + 2] = names[i], string.sub(result, 64 * i - 63, 64 * i)
    end
    call('HSET', key, unpack(pairs))
    result = ''
  end

  -- One command that says a field twice costs less than two.
  local field, value = 'status', 'completed'
  if trace_id ~= '' then field, value = 'trace_id', trace_id end
  if result ~= '' then
    call('HSET', key, 'status', 'completed', 'claim', claim, field, value, 'response_hash', response_hash, 'result', result)
  elseif response_hash ~= '' then
    call('HSET', key, 'status', 'completed', 'claim', claim, field, value, 'response_hash', response_hash)
  else
    call('HSET', key, 'status', 'completed', 'claim', claim, field, value)
  end
  if waiting ~= '' then
    -- A user without the right to publish completes all the same: waiters also poll.
    redis.pcall(waiting == 's' and 'SPUBLISH' or 'PUBLISH', key, 'completed')
  end
  return known and 'applied' or 'gone'
end

-- No record has a name that begins as those of notes do.
local keys = KEYS
local names = keys[2] and string.find(keys[2], '^[^:]*:%%failed:') and 2 or 1
local records = #keys / names
-- The reply is a list only if one of them is not applied, which is rare: a list costs the others time.
local each, reply = #ARGV / records
for i = 1, records do
  local done = complete(keys[i * names - names + 1], names == 2 and keys[i * 2], unpack(ARGV, (i - 1) * each + 1, i * each))
  if done ~= 'applied' then
    if type(done) == 'table' then return done end
    if not reply then
      reply = {}
      for before = 1, i - 1 do reply[before] = 'applied' end
    end
  end
  if reply then reply[i] = done end
end
local owners = ARGV[1]
for i = 1, records - 1 do owners = owners .. ' ' .. ARGV[i * each + 1] end
if not reply then return owners end
reply[records + 1] = owners
return reply
