/*
 * The guard of one process whose way to Redis is cut and comes back, beside a worker of another process that keeps its own. record.pml has
 * the record and its scripts; this file has what Admittance, GuardedStore, StoreBreaker and PendingUpdates decide, in the same order.
 *
 * Two threads of the process have one call after the other of one key: calls of other keys are apart in each of these classes, but for
 * the breaker, which counts failures of any key.
 *
 * -DCALLS=2    calls of each thread      -DTHROW      on-store-failure=throw; else it is proceed
 * -DOUTAGES=2  how often the way is cut  -DLOST=1     how many replies are lost besides
 *
 * Time passes as in claim.pml. A body of a call that owns its key renews whenever it can. Where the way is cut
 * until a lease of this process is over, that is an excuse.
 */

#define WORKERS 2
#ifndef CALLS
#define CALLS 2
#endif
#ifndef OUTAGES
#define OUTAGES 1
#endif
#ifndef LOST
#define LOST 1
#endif
#define SAY printf
#define FAILURES_TO_OPEN 2

#define KEPT

#include "record.pml"

#define IDLE 0
#define MEETS 1
#define FOLLOWS 2
#define ASKS 3
#define HOLDS_ON 4
#define RUNS 5

typedef Thread {
  unsigned at : 3;
  bit hash;
  bit patient;          /* on-in-progress=wait; else throw */
  bit unguarded;        /* its body runs, or is to run, without a claim of the store */
  unsigned token : 3;
  unsigned calls : 2;
  bit in_map;           /* calls of the same key and payload follow it; at most one is */
  bit gives_back;       /* a grant of its claim is still to be given back */
  bit busy;
  unsigned held : 3     /* ticks until the lease ends that another process was said to have */
}

Thread t[WORKERS];
bit up = 1;
unsigned outages : 2 = OUTAGES;
unsigned lost : 2 = LOST;
bit started;

/* StoreBreaker */
bit open;
unsigned failures : 2;

/* Records of this process: the fallback, what was completed here, and what the store could not be told. */
unsigned here_status : 2;
unsigned here_token : 3;
bit here_hash;
unsigned completed_token : 3;
bit completed_hash;
unsigned untold_token : 3;
bit untold_hash;

/* PendingUpdates: what waits is told in its order. kind, owner, whose result, payload */
#define COMPLETE 1
#define FAIL 2
#define GIVE_BACK 3
chan waiting = [6] of { byte, byte, byte, bit };

/* The worker of another process. */
unsigned other_at : 3;
bit other_begun, other_busy;
#define OTHER 5
#define LAST 6

/* For the checks. */
short ended;
short of_other_payload;
unsigned unguarded_bodies : 3;
unsigned counted : 3;
unsigned bodies_here : 2;   /* that run in this process */

#define BIT(set, tt) ((set >> (tt)) & 1)

#define AT t[_pid].at
#define H t[_pid].hash
#define T t[_pid].token

inline excuse() { facts[0].excuses = (facts[0].excuses < 15 -> facts[0].excuses + 1 : 15) }

inline begins(without_claim) {
  facts[0].running++;
  if
  :: without_claim -> excuse()
  :: else -> skip
  fi;
  HOLDS(2, facts[0].running <= 1 + facts[0].excuses)
}

inline duplicate(hh) {
  HOLDS(1, facts[0].ran > 0);
  HOLDS(11, told_ > 0 && BIT(ended, told_));
  HOLDS(10, told_ == 0 || BIT(of_other_payload, told_) == hh)
}

/* Another call of this process that runs under a claim of the store. */
#define OWNS(i) (t[i].at == RUNS && !t[i].unguarded)
#define OTHER_OWNS (OWNS(1 - _pid))

#ifdef FAILS_A_CALL_THAT_WAITS
#define FAILS_LATER 1
#else
#define FAILS_LATER (answer_ != IN_PROGRESS)
#endif

/* The store would grant the claim again, and would then be told to delete it. */
#ifdef CLAIMS_WHILE_GIVING_BACK
#define MUST_WAIT 0
#else
#define MUST_WAIT (t[_pid].gives_back)
#endif

/* Bounds what waits: a call that waits asks again each time that something may have changed. */
#define MAY_ASK_AGAIN (len(waiting) < 3)

