/*
 * One record and its scripts, as claim.lua, complete.lua, fail.lua, renew.lua and delete.lua have them. Each script is one d_step: Redis
 * runs a script without anything in between.
 *
 * What is left out, and why nothing is lost by it:
 *   - Tenants, holders, members, sizes and errors of arguments: they refuse a call before anything is written.
 *   - Messages that wake a waiting call: the model lets a call that waits ask at any time, which is more than a message can do, and
 *     makes it ask once a tick, as it does where messages are lost.
 *   - The text of a result. A result is the token of the call whose body made it, so a wrong one is seen.
 *   - The length of the TTL: it is longer than whatever happens here. Its end is the event "the record is lost", which is an excuse.
 *
 * Times are what is left, in ticks of a third of a lease, and not points in time: so the states are finite, and a run has no end.
 */

#ifndef KEYS
#define KEYS 1
#endif
#define LEASE 3
#define JUMP 2
#define FOREVER 15

#ifdef ONLY
#define HOLDS(number, condition) assert((condition) || ONLY != number || 0 == number)
#else
#define HOLDS(number, condition) assert((condition) || 0 == number)
#endif

/* The field status. ABSENT: there is no such key. */
#define ABSENT 0
#define PENDING 1
#define COMPLETED 2
#define FAILED 3

/* The field claim. */
#define NO_CLAIM 0  /* none: a worker with five fields wrote the record */
#define HELD 1      /* with the length of its lease */
#define RELEASED 2  /* without length: failed */
#define DONE 3      /* the owner alone, or the length 0: completed by a worker of ours */

/* Verdicts and answers. */
#define NO_ANSWER 0
#define NEW 1
#define DUPLICATE 2
#define IN_PROGRESS 3
#define CONFLICT 4
#define APPLIED 5
#define GONE 6
#define REFUSED 7
#define IS_ABSENT 8

typedef Slot {
  unsigned status : 2;
  bit ghost;              /* fields without hash, which a worker with five fields wrote to a key that had expired */
  bit hash;
  unsigned claim : 2;
  unsigned owner : 4;     /* a token; 0: none */
  unsigned attempt : 4;
  unsigned fence : 4;
  unsigned left : 4;      /* of the lease, in ticks; of a record without claim: of the lease that it has since its creation */
  unsigned life : 4;      /* until the key expires, in ticks; FOREVER: a TTL */
  unsigned result : 4;    /* the token of the call whose body left it; 0: none */
  bit newer               /* the field v: a worker of a newer version wrote it */
}

/* The record of key k is slot 2 * kk, its failed note slot 2 * kk + 1. Only shared records have one. */
Slot slot[2 * KEYS];

/* How far the clock of Redis is behind the last grants, in ticks. */
unsigned behind : 4;

typedef Key {
  unsigned highest : 4;   /* the highest fence that was granted */
  bit forgotten;          /* a record that knew it is gone */
  unsigned running : 3;   /* bodies that run now, of workers that live */
  unsigned ran : 4;       /* bodies that ran to their end */
  unsigned excuses : 4;
  bit seen0;              /* whether a call with payload 0 has begun */
  bit seen1
}

/* For the checks alone. */
Key facts[KEYS];

#ifndef KEPT
#define KEPT hidden
#endif
/* What a script answers. A model that reads it in a later step than the script's defines KEPT: then it is a part of the state. */
KEPT byte answer_;
KEPT byte told_;
KEPT byte left_told_;

/* Written before it is read in each d_step, so no part of a state. */
hidden byte i_, at_, reading_, old_fence_, old_attempt_;
hidden byte wrong_, other_, held_, owned_, was_, free_, ended_, strange_;

#ifdef SHARED
#define IS_SHARED(kk) 1
#else
#ifdef MIXED
#define IS_SHARED(kk) (kk == 1)
#else
#define IS_SHARED(kk) 0
#endif
#endif

#define NOTE(kk) (2 * kk + 1)
#define HERE(ss) (slot[ss].status != ABSENT && !slot[ss].ghost)

