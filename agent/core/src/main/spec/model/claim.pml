/*
 * The claim protocol: workers that claim, run, complete, fail, renew, wait, give back and take over, over a network and a Redis on a bad
 * day. record.pml has the record and its scripts. The numbers in HOLDS are those of PROPERTIES.md.
 *
 * One key is enough for most of it: a script sees the names of one record alone, and the guard decides by record. MIXED has two, one of a
 * scope and one that is shared, for what a mistake could carry from one to the other. Workers are alike, so their first calls begin in
 * the order of their numbers, and the first payload of all is 0: each other run is one of these with other names.
 *
 * -DWORKERS=3  workers, each with one call after the other     -DCALLS=1    calls of each
 * -DFAULTS=2   how many of the faults below happen in one run   -DSHARED     the record is shared: it has a failed note, and lives as
 * -DMIXED      two keys                                                      long as its lease
 * -DFIVE       one worker with five fields besides (with SHARED)
 * -DNEWER      one worker of a newer version besides
 *
 * Faults, each at any time: a command or its reply is lost, a command comes late, or once more later, a reply is slow; a worker dies; a
 * worker is paused for as long as it likes; Redis loses a record; the clock of Redis is set forward or back. -DWITHOUT_... leaves one out.
 *
 * Time: a tick is a third of a lease. No tick passes while a worker that lives and is not paused has something to send, which is what
 * RECORD.md asks of a worker that is no longer than a lease from the store: it renews each third, and sends what it has to say at once.
 * A body may take any number of ticks, and a tick may come before, between and after all else.
 */

#ifndef WORKERS
#define WORKERS 2
#endif
#ifndef CALLS
#define CALLS 1
#endif
#ifndef FAULTS
#define FAULTS 1
#endif
#define LONGEST_WAIT 4
#define SAY printf

#include "record.pml"

/* What a worker is at. */
#define IDLE 0
#define ASKS 1        /* has to claim, now */
#define ANSWERED 2    /* the reply to its claim is on its way */
#define WAITS 3
#define RUNS 4
#define COMPLETES 5   /* its body has ended well; Redis is to be told */
#define FAILS 6       /* its body has failed, or its call was refused; Redis is to be told */
#define GIVES_BACK 7  /* its call was cancelled before its body began; Redis is to be told */

typedef Work {
  unsigned at : 3;
  bit dead;
  bit paused;
  bit busy;             /* has something to do before time passes */
  unsigned age : 2;     /* ticks since it last asked for its lease, up to LEASE */
  unsigned waited : 3;  /* ticks that its call has waited */
  unsigned ready : 2;   /* ticks since the record that it waits for is free or completed */
  bit key;
  bit hash;
  unsigned token : 4;   /* of its call */
  unsigned calls : 2    /* that it has begun */
}

Work w[WORKERS];

unsigned faults : 3 = FAULTS;
unsigned started : 3;

/* One command that is still on its way, and comes when it likes. */
#define COMPLETE COMPLETES
#define FAIL FAILS
#define GIVE_BACK GIVES_BACK
#define CLAIM ASKS
#define RENEW RUNS
unsigned late : 3;
bit late_key, late_hash, late_whole;
unsigned late_token : 4;

#ifdef FIVE
unsigned five_at : 3;   /* IDLE, RUNS, COMPLETES: the worker with five fields */
unsigned five_age : 2;
#define FIVE_IS_DONE (five_at == FAILS)
#else
#define FIVE_IS_DONE 1
#endif
#ifdef NEWER
unsigned newer_at : 3;  /* IDLE, RUNS, FAILS: the worker of a newer version; at FAILS it is done */
#define NEWER_IS_DONE (newer_at == FAILS)
#else
#define NEWER_IS_DONE 1
#endif
#define OTHERS_ARE_DONE (FIVE_IS_DONE && NEWER_IS_DONE)

/* For the checks: tokens of calls, as bits. */
short ended;              /* whose body ran to its end */
short of_other_payload;   /* which have payload 1 */
short of_other_key;       /* which have key 1 */

#define BIT(set, tt) ((set >> (tt)) & 1)
#ifdef NEWER
#define NEWER_TOKEN (WORKERS * CALLS + 1)
#define LAST_TOKEN (WORKERS * CALLS + 2)
#else
#define LAST_TOKEN (WORKERS * CALLS + 1)
#endif