/* GuardedStore.ownAnswer, and then the fallback: answer_ is NO_ANSWER where this process knows nothing. */
inline own_answer() {
  answer_ = NO_ANSWER; told_ = 0;
#ifndef REMEMBERS_NOTHING
  if
  :: OTHER_OWNS -> answer_ = (t[1 - _pid].hash == H -> IN_PROGRESS : CONFLICT)
  :: !OTHER_OWNS && untold_token != 0 -> answer_ = (untold_hash == H -> DUPLICATE : CONFLICT); told_ = untold_token
  :: !OTHER_OWNS && untold_token == 0 && completed_token != 0 ->
     answer_ = (completed_hash == H -> DUPLICATE : CONFLICT); told_ = completed_token
  :: else -> skip
  fi
#endif
}

/* The records of this process, for a call that may run here. */
inline ask_here() {
  if
#ifndef REMEMBERS_NOTHING
  :: here_status == ABSENT || (here_status == FAILED && here_hash == H) ->
#else
  :: true ->
#endif
     here_status = PENDING; here_token = T; here_hash = H; answer_ = NEW
  :: else ->
     if
     :: here_hash != H -> answer_ = CONFLICT
     :: here_hash == H && here_status == COMPLETED -> answer_ = DUPLICATE; told_ = here_token
     :: else -> answer_ = IN_PROGRESS
     fi
  fi
}

inline end_call() {
  t[_pid].busy = 0; t[_pid].held = 0; t[_pid].in_map = 0; t[_pid].unguarded = 0; t[_pid].hash = 0; t[_pid].patient = 0; t[_pid].gives_back = 0;
  AT = IDLE; T = 0
}

#define FORGET_ANSWERS answer_ = NO_ANSWER; told_ = 0; left_told_ = 0

inline hold_or_end() {
  if
  :: t[_pid].patient -> AT = HOLDS_ON
  :: !t[_pid].patient -> end_call()
  fi
}

inline wait_to_be_told(kind, tt, vv, hh) { waiting!kind, tt, vv, hh }

/* The call is refused, or its body runs without a claim. */
inline without_store() {
#ifdef FORGETS_WHO_HOLDS
#define KNOWS_WHO_HOLDS 0
#else
#define KNOWS_WHO_HOLDS (t[_pid].held > 0)
#endif
  d_step { own_answer() };
  if
  :: answer_ == DUPLICATE -> d_step { duplicate(H); end_call() }; SAY("thread %d: knows that it is a duplicate\n", _pid)
  :: answer_ == CONFLICT -> SAY("thread %d: knows that it is a conflict\n", _pid); end_call()
  :: answer_ == IN_PROGRESS -> SAY("thread %d: knows that the body runs in this process\n", _pid); hold_or_end()
  :: answer_ == NO_ANSWER && KNOWS_WHO_HOLDS -> SAY("thread %d: waits on for the process that holds the key\n", _pid); AT = HOLDS_ON
  :: answer_ == NO_ANSWER && !KNOWS_WHO_HOLDS ->
#if defined(THROW) && !defined(OPEN_WHEN_CLOSED)
     SAY("thread %d: the call is refused\n", _pid); end_call()
#else
     d_step { ask_here() };
     if
     :: answer_ == NEW ->
        d_step {
#ifdef THROW
          HOLDS(26, 0);
#endif
          HOLDS(28, bodies_here == 0 && completed_token == 0 && untold_token == 0);
          HOLDS(29, t[_pid].held == 0);
          t[_pid].unguarded = 1; t[_pid].in_map = 1; t[1 - _pid].in_map = 0;
          unguarded_bodies++;
#ifndef COUNTS_NOTHING_UNGUARDED
          counted++;
#endif
          bodies_here++; begins(1); AT = RUNS
        };
        SAY("thread %d: its body begins without a claim\n", _pid)
     :: answer_ == DUPLICATE -> d_step { duplicate(H); end_call() }; SAY("thread %d: a duplicate of what ran here\n", _pid)
     :: answer_ == CONFLICT -> SAY("thread %d: a conflict with what ran here\n", _pid); end_call()
     :: answer_ == IN_PROGRESS -> SAY("thread %d: its key is held here\n", _pid); hold_or_end()
     fi
#endif
  fi
}

/* GuardedStore.knownHere: a grant of the store, while this process knows better. */
inline known_here() {
  own_ = NO_ANSWER;
#ifndef BELIEVES_THE_STORE_ALONE
  if
  :: untold_token != 0 -> own_ = (untold_hash == H -> DUPLICATE : CONFLICT); told_ = untold_token
  :: untold_token == 0 && here_status == COMPLETED -> own_ = (here_hash == H -> DUPLICATE : CONFLICT); told_ = here_token
  :: untold_token == 0 && here_status == PENDING && here_token != T -> own_ = (here_hash == H -> IN_PROGRESS : CONFLICT)
  :: else -> skip
  fi
#endif
}