/* Conditions of the scripts, each with the planted bugs that change it. */
#ifdef RESEND_IS_A_STRANGER
#define IS_OWN(owner_, caller) 0
#else
#define IS_OWN(owner_, caller) (owner_ == caller)
#endif
#ifdef TAKEOVER_OF_A_LIVE_LEASE
#define RUNS_ON(left_) 0
#elif defined(NO_TAKEOVER)
#define RUNS_ON(left_) 1
#else
#define RUNS_ON(left_) (left_ > 0)
#endif
#ifdef FAILED_COUNTS_AS_DONE
#define COUNTS_AS_DONE(status_) (status_ == COMPLETED || status_ == FAILED)
#else
#define COUNTS_AS_DONE(status_) (status_ == COMPLETED)
#endif
#ifdef COMPLETE_IGNORES_OWNER
#define MAY_COMPLETE(owner_, status_, caller) 1
#elif defined(COMPLETE_ONLY_ONCE)
#define MAY_COMPLETE(owner_, status_, caller) (owner_ == caller && status_ != COMPLETED)
#else
#define MAY_COMPLETE(owner_, status_, caller) (owner_ == caller)
#endif
#ifdef FAIL_IGNORES_OWNER
#define MAY_FAIL(owner_, status_, claim_, caller) (status_ != COMPLETED && claim_ != NO_CLAIM)
#elif defined(FAIL_UNDOES_COMPLETION)
#define MAY_FAIL(owner_, status_, claim_, caller) (owner_ == caller)
#else
#define MAY_FAIL(owner_, status_, claim_, caller) (owner_ == caller && status_ != COMPLETED && claim_ != DONE)
#endif
#ifdef RENEW_IGNORES_OWNER
#define MAY_RENEW(owner_, caller) 1
#else
#define MAY_RENEW(owner_, caller) (owner_ == caller)
#endif
#ifdef IGNORES_THE_VERSION
#define IS_NEWER(ss) 0
#else
#define IS_NEWER(ss) (slot[ss].newer)
#endif
#ifdef GIVE_BACK_IGNORES_OWNER
#define MAY_GIVE_BACK(owner_, caller) 1
#else
#define MAY_GIVE_BACK(owner_, caller) (owner_ == caller)
#endif

inline clear(ss) {
  slot[ss].status = ABSENT; slot[ss].ghost = 0; slot[ss].hash = 0; slot[ss].claim = NO_CLAIM; slot[ss].owner = 0; slot[ss].attempt = 0;
  slot[ss].fence = 0; slot[ss].left = 0; slot[ss].life = 0; slot[ss].result = 0;
  slot[ss].newer = 0
}

inline move(from, to) {
  slot[to].status = slot[from].status; slot[to].ghost = 0; slot[to].hash = slot[from].hash; slot[to].claim = slot[from].claim;
  slot[to].owner = slot[from].owner; slot[to].attempt = slot[from].attempt; slot[to].fence = slot[from].fence;
  slot[to].left = slot[from].left; slot[to].life = slot[from].life;
  slot[to].result = slot[from].result; slot[to].newer = slot[from].newer;
  clear(from)
}