inline excuse(kk) { facts[kk].excuses = (facts[kk].excuses < 15 -> facts[kk].excuses + 1 : 15) }

inline begin_call(kk, hh, tt) {
  facts[kk].seen0 = facts[kk].seen0 || hh == 0; facts[kk].seen1 = facts[kk].seen1 || hh == 1;
  of_other_payload = of_other_payload | (hh << tt);
  of_other_key = of_other_key | (kk << tt)
}

inline body_begins(kk) {
  facts[kk].running++;
  HOLDS(2, facts[kk].running <= 1 + facts[kk].excuses)
}

inline body_ends(kk, tt) {
  facts[kk].running--; facts[kk].ran++;
  ended = ended | (1 << tt);
  HOLDS(3, facts[kk].ran <= 1 + facts[kk].excuses)
}

inline duplicate(kk, hh) {
  HOLDS(1, facts[kk].ran > 0);
#ifdef FIVE
  HOLDS(11, told_ == 0 || BIT(ended, told_))
#else
  HOLDS(11, told_ > 0 && told_ <= LAST_TOKEN && BIT(ended, told_) && BIT(of_other_key, told_) == kk);
  HOLDS(10, told_ == 0 || told_ > LAST_TOKEN || BIT(of_other_payload, told_) == hh)
#endif
}

#ifdef MIXED
#define CHOOSE_KEY if :: w[_pid].key = 0 :: w[_pid].key = 1 fi
#else
#define CHOOSE_KEY skip
#endif
#ifdef ONE_PAYLOAD
#define CHOOSE_PAYLOAD skip
#else
#define CHOOSE_PAYLOAD if :: w[_pid].hash = 0 :: started > 1 -> w[_pid].hash = 1 fi
#endif

#define K w[_pid].key
#define H w[_pid].hash
#define T w[_pid].token
#define AT w[_pid].at

/* The command is lost before Redis has it, or it comes late; whoever sent it hears nothing. */
inline send_in_vain(command, whole) {
  faults--;
  if
  :: skip
#ifndef WITHOUT_LATE
  :: late == 0 -> late = command; late_key = K; late_hash = H; late_token = T; late_whole = whole
#endif
  fi
}

inline end_call() {
  w[_pid].busy = 0; w[_pid].age = 0; w[_pid].waited = 0; w[_pid].ready = 0; w[_pid].hash = 0; w[_pid].key = 0; w[_pid].token = 0; AT = IDLE;
  asked_again = 0; unheard = 0; whole = 0; said = 0; heard = NO_ANSWER; result = 0
}

#ifdef BELIEVES_LATE_ANSWERS
#define IS_LATE 0
#else
#define IS_LATE (w[_pid].age == LEASE)
#endif

/* Admittance.decide */
inline take_answer() {
  if
  :: heard == NEW && IS_LATE && asked_again ->
     SAY("worker %d: the answer is later than the lease once more; the call is refused\n", _pid);
     w[_pid].busy = 1; AT = FAILS
  :: heard == NEW && IS_LATE && !asked_again ->
     SAY("worker %d: the answer is later than the lease; asks again\n", _pid);
     asked_again = 1; w[_pid].age = 0; w[_pid].busy = 1; AT = ASKS
  :: heard == NEW && !IS_LATE ->
     if
     :: SAY("worker %d: its body begins\n", _pid);
        d_step { body_begins(K); w[_pid].busy = (w[_pid].age > 0); AT = RUNS; unheard = 0 }
#ifndef WITHOUT_GIVING_BACK
     :: SAY("worker %d: the call is cancelled before its body begins\n", _pid); w[_pid].busy = 1; AT = GIVES_BACK
#endif
     fi
  :: heard == DUPLICATE -> d_step { told_ = result; duplicate(K, H) }; SAY("worker %d: has a duplicate\n", _pid); end_call()
  :: heard == CONFLICT -> HOLDS(9, (H == 0 && facts[K].seen1) || (H == 1 && facts[K].seen0)); SAY("worker %d: has a conflict\n", _pid); end_call()
  :: heard == IN_PROGRESS ->
     if
     :: SAY("worker %d: waits\n", _pid); AT = WAITS; w[_pid].busy = 0; w[_pid].age = 0
     :: SAY("worker %d: does not wait for the other\n", _pid); end_call()
     fi
  fi;
  heard = NO_ANSWER; result = 0
}