active [WORKERS] proctype Caller() {
  unsigned heard : 4;
  unsigned own_ : 4;

end: do
  :: atomic { AT == IDLE && t[_pid].calls < CALLS && (_pid == 0 || t[0].calls > 0) ->
       t[_pid].calls++;
       if
       :: H = 0
#ifdef TWO_PAYLOADS
       :: started -> H = 1
#endif
       fi;
       if
       :: t[_pid].patient = 1
       :: t[_pid].patient = 0
       fi;
       started = 1;
       d_step { T = _pid * CALLS + t[_pid].calls; of_other_payload = of_other_payload | (H << T); t[_pid].busy = 1; AT = MEETS };
       SAY("thread %d: call %d with payload %d\n", _pid, T, H)
     }

  /* Admittance.meet */
  :: atomic { AT == MEETS ->
       if
       :: t[1 - _pid].in_map && t[1 - _pid].hash == H && t[_pid].patient -> AT = FOLLOWS; t[_pid].busy = 0
       :: !t[1 - _pid].in_map -> t[_pid].in_map = 1; AT = ASKS; t[_pid].busy = 1
       :: t[1 - _pid].in_map && !(t[1 - _pid].hash == H && t[_pid].patient) -> AT = ASKS; t[_pid].busy = 1
       fi
     }
  :: atomic { AT == FOLLOWS && !(t[1 - _pid].in_map && t[1 - _pid].hash == H) -> AT = MEETS; t[_pid].busy = 1 }

  /* The way to the store is known to be cut, or this process knows what the store has not been told. */
  :: atomic { AT == ASKS && (untold_token != 0 || open) ->
       t[_pid].busy = 0; skip;
       if
       :: untold_token != 0 -> heard = (untold_hash == H -> DUPLICATE : CONFLICT);
          SAY("thread %d: the store has not been told yet, answer %d\n", _pid, heard);
          if
          :: heard == DUPLICATE -> d_step { told_ = untold_token; duplicate(H) }
          :: else -> skip
          fi;
          end_call()
       :: else -> without_store()
       fi;
       heard = NO_ANSWER; FORGET_ANSWERS
     }
  :: atomic { AT == ASKS && untold_token == 0 && !open && MUST_WAIT -> t[_pid].busy = 0; hold_or_end() }
  :: atomic { AT == ASKS && untold_token == 0 && !open && !MUST_WAIT && up ->
       t[_pid].busy = 0; failures = 0;
       d_step { script_claim(0, H, T); heard = answer_; known_here() };
       SAY("thread %d: claims, answer %d\n", _pid, heard);
       if
       :: heard == NEW && own_ == NO_ANSWER ->
          d_step {
            HOLDS(39, untold_token == 0 && here_status != COMPLETED && (here_status != PENDING || here_token == T));
            completed_token = 0; completed_hash = 0; t[_pid].in_map = 1; t[1 - _pid].in_map = 0; bodies_here++; begins(0); AT = RUNS
          };
          SAY("thread %d: its body begins\n", _pid)
       :: heard == NEW && own_ == DUPLICATE ->
          /* The grant is completed for the body that ran here. */
          d_step { duplicate(H) };
          SAY("thread %d: this process has run the body; it completes the grant\n", _pid);
          d_step { script_complete(0, T, told_, 1, H); untold_token = 0; untold_hash = 0 };
          end_call()
       :: heard == NEW && own_ == CONFLICT ->
          wait_to_be_told(GIVE_BACK, T, told_, H); t[_pid].gives_back = 1;
          if
          :: told_ != 0 -> untold_token = told_; untold_hash = 1 - H
          :: else -> skip
          fi;
          SAY("thread %d: a conflict with what ran here; gives the grant back\n", _pid); end_call()
       :: heard == NEW && own_ == IN_PROGRESS ->
          wait_to_be_told(GIVE_BACK, T, 0, H); t[_pid].gives_back = 1; SAY("thread %d: the body runs here; gives the grant back\n", _pid); hold_or_end()
       :: heard == DUPLICATE -> d_step { duplicate(H) }; end_call()
       :: heard == CONFLICT -> end_call()
       :: heard == IN_PROGRESS -> t[_pid].held = (t[_pid].patient -> left_told_ : 0); hold_or_end()
       fi;
       heard = NO_ANSWER; own_ = NO_ANSWER; FORGET_ANSWERS
     }
  :: atomic { AT == ASKS && untold_token == 0 && !open && !MUST_WAIT && (!up || lost > 0) ->
       t[_pid].busy = 0; skip;
       if
       :: up -> lost--; d_step { script_claim(0, H, T) }; SAY("thread %d: the reply to its claim is lost\n", _pid)
       :: !up -> SAY("thread %d: can't ask the store\n", _pid)
       fi;
       failures = (failures < FAILURES_TO_OPEN -> failures + 1 : FAILURES_TO_OPEN);
       open = (failures >= FAILURES_TO_OPEN);
#ifdef THROW
       /* The claim may have reached the store; a call that waits for one of this process may claim again. */
       d_step { own_answer() };
       if
       :: t[_pid].held == 0 && FAILS_LATER -> wait_to_be_told(FAIL, T, 0, H)
       :: t[_pid].held > 0 || !FAILS_LATER -> skip
       fi;
#endif
       without_store(); FORGET_ANSWERS
     }

  :: atomic { AT == HOLDS_ON && MAY_ASK_AGAIN -> AT = ASKS; t[_pid].busy = 1 }
  :: atomic { AT == HOLDS_ON -> SAY("thread %d: gives up waiting\n", _pid); end_call() }

  :: atomic { AT == RUNS && t[_pid].busy && !t[_pid].unguarded ->
       if
       :: up -> d_step { script_renew(0, T); answer_ = NO_ANSWER }
       :: else -> skip
       fi;
       t[_pid].busy = 0
     }
  :: atomic { AT == RUNS ->
       if
       :: d_step {
            facts[0].running--; bodies_here--; facts[0].ran++; ended = ended | (1 << T);
            HOLDS(3, facts[0].ran <= 1 + facts[0].excuses);
            completed_token = T; completed_hash = H
          };
          SAY("thread %d: its body ends well\n", _pid);
          if
          :: t[_pid].unguarded ->
             here_status = COMPLETED; here_token = T; here_hash = H;
             wait_to_be_told(COMPLETE, T, T, H); untold_token = T; untold_hash = H
          :: !t[_pid].unguarded && up && !open && (len(waiting) == 0) ->
             d_step { script_complete(0, T, T, 1, H) }
          :: !t[_pid].unguarded && (!up || open || (len(waiting) > 0) || lost > 0) ->
             if
             :: up && !open && (len(waiting) == 0) -> lost--; d_step { script_complete(0, T, T, 1, H) }
             :: else -> skip
             fi;
#ifdef FORGETS_COMPLETIONS
             completed_token = 0
#else
             wait_to_be_told(COMPLETE, T, T, H); untold_token = T; untold_hash = H
#endif
          fi
       :: d_step {
            facts[0].running--; bodies_here--;
            /* What ran without a claim has left nothing that could be there twice. */
            facts[0].excuses = (t[_pid].unguarded && facts[0].excuses > 0 -> facts[0].excuses - 1 : facts[0].excuses)
          };
          SAY("thread %d: its body fails\n", _pid);
          if
          :: t[_pid].unguarded -> here_status = FAILED; wait_to_be_told(FAIL, T, 0, H)
          :: !t[_pid].unguarded && up && !open && (len(waiting) == 0) -> d_step { script_fail(0, T) }
          :: !t[_pid].unguarded && (!up || open || (len(waiting) > 0)) -> wait_to_be_told(FAIL, T, 0, H)
          fi
       fi;
       end_call(); FORGET_ANSWERS
     }
  od
}