/* claim.lua: key, hash, owner. Leaves answer_, told_ (a duplicate's result) and left_told_. */
inline script_claim(kk, hh, oo) {
  answer_ = NO_ANSWER; told_ = 0; left_told_ = 0;
  at_ = 2 * kk;
  if
  :: slot[2 * kk].status != ABSENT && slot[2 * kk].ghost -> clear(2 * kk)
  :: else -> skip
  fi;
  if
  :: !HERE(2 * kk) && IS_SHARED(kk) && HERE(NOTE(kk)) -> at_ = NOTE(kk)
  :: else -> skip
  fi;
  was_ = HERE(at_);
  other_ = was_ && slot[at_].hash != hh;
  held_ = was_ && slot[at_].claim == HELD && slot[at_].left > 0 && slot[at_].status != COMPLETED && slot[at_].owner != oo;
  owned_ = was_ && !slot[at_].newer && slot[at_].claim == HELD && slot[at_].status == PENDING && slot[at_].owner == oo && !other_;
  free_ = was_ && !slot[at_].newer && slot[at_].status == FAILED && slot[at_].claim == RELEASED && slot[at_].owner != oo && !other_;
  ended_ = was_ && !slot[at_].newer && slot[at_].status == PENDING && slot[at_].left == 0 && slot[at_].owner != oo && !other_;
  strange_ = was_ && slot[at_].status == FAILED && !other_ &&
      (slot[at_].claim == DONE || (slot[at_].claim == HELD && slot[at_].left > 0 && slot[at_].owner != oo));
  old_fence_ = slot[at_].fence; old_attempt_ = slot[at_].attempt;
  wrong_ = was_ && slot[at_].status == FAILED && slot[at_].fence > 0 && slot[at_].claim == HELD;
#ifdef BELIEVES_A_STRANGERS_FAILURE
  wrong_ = 0;
#endif
  if
#ifdef EVERYTHING_CONFLICTS
  :: was_ && slot[at_].status == COMPLETED -> answer_ = CONFLICT
#endif
#ifndef CLAIM_IGNORES_PAYLOAD
  :: other_ -> answer_ = CONFLICT
#endif
  :: else -> skip
  fi;
  if
  :: answer_ == NO_ANSWER && was_ && IS_NEWER(at_) && slot[at_].status != COMPLETED ->
     /* Until it is completed or its TTL is over. */
     answer_ = IN_PROGRESS
  :: else -> skip
  fi;
  if
  :: answer_ == NO_ANSWER && slot[at_].status == FAILED && IS_SHARED(kk) && at_ == 2 * kk && slot[at_].claim == DONE ->
#ifndef BELIEVES_A_STRANGERS_FAILURE
     /* Ours have completed it; another kind of worker has marked it as failed. */
     slot[at_].status = COMPLETED; slot[at_].life = FOREVER
#else
     skip
#endif
  :: else -> skip
  fi;
  if
  :: answer_ != NO_ANSWER -> skip
  :: answer_ == NO_ANSWER && COUNTS_AS_DONE(slot[at_].status) ->
     if
     :: IS_SHARED(kk) && at_ == 2 * kk && slot[at_].claim == HELD && slot[at_].life != FOREVER -> slot[at_].life = FOREVER
     :: else -> skip
     fi;
     answer_ = DUPLICATE; told_ = slot[at_].result;
#ifdef FOREIGN_RESULT
     told_ = slot[2 * (KEYS - 1 - kk)].result;
#endif
  :: else -> skip
  fi;
  if
  :: answer_ == NO_ANSWER && was_ && slot[at_].status == FAILED && !wrong_ && slot[at_].owner == oo ->
     /* Our own claim, sent again, after its body has failed: nobody waits for this answer. */
     answer_ = IN_PROGRESS; left_told_ = 0
  :: answer_ == NO_ANSWER && was_ && (slot[at_].status == PENDING || wrong_) && IS_OWN(slot[at_].owner, oo) ->
     HOLDS(38, !slot[at_].newer);
     slot[at_].status = PENDING;
     if
     :: IS_SHARED(kk) -> slot[at_].life = LEASE
     :: else -> skip
     fi;
     slot[at_].left = LEASE; slot[at_].claim = HELD; answer_ = NEW
  :: answer_ == NO_ANSWER && was_ && (slot[at_].status == PENDING || wrong_) && !IS_OWN(slot[at_].owner, oo) ->
#ifndef TRUSTS_THE_CLOCK
     /* One that lies too far ahead: the clock was set back. A record without claim has its lease from the end of a second on. */
     if
     :: slot[at_].left > LEASE + (slot[at_].fence == 0 -> 1 : 0) ->
        HOLDS(38, !slot[at_].newer);
        slot[at_].left = LEASE + (slot[at_].fence == 0 -> 1 : 0);
        slot[at_].life = (IS_SHARED(kk) && slot[at_].fence > 0 -> slot[at_].left : slot[at_].life)
     :: else -> skip
     fi;
#endif
     if
     :: RUNS_ON(slot[at_].left) ->
        if
        :: wrong_ -> slot[at_].status = PENDING; slot[at_].life = (IS_SHARED(kk) -> slot[at_].left : slot[at_].life)
        :: else -> skip
        fi;
        answer_ = IN_PROGRESS; left_told_ = slot[at_].left
     :: else -> skip
     fi
  :: else -> skip
  fi;
  if
  :: answer_ == NO_ANSWER ->
     /* Granted: the first claim, a takeover, or a retry of a failed one. */
     if
     :: was_ && IS_SHARED(kk) ->
        if
        :: slot[at_].fence == 0 && at_ == 2 * kk && HERE(NOTE(kk)) ->
           /* Another worker's record took the place of one of ours that had failed. */
           old_attempt_ = slot[NOTE(kk)].attempt; old_fence_ = slot[NOTE(kk)].fence
        :: else -> skip
        fi;
        clear(NOTE(kk))
     :: else -> skip
     fi;
     reading_ = (behind > 0 -> 1 : facts[kk].highest + 1);
     if
     :: was_ && old_fence_ > 0 ->
#ifdef FENCE_STANDS_STILL
        reading_ = old_fence_;
#else
        old_attempt_ = (old_attempt_ == 0 -> 1 : old_attempt_) + 1;
        reading_ = (old_fence_ >= reading_ -> old_fence_ + 1 : reading_)
#endif
     :: else -> old_attempt_ = 1
     fi;
     HOLDS(6, !held_);
     HOLDS(38, !slot[at_].newer);
     HOLDS(12, !was_ || facts[kk].forgotten || reading_ > facts[kk].highest);
     HOLDS(13, !was_ || old_fence_ == 0 || old_attempt_ > 1);
     slot[2 * kk].status = PENDING; slot[2 * kk].ghost = 0; slot[2 * kk].newer = 0; slot[2 * kk].hash = hh; slot[2 * kk].claim = HELD; slot[2 * kk].owner = oo;
     slot[2 * kk].attempt = old_attempt_; slot[2 * kk].fence = reading_; slot[2 * kk].left = LEASE; slot[2 * kk].result = 0;
     slot[2 * kk].life = (IS_SHARED(kk) -> LEASE : FOREVER);
#ifdef PENDING_OUTLIVES_ITS_LEASE
     slot[2 * kk].life = FOREVER;
#endif
#ifdef CLAIM_COMPLETES
     slot[2 * kk].status = COMPLETED; slot[2 * kk].claim = DONE; slot[2 * kk].result = oo; slot[2 * kk].life = FOREVER;
#endif
     facts[kk].forgotten = facts[kk].forgotten && reading_ <= facts[kk].highest;
     facts[kk].highest = (reading_ > facts[kk].highest -> reading_ : facts[kk].highest);
     answer_ = NEW
  :: else -> skip
  fi;
  HOLDS(4, !free_ || answer_ == NEW);
  HOLDS(5, !ended_ || answer_ == NEW);
  HOLDS(37, !strange_ || answer_ != NEW);
  HOLDS(8, !other_ || answer_ == CONFLICT);
  HOLDS(18, !owned_ || answer_ == NEW);
  HOLDS(24, answer_ != IN_PROGRESS || left_told_ <= LEASE + (slot[at_].fence == 0 -> 1 : 0))
}