hidden byte j_, k_;
hidden byte h_;

active [WORKERS] proctype Worker() provided (!w[_pid].paused && !w[_pid].dead) {
  bit asked_again, unheard, whole, said;
  unsigned heard : 4;
  unsigned result : 4;

end: do
  :: atomic { AT == IDLE && w[_pid].calls < CALLS && (w[_pid].calls > 0 || started == _pid) ->
       if
       :: w[_pid].calls == 0 -> started++
       :: else -> skip
       fi;
       w[_pid].calls++;
       CHOOSE_KEY; CHOOSE_PAYLOAD;
       d_step { T = _pid * CALLS + w[_pid].calls; begin_call(K, H, T); w[_pid].busy = 1; AT = ASKS };
       SAY("worker %d: a call of key %d with payload %d\n", _pid, K, H)
     }

  :: atomic { AT == ASKS ->
       d_step { script_claim(K, H, T); heard = answer_; result = told_ };
       SAY("worker %d: claims key %d, answer %d, attempt %d, fence %d\n", _pid, K, heard, slot[2 * K].attempt, slot[2 * K].fence);
       if
       :: take_answer()
#ifndef WITHOUT_SLOW
       :: faults > 0 && heard == NEW -> SAY("worker %d: the reply is slow\n", _pid); faults--; w[_pid].busy = 0; AT = ANSWERED
#endif
       fi
     }
  :: atomic { AT == ASKS && faults > 0 ->
       if
       :: SAY("worker %d: a claim is lost or late\n", _pid); send_in_vain(CLAIM, 0)
       :: SAY("worker %d: the reply to a claim is lost\n", _pid); d_step { script_claim(K, H, T); faults-- }
       fi;
       unheard = 1
     }
  :: atomic { AT == ASKS && unheard -> SAY("worker %d: gives up; the call is refused\n", _pid); AT = FAILS }
  :: atomic { AT == ANSWERED -> take_answer() }

#ifndef WAITS_FOR_EVER
  :: atomic { AT == WAITS -> AT = ASKS; w[_pid].age = 0; w[_pid].ready = 0; w[_pid].busy = 1; asked_again = 0 }
#endif
  :: atomic { AT == WAITS && w[_pid].waited == LONGEST_WAIT -> SAY("worker %d: gives up waiting\n", _pid); end_call() }

  :: atomic { AT == RUNS && w[_pid].busy ->
#ifdef NO_RENEWAL
       w[_pid].busy = 0
#else
       d_step { script_renew(K, T) };
       SAY("worker %d: renews, answer %d\n", _pid, answer_);
       w[_pid].age = 0; w[_pid].busy = 0
#endif
     }
  :: atomic { AT == RUNS && w[_pid].busy && w[_pid].age == 1 && faults > 0 ->
       SAY("worker %d: a renewal is lost or late\n", _pid); send_in_vain(RENEW, 0); w[_pid].busy = 0
     }
  :: atomic { AT == RUNS ->
       if
       :: d_step { body_ends(K, T); AT = COMPLETES; w[_pid].busy = 1 }; SAY("worker %d: its body ends well\n", _pid)
       :: d_step { facts[K].running--; AT = FAILS; w[_pid].busy = 1 }; SAY("worker %d: its body fails\n", _pid)
       fi
     }

  :: atomic { AT == COMPLETES ->
       d_step {
         heard = HERE(2 * K) && slot[2 * K].owner == T && said;
         script_complete(K, T, T, whole, H);
         HOLDS(19, !heard || answer_ == APPLIED);
         HOLDS(22, answer_ != REFUSED || HERE(2 * K) || (IS_SHARED(K) && HERE(NOTE(K))));
         heard = answer_
       };
       SAY("worker %d: completes, answer %d\n", _pid, heard);
       if
       :: heard == IS_ABSENT -> whole = 1; heard = NO_ANSWER
       :: else -> end_call()
       fi
     }
  :: atomic { AT == COMPLETES && faults > 0 ->
       if
       :: SAY("worker %d: a completion is lost or late\n", _pid); send_in_vain(COMPLETE, whole)
       :: SAY("worker %d: the reply to a completion is lost\n", _pid);
          d_step { script_complete(K, T, T, whole, H); faults--; said = (answer_ == APPLIED || answer_ == GONE) }
       fi;
#ifdef FORGETS_COMPLETIONS
       end_call()
#endif
     }

  :: atomic { AT == FAILS -> d_step { script_fail(K, T) }; SAY("worker %d: fails, answer %d\n", _pid, answer_); end_call() }
  :: atomic { AT == FAILS && faults > 0 ->
       if
       :: SAY("worker %d: a failure is lost or late\n", _pid); send_in_vain(FAIL, 0)
       :: SAY("worker %d: the reply to a failure is lost\n", _pid); d_step { script_fail(K, T); faults-- }
       fi
     }
#ifndef WITHOUT_GIVING_BACK
  :: atomic { AT == GIVES_BACK -> d_step { script_give_back(K, T) }; SAY("worker %d: gives its claim back\n", _pid); end_call() }
  :: atomic { AT == GIVES_BACK && faults > 0 ->
       SAY("worker %d: what gives the claim back is lost or late\n", _pid); send_in_vain(GIVE_BACK, 0)
     }
#endif
  od
}

