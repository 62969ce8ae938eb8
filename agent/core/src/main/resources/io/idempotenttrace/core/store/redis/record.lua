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

-- Field result: what the call left for its duplicates. One of 65 to 2,048 bytes is cut into fields r1, r2, ... of 64 bytes, the last one
-- may be shorter, and r0 is the length of the whole: a field of more than 64 bytes would make Redis keep the record as a table of
-- pointers, which takes 500 bytes more. A record has one of these shapes or none, and where both are found, result counts. It is cut
-- by bytes, also within a character. The names are short since each costs memory: with result:1, ... a kilobyte took 1.3 to 1.4 times its bytes.

-- PARTS takes a claim to pieces, in that order; it matches neither a claim that is only an owner nor ''. It is a text and no function, since
-- a script makes its functions anew at each call, which would cost a claim half a microsecond.

local call, PARTS = redis.call, '^(%d*) (%d*) (%d*) (%d*) (%d*) ([ps]?) (.*)$'