/* complete.lua: key, owner, whose result, whether the record is to be written whole if there is none, hash. */
inline script_complete(kk, oo, vv, whole, hh) {
  at_ = 2 * kk;
  if
  :: slot[2 * kk].claim == NO_CLAIM && !HERE(2 * kk) && IS_SHARED(kk) && HERE(NOTE(kk)) -> at_ = NOTE(kk)
  :: else -> skip
  fi;
  if
  :: HERE(at_) ->
     if
     :: !IS_NEWER(at_) && MAY_COMPLETE(slot[at_].owner, slot[at_].status, oo) ->
        HOLDS(38, !slot[at_].newer);
        if
        :: at_ == NOTE(kk) -> clear(2 * kk); move(NOTE(kk), 2 * kk)
        :: else -> skip
        fi;
        HOLDS(14, slot[2 * kk].owner == oo);
        slot[2 * kk].status = COMPLETED; slot[2 * kk].claim = DONE; slot[2 * kk].life = FOREVER; slot[2 * kk].left = 0; slot[2 * kk].result = vv;
#ifdef SHORT_MEMORY
        slot[2 * kk].life = LEASE;
#endif
        answer_ = APPLIED
     :: else -> answer_ = REFUSED
     fi
  :: !HERE(at_) && !whole -> answer_ = IS_ABSENT
  :: else ->
#ifdef COMPLETE_NEEDS_A_RECORD
     answer_ = REFUSED
#else
     reading_ = (behind > 0 -> 1 : facts[kk].highest + 1);
     clear(2 * kk);
     slot[2 * kk].status = COMPLETED; slot[2 * kk].hash = hh; slot[2 * kk].claim = DONE; slot[2 * kk].owner = oo; slot[2 * kk].fence = reading_;
     slot[2 * kk].life = FOREVER; slot[2 * kk].result = vv;
     facts[kk].highest = (reading_ > facts[kk].highest -> reading_ : facts[kk].highest);
     answer_ = GONE
#endif
  fi
}