/* GuardedStore.told */
inline told(vv_) {
  if
  :: vv_ == untold_token -> untold_token = 0; untold_hash = 0
  :: else -> skip
  fi;
  if
  :: here_status == COMPLETED && here_token == vv_ -> here_status = ABSENT; here_token = 0; here_hash = 0
  :: else -> skip
  fi
}

/* PendingUpdates.retryAll, and the probe of StoreBreaker. */
active proctype Background() {
  byte kind, who, whose;
  bit what;
end: do
  :: atomic { up && !open && (len(waiting) > 0) ->
       waiting?kind, who, whose, what;
       d_step {
         if
         :: kind == COMPLETE -> script_complete(0, who, whose, 1, what);
            told(whose)
         :: kind == FAIL -> script_fail(0, who)
         :: else -> script_give_back(0, who);
            t[0].gives_back = t[0].gives_back && t[0].token != who;
            t[1].gives_back = t[1].gives_back && t[1].token != who;
            /* A body of another payload that ran here: the record is completed for it. */
            if
            :: whose != 0 -> script_complete(0, whose, whose, 1, 1 - what); told(whose)
            :: else -> skip
            fi
         fi
       };
       SAY("what waited is told: %d (1: complete, 2: fail, 3: give back) of call %d, answer %d\n", kind, who, answer_);
       kind = 0; who = 0; whose = 0; what = 0; FORGET_ANSWERS
     }
#ifndef BREAKER_NEVER_CLOSES
  :: atomic { up && open -> SAY("the probe is answered; the breaker closes\n"); open = 0; failures = 0 }
#endif
  od
}

