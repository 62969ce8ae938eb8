-- A claim of a record that is one text, as a prototype: what a first claim needs, with the checks and the fencing token of claim.lua.
-- It has no takeover, conflict or wait, so what it takes is a lower bound of what such a claim would take.
--
-- ARGV 1 owner, 2 hash, 3 ttl in seconds, 4 lease in milliseconds, 5 tenant, trace id and holder

local key, owner, hash, ttl, lease, rest = KEYS[1], unpack(ARGV)
if hash == '' or owner == '' or ttl < '1' or #ttl > 12 or lease < '1' or #lease > 15 or string.find(ttl .. lease, '%D') then
  return redis.error_reply('IDEMARG claim needs owner, hash, ttl and lease')
end
local time = redis.call('TIME')
local fence = time[1] .. ' ' .. time[2]
local known = redis.call('SET', key, 'p ' .. owner .. ' ' .. lease .. ' ' .. fence .. ' ' .. hash .. ' ' .. rest, 'NX', 'GET', 'EX', ttl)
return known or 'new ' .. fence .. ' ' .. owner