#ifdef FIVE
/* A worker with five fields and a script of its own, which knows neither leases nor the failed note, and takes each record for done. */
active proctype Five() {
  bit begun;
end: do
  :: atomic { five_at == IDLE && !begun ->
       begun = 1;
       d_step {
         if
         :: HERE(0) ->
            /* It acknowledges the message. record.md: "one case too early", while another worker's claim runs. */
            HOLDS(35, slot[0].status != FAILED || slot[0].claim != RELEASED);
            HOLDS(36, slot[0].status != PENDING || slot[0].claim != HELD || slot[0].left > 0);
            five_at = FAILS
         :: else ->
            clear(0); slot[0].status = PENDING; slot[0].left = LEASE + 1; slot[0].life = FOREVER;
            facts[0].seen0 = 1; five_at = RUNS; five_age = 0; body_begins(0)
         fi
       };
       SAY("worker with five fields: finds the key %d (1: free, 6: taken)\n", five_at)
     }
  :: atomic { five_at == RUNS ->
       if
       :: d_step { facts[0].running--; facts[0].ran++; HOLDS(3, facts[0].ran <= 1 + facts[0].excuses); five_at = COMPLETES };
          SAY("worker with five fields: its body ends well\n")
       :: d_step { facts[0].running--; five_at = GIVES_BACK }; SAY("worker with five fields: its body fails\n")
       fi
     }
  /* It writes to whatever is there, also to a key that has expired: then only these fields are there. */
  :: atomic { five_at == COMPLETES ->
       d_step {
         slot[0].ghost = slot[0].ghost || slot[0].status == ABSENT;
         slot[0].status = COMPLETED; slot[0].life = FOREVER; five_at = FAILS
       };
       SAY("worker with five fields: writes completed\n")
     }
  :: atomic { five_at == GIVES_BACK ->
       d_step {
         slot[0].ghost = slot[0].ghost || slot[0].status == ABSENT;
         slot[0].status = FAILED; slot[0].life = FOREVER; five_at = FAILS
       };
       SAY("worker with five fields: writes failed\n")
     }
  od
}
#endif

#ifdef NEWER
/*
 * A worker of a newer version. It knows the records of this one and claims as this one does, but what it writes has its own version, and
 * how it renews and takes over is its own affair. It may also put a record of ours into its form, which ends the lease of our call.
 */
active proctype Newer() {
end: do
  :: atomic { newer_at == IDLE ->
       if
       :: d_step {
            begin_call(0, 0, NEWER_TOKEN);
            script_claim(0, 0, NEWER_TOKEN);
            if
            :: answer_ == NEW -> slot[0].newer = 1; slot[0].life = FOREVER; body_begins(0); newer_at = RUNS
            :: else -> newer_at = FAILS
            fi
          };
          SAY("worker of a newer version: claims, answer %d\n", answer_)
       :: HERE(0) && slot[0].status == PENDING ->
          d_step { slot[0].newer = 1; slot[0].life = FOREVER; excuse(0); newer_at = FAILS };
          SAY("worker of a newer version: puts the record into its form\n")
       fi
     }
  :: atomic { newer_at == RUNS ->
       if
       :: d_step {
            body_ends(0, NEWER_TOKEN);
            if
            :: HERE(0) && slot[0].owner == NEWER_TOKEN -> slot[0].status = COMPLETED; slot[0].claim = DONE; slot[0].result = NEWER_TOKEN
            :: else -> skip
            fi;
            newer_at = FAILS
          };
          SAY("worker of a newer version: its body ends well\n")
       :: d_step {
            facts[0].running--;
            if
            :: HERE(0) && slot[0].owner == NEWER_TOKEN -> slot[0].status = FAILED; slot[0].claim = RELEASED
            :: else -> skip
            fi;
            newer_at = FAILS
          };
          SAY("worker of a newer version: its body fails\n")
       :: d_step { facts[0].running--; newer_at = FAILS };
          SAY("worker of a newer version: dies\n")
       fi
     }
  od
}
#endif