/* A worker of another process, which keeps its way to Redis. */
active proctype OtherProcess() {
end: do
  :: atomic { other_at == IDLE && !other_begun ->
       d_step { script_claim(0, 0, OTHER) };
       SAY("other process: claims, answer %d\n", answer_);
       started = 1;
       if
       :: answer_ == NEW -> d_step { begins(0); other_begun = 1; other_at = RUNS; other_busy = 0 }
       :: answer_ == DUPLICATE -> d_step { duplicate(0); other_begun = 1 }
       :: answer_ == CONFLICT -> other_begun = 1
       :: else -> skip
       fi;
       FORGET_ANSWERS
     }
  :: atomic { other_at == IDLE && !other_begun -> other_begun = 1 }
  :: atomic { other_at == RUNS && other_busy -> d_step { script_renew(0, OTHER); answer_ = NO_ANSWER }; other_busy = 0 }
  :: atomic { other_at == RUNS ->
       if
       :: d_step {
            facts[0].running--; facts[0].ran++; ended = ended | (1 << OTHER);
            HOLDS(3, facts[0].ran <= 1 + facts[0].excuses);
            script_complete(0, OTHER, OTHER, 1, 0); other_at = IDLE; other_busy = 0
          };
          SAY("other process: its body ends well, answer to its completion %d\n", answer_)
       :: d_step { facts[0].running--; script_fail(0, OTHER); other_at = IDLE; other_busy = 0 }; SAY("other process: its body fails\n")
       fi;
       FORGET_ANSWERS
     }
  od
}

#define BUSY(i) (t[i].busy)
#define IS_OVER(i) (t[i].at == IDLE && t[i].calls == CALLS)

hidden byte j_, last_hash, ends_now_;

inline tick() {
  /* The way to the store is cut for so long that the lease of a call of this process ends. */
  ends_now_ = HERE(0) && slot[0].status == PENDING && slot[0].left == 1 && slot[0].owner != OTHER;
  time_passes();
  if
  :: ends_now_ && !up -> excuse()
  :: else -> skip
  fi;
  j_ = 0;
  do
  :: j_ < WORKERS ->
     t[j_].held = (t[j_].held > 0 -> t[j_].held - 1 : 0);
     if
     :: t[j_].at == RUNS && !t[j_].unguarded ->
        t[j_].busy = 1
     :: else -> skip
     fi;
     j_++
  :: else -> break
  od;
  other_busy = (other_at == RUNS);
  j_ = 0
}

active proctype World() {
end: do
  :: atomic { !BUSY(0) && !BUSY(1) && !other_busy && !(up && (len(waiting) > 0)) && !(IS_OVER(0) && IS_OVER(1) && other_begun) ->
       SAY("time: a third of a lease passes\n"); d_step { tick() }
     }
  :: atomic { up && outages > 0 -> outages--; up = 0; SAY("world: the way to the store is cut\n") }
  :: atomic { !up ->
       d_step {
         up = 1;
         /* Leases are renewed as soon as that is possible. */
         t[0].busy = t[0].busy || OWNS(0); t[1].busy = t[1].busy || OWNS(1)
       };
       SAY("world: the way to the store is back\n")
     }
  /* No process has anything left to do. */
  :: atomic { timeout && up && IS_OVER(0) && IS_OVER(1) && other_begun && other_at == IDLE ->
       SAY("all is over; a last call\n");
       d_step {
         HOLDS(31, !open);
         HOLDS(23, open || ((len(waiting) == 0) && untold_token == 0));
         HOLDS(27, counted == unguarded_bodies);
         last_hash = (HERE(0) -> slot[0].hash : slot[1].hash);
         script_claim(0, last_hash, LAST);
         if
         :: answer_ == IN_PROGRESS ->
            j_ = left_told_;
            do
            :: j_ > 0 -> time_passes(); j_--
            :: else -> break
            od;
            last_hash = (HERE(0) -> slot[0].hash : slot[1].hash);
            script_claim(0, last_hash, LAST)
         :: else -> skip
         fi;
         HOLDS(32, answer_ == NEW || answer_ == DUPLICATE);
         if
         :: answer_ == NEW ->
            facts[0].ran++; HOLDS(3, facts[0].ran <= 1 + facts[0].excuses)
         :: answer_ == DUPLICATE -> duplicate(last_hash)
         :: else -> skip
         fi;
         j_ = 0
       };
       break
     }
  od
}
