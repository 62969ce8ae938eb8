-- Reads the record KEYS[1], without fields that are longer than any worker writes and a result that is longer than
-- most_result_bytes. Writes nothing. A key of another type is refused.
--
-- Reply 1 ttl       milliseconds the record lives on, -1 without TTL, -2 if there is none
--       2 fields    name, value, name, value, ...
--       3 key       as it was given

-- The client puts its setting here.
local most_result_bytes = 536870912
local most_bytes = 262144

local fields, kept = call('HGETALL', KEYS[1]), {}
for i = 1, math.min(#fields, 2000), 2 do
  if #fields[i + 1] <= (fields[i] == 'result' and most_result_bytes or most_bytes) then
    kept[#kept + 1], kept[#kept + 2] = fields[i], fields[i + 1]
  end
end

return { call('PTTL', KEYS[1]), kept, KEYS[1] }
