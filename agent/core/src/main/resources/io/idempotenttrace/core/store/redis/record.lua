-- What the scripts know of a record in common. The client puts this file before each of them, so that the server sees one script.
--
-- Field claim: "attempt length seconds micros deadline waiting owner", each but owner may be empty. Attempt is how often the
-- record was claimed, empty the first time. Length is the lease's, in milliseconds. Seconds and micros by this server's clock are
-- the fencing token, which grows with every grant, and the time at which the lease began. Deadline, in milliseconds, is there if
-- the lease does not simply end its length after it began. Waiting is how those who wait listen, see ARGV 10 of claim.lua. Of a record
-- that its first claim completed, only the owner is left, without a space.
--
-- It is one field, of texts as they come, since each argument, each field, and each number that is read or written costs a claim
-- some of its time.

-- PARTS takes a claim to pieces, in that order; it matches neither a claim that is only an owner nor ''. It is a text and no function, since
-- a script makes its functions anew at each call, which would cost a claim half a microsecond.

local call, PARTS = redis.call, '^(%d*) (%d*) (%d*) (%d*) (%d*) ([ps]?) (.*)$'