/* fail.lua: key, owner. */
inline script_fail(kk, oo) {
  at_ = 2 * kk;
  if
  :: !HERE(2 * kk) && IS_SHARED(kk) -> at_ = NOTE(kk)
  :: else -> skip
  fi;
  if
  :: !HERE(at_) -> answer_ = GONE
  :: HERE(at_) && (IS_NEWER(at_) || !MAY_FAIL(slot[at_].owner, slot[at_].status, slot[at_].claim, oo)) -> answer_ = REFUSED
  :: else ->
     HOLDS(38, !slot[at_].newer);
     HOLDS(15, slot[at_].owner == oo);
     HOLDS(21, slot[at_].status != COMPLETED);
     if
#ifndef FAILED_STAYS_IN_PLACE
     :: IS_SHARED(kk) && at_ == 2 * kk -> clear(NOTE(kk)); move(2 * kk, NOTE(kk)); at_ = NOTE(kk)
#endif
     :: else -> skip
     fi;
     slot[at_].attempt = (slot[at_].attempt == 0 -> 1 : slot[at_].attempt);
     slot[at_].claim = RELEASED; slot[at_].left = 0; slot[at_].status = FAILED; slot[at_].life = FOREVER;
     answer_ = APPLIED
  fi
}

/* renew.lua: key, owner. */
inline script_renew(kk, oo) {
  if
  :: !HERE(2 * kk) -> answer_ = (IS_SHARED(kk) && HERE(NOTE(kk)) -> REFUSED : GONE)
  :: HERE(2 * kk) && (IS_NEWER(2 * kk) || !MAY_RENEW(slot[2 * kk].owner, oo) || slot[2 * kk].claim != HELD) -> answer_ = REFUSED
  :: else ->
     HOLDS(38, !slot[2 * kk].newer);
     HOLDS(16, slot[2 * kk].owner == oo);
     slot[2 * kk].left = LEASE;
     if
     :: IS_SHARED(kk) && slot[2 * kk].status != COMPLETED || slot[2 * kk].life < LEASE -> slot[2 * kk].life = LEASE
     :: else -> skip
     fi;
     slot[2 * kk].status = (slot[2 * kk].status == FAILED -> PENDING : slot[2 * kk].status);
     answer_ = APPLIED
  fi
}

/* delete.lua, with an owner: gives a claim back. */
inline script_give_back(kk, oo) {
  if
  :: HERE(2 * kk) && slot[2 * kk].status == PENDING && !IS_NEWER(2 * kk) && MAY_GIVE_BACK(slot[2 * kk].owner, oo) ->
     HOLDS(38, !slot[2 * kk].newer);
     HOLDS(17, slot[2 * kk].owner == oo);
     facts[kk].forgotten = 1;
     clear(2 * kk);
     if
     :: IS_SHARED(kk) -> clear(NOTE(kk))
     :: else -> skip
     fi;
     answer_ = APPLIED
  :: else -> answer_ = REFUSED
  fi
}

/* A third of a lease passes, by the clock of Redis. */
inline time_passes() {
  i_ = 0;
  do
  :: i_ < 2 * KEYS ->
     if
     :: slot[i_].status != ABSENT ->
        slot[i_].left = (slot[i_].left > 0 -> slot[i_].left - 1 : 0);
        if
        :: slot[i_].life != FOREVER -> slot[i_].life--
        :: else -> skip
        fi;
        if
        :: slot[i_].life == 0 -> facts[i_ / 2].forgotten = 1; clear(i_)
        :: else -> skip
        fi
     :: else -> skip
     fi;
     i_++
  :: else -> break
  od;
  behind = (behind > 0 -> behind - 1 : 0);
  i_ = 0
}

/* The clock of Redis is set forward by more than a lease. */
inline clock_forward() {
  i_ = 0;
  do
  :: i_ < 2 * KEYS ->
     slot[i_].left = 0;
     if
     :: slot[i_].status != ABSENT && slot[i_].life != FOREVER -> facts[i_ / 2].forgotten = 1; clear(i_)
     :: else -> skip
     fi;
     i_++
  :: else -> break
  od;
  behind = 0; i_ = 0
}

/* The clock of Redis is set back by JUMP ticks: whatever it had set to a point in time is so much further away. */
inline clock_back() {
  i_ = 0;
  do
  :: i_ < 2 * KEYS ->
     if
     :: slot[i_].status == PENDING || slot[i_].claim == HELD ->
        slot[i_].left = (slot[i_].left > 0 || slot[i_].status == PENDING -> slot[i_].left + JUMP : 0)
     :: else -> skip
     fi;
     if
     :: slot[i_].status != ABSENT && slot[i_].life != FOREVER -> slot[i_].life = slot[i_].life + JUMP
     :: else -> skip
     fi;
     i_++
  :: else -> break
  od;
  behind = JUMP; i_ = 0
}
