-- Reads a record, from its failed note if it failed, without fields that are longer than any worker writes and a result that is longer than
-- most_result_bytes. Writes nothing. KEYS: record.lua tells. A key of another type is refused.
-- A result in chunks is answered whole, as the field result.
--
-- Reply 1 ttl       milliseconds the record lives on, -1 without TTL, -2 if there is none
--       2 fields    name, value, name, value, ...
--       3 key       of the record, as it was given

-- The client puts its setting here.
local most_result_bytes = 536870912
local most_bytes = 262144

local at, fields, kept, chunks, result = KEYS[1], call('HGETALL', KEYS[1]), {}, {}, false
if #fields == 0 and KEYS[2] then
  at, fields = KEYS[2], call('HGETALL', KEYS[2])
end
for i = 1, math.min(#fields, 2000), 2 do
  local name, value = fields[i], fields[i + 1]
  local number = string.match(name, '^r(%d%d?)$')
  result = result or name == 'result'
  if number then
    chunks[tonumber(number)] = value
  elseif #value <= (name == 'result' and most_result_bytes or most_bytes) then
    kept[#kept + 1], kept[#kept + 2] = name, value
  end
end

local size = tonumber(chunks[0] or '')
if not result and size and size >= 1 and size <= math.min(2048, most_result_bytes) then
  local parts = {}
  for i = 1, math.ceil(size / 64) do parts[i] = chunks[i] or '' end
  local text = table.concat(parts)
  if #text == size then
    kept[#kept + 1], kept[#kept + 2] = 'result', text
  end
end

return { call('PTTL', at), kept, KEYS[1] }