/* Commands that come late. */
active proctype Network() {
end: do
  :: atomic { late != 0 ->
       SAY("network: a late command %d of call %d arrives\n", late, late_token);
       d_step {
         if
         :: late == CLAIM -> script_claim(late_key, late_hash, late_token)
         :: late == COMPLETE -> script_complete(late_key, late_token, late_token, late_whole, late_hash)
         :: late == FAIL -> script_fail(late_key, late_token)
         :: late == RENEW -> script_renew(late_key, late_token)
         :: late == GIVE_BACK -> script_give_back(late_key, late_token)
         fi;
         late = 0; late_key = 0; late_hash = 0; late_token = 0; late_whole = 0
       }
     }
  od
}

#define MAY_PASS(i) (!w[i].busy || w[i].paused || w[i].dead)
#if WORKERS == 1
#define TIME_MAY_PASS MAY_PASS(0)
#define ALL(what) (what(0))
#elif WORKERS == 2
#define TIME_MAY_PASS (MAY_PASS(0) && MAY_PASS(1))
#define ALL(what) (what(0) && what(1))
#else
#define TIME_MAY_PASS (MAY_PASS(0) && MAY_PASS(1) && MAY_PASS(2))
#define ALL(what) (what(0) && what(1) && what(2))
#endif
#define IS_OVER(i) (w[i].dead || (w[i].at == IDLE && w[i].calls == CALLS))

inline tick() {
  time_passes();
  j_ = 0;
  do
  :: j_ < WORKERS && !w[j_].dead && w[j_].at != IDLE ->
     if
     :: w[j_].age < LEASE && w[j_].at != WAITS ->
        w[j_].age++;
        if
        :: w[j_].age == LEASE && (w[j_].at == RUNS || w[j_].at == COMPLETES) && w[j_].paused -> excuse(w[j_].key)
        :: else -> skip
        fi
     :: else -> skip
     fi;
     if
     :: w[j_].at == RUNS -> w[j_].busy = 1;
        HOLDS(7, w[j_].paused || facts[w[j_].key].excuses > 0
            || (HERE(2 * w[j_].key) && slot[2 * w[j_].key].owner == w[j_].token && slot[2 * w[j_].key].left > 0))
     :: w[j_].at == WAITS ->
        w[j_].waited = (w[j_].waited < LONGEST_WAIT -> w[j_].waited + 1 : LONGEST_WAIT);
#ifndef WAITS_FOR_EVER
        w[j_].busy = 1;
#endif
        k_ = 2 * w[j_].key;
        if
        :: HERE(k_) && ((slot[k_].status == PENDING && slot[k_].left > 0) || (slot[k_].newer && slot[k_].status != COMPLETED)) ->
           w[j_].ready = 0
        :: else -> w[j_].ready = (w[j_].paused || w[j_].ready == 3 -> w[j_].ready : w[j_].ready + 1)
        fi;
        HOLDS(30, w[j_].ready <= 2)
     :: else -> skip
     fi;
     j_++
  :: j_ < WORKERS && (w[j_].dead || w[j_].at == IDLE) -> j_++
  :: j_ >= WORKERS -> break
  od;
#ifdef FIVE
  if
  :: five_at != IDLE && five_age < LEASE ->
     five_age++;
     if
     :: five_age == LEASE && five_at != FAILS -> excuse(0)
     :: else -> skip
     fi
  :: else -> skip
  fi;
#endif
  j_ = 0; k_ = 0
}

inline lose(kk) {
  if
  :: HERE(2 * kk) || HERE(NOTE(kk)) -> excuse(kk)
  :: else -> skip
  fi;
  facts[kk].forgotten = 1;
  clear(2 * kk); clear(NOTE(kk))
}

