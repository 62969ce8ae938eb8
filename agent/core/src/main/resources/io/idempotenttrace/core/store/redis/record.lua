-- What the scripts know of a record in common. The client puts this file before each of them, so that the server sees one script.
--
-- KEYS  1 record
--       2 failed note     only of a record that workers with five fields share. Such a worker takes every record that is there for one
--                         to acknowledge. So a record that failed is moved to this name, which they do not read, and a pending record
--                         lives no longer than its lease. Without KEYS[2], a failed record stays where it is, and a pending one lives
--                         for its ttl
--
-- The note of the record R is named, with the prefix P of R, as follows; the braces put it into the Cluster slot of R:
--       P:%failed:R         if R has a hash tag: a '{' whose next '}' is not the very next character. Only the first '{' counts
--       P:%failed:{R}       else, if R has no '}'
--       P:%failed:{N}:R     else; N is the smallest whole number from 0 whose slot is that of R
--
-- Field v is the version of the record, a whole number. Version 1, which these scripts write, has no field v. In every version, hash,
-- tenant_id, trace_id, created_at, status, form and the fields of the result mean what they mean here. Of a record of another version
-- than 1 these scripts know no more than that: a completed one is a duplicate, another hash or form is a conflict, and any other is in
-- progress. They never change one, except that delete.lua deletes it when no owner is given.
--
-- Field claim: "attempt length seconds micros deadline waiting owner", each but owner may be empty. Attempt is how often the
-- record was claimed, empty the first time. Length is the lease's, in milliseconds. Seconds and micros by this server's clock are
-- the fencing token, which grows with every grant, and the time at which the lease began. Deadline, in milliseconds, is there if
-- the lease does not simply end its length after it began. Waiting is how those who wait listen, see ARGV 10 of claim.lua. A lease runs
-- only where there is a length above 0: a failed record has no length. Of a completed record that was claimed once, only the owner is left,
-- without a space; that of one that was claimed more often, or was written whole, has the length 0.
--
-- It is one field, of texts as they come, since each argument, each field, and each number that is read or written costs a claim
-- some of its time.

-- Field result: what the call left for its duplicates. One of 65 to 2,048 bytes is cut into fields r1, r2, ... of 64 bytes, the last one
-- may be shorter, and r0 is the length of the whole: a field of more than 64 bytes would make Redis keep the record as a table of
-- pointers, which takes 500 bytes more. A record has one of these shapes or none, and where both are found, result counts. It is cut
-- by bytes, also within a character. The names are short since each costs memory: with result:1, ... a kilobyte took 1.3 to 1.4 times its bytes.

-- PARTS takes a claim to pieces, in that order; it matches neither a claim that is only an owner nor ''. It is a text and no function, since
-- a script makes its functions anew at each call, which would cost a claim half a microsecond.

local call, VERSION = redis.call, '1'
local PARTS = '^(%d*) (%d*) (%d*) (%d*) (%d*) ([ps]?) (.*)$'