/* The last call of a key, when everything else is over: it is granted, or hears that all is done. */
inline look_at(kk) {
  h_ = (HERE(2 * kk) -> slot[2 * kk].hash : slot[NOTE(kk)].hash);
  script_claim(kk, h_, LAST_TOKEN);
  if
  :: answer_ == IN_PROGRESS ->
     j_ = left_told_;
     do
     :: j_ > 0 -> time_passes(); j_--
     :: else -> break
     od;
     h_ = (HERE(2 * kk) -> slot[2 * kk].hash : slot[NOTE(kk)].hash);
     script_claim(kk, h_, LAST_TOKEN)
  :: else -> skip
  fi;
  /* A newer record is in progress until its TTL is over. */
  HOLDS(32, answer_ == NEW || answer_ == DUPLICATE || slot[2 * kk].newer);
  HOLDS(20, facts[kk].ran == 0 || facts[kk].excuses > 0 || answer_ == DUPLICATE);
  if
  :: answer_ == NEW -> begin_call(kk, h_, LAST_TOKEN); body_begins(kk); body_ends(kk, LAST_TOKEN)
  :: answer_ == DUPLICATE -> duplicate(kk, h_)
  :: else -> skip
  fi;
  j_ = 0
}

inline die(i) {
  if
  :: w[i].at == RUNS -> facts[w[i].key].running--
  :: w[i].at == COMPLETES -> excuse(w[i].key)
  :: else -> skip
  fi;
  /* Nothing of it counts any more. */
  w[i].dead = 1; w[i].at = IDLE; w[i].calls = CALLS; w[i].busy = 0; w[i].age = 0; w[i].waited = 0; w[i].ready = 0; w[i].key = 0;
  w[i].hash = 0; w[i].token = 0
}

/* What can happen to a worker in a call. */
#ifdef WITHOUT_PAUSE
#define MAY_PAUSE 0
#else
#define MAY_PAUSE 1
#endif
#ifdef WITHOUT_CRASH
#define MAY_DIE 0
#else
#define MAY_DIE 1
#endif
#define STRIKES(i) :: atomic { faults > 0 && MAY_PAUSE && !w[i].dead && !w[i].paused && w[i].at != IDLE -> \
       SAY("world: worker %d is paused\n", i); faults--; w[i].paused = 1 } \
  :: atomic { w[i].paused -> SAY("world: worker %d goes on\n", i); w[i].paused = 0 } \
  :: atomic { faults > 0 && MAY_DIE && !w[i].dead && !w[i].paused && w[i].at != IDLE -> \
       SAY("world: worker %d dies\n", i); faults--; d_step { die(i) } }

active proctype World() {
end: do
  :: atomic { TIME_MAY_PASS && !(ALL(IS_OVER) && OTHERS_ARE_DONE) -> SAY("time: a third of a lease passes\n"); d_step { tick() } }

  STRIKES(0)
#if WORKERS > 1
  STRIKES(1)
#endif
#if WORKERS > 2
  STRIKES(2)
#endif
#ifndef WITHOUT_LOSS
  :: atomic { faults > 0 && (slot[0].status != ABSENT || slot[1].status != ABSENT) ->
       SAY("world: Redis loses key 0\n"); d_step { faults--; lose(0) }
     }
#ifdef MIXED
  :: atomic { faults > 0 && (slot[2].status != ABSENT || slot[3].status != ABSENT) ->
       SAY("world: Redis loses key 1\n"); d_step { faults--; lose(1) }
     }
#endif
#endif
#ifndef WITHOUT_JUMP
  :: atomic { faults > 0 && started > 0 ->
       SAY("world: the clock of Redis is set forward\n");
       d_step {
         faults--; clock_forward();
         excuse(0);
#ifdef MIXED
         excuse(1)
#endif
       }
     }
  :: atomic { faults > 0 && started > 0 && behind == 0 ->
       SAY("world: the clock of Redis is set back\n"); d_step { faults--; clock_back() }
     }
#endif
  :: atomic { ALL(IS_OVER) && OTHERS_ARE_DONE && late == 0 ->
       SAY("all is over; a last call\n");
       d_step { look_at(0) };
#ifdef MIXED
       d_step { look_at(1) };
#endif
       break
     }
  od
}
