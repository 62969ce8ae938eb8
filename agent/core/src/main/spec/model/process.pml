/*
 * What one process has on its way to Redis: calls that follow each other, completions that linger and are sent together, what waits to be
 * sent again, and one connection on which commands and replies are told apart by their order alone. record.pml has the record and its
 * scripts; this file has what Admittance.meet, PendingUpdates, LingeringCompletions, CompletionsTogether, UnsentCalls, ScriptCall and
 * LuaScript.isReplyTo do.
 *
 * Two callers have calls of two keys with one payload, on-in-progress=wait and completion=async. Each key may be the other's, so the first
 * call of all is of key 0.
 *
 * -DCALLS=2    calls of each caller      -DFAULTS=2   how many of the faults below happen in one run
 *
 * Faults, each at any time: the connection is cut, and what is on its way is lost; the client loses a reply, or takes one twice, and is out
 * of step from then on; Redis loses a record, another process claims it then, or another type of key stands in its place; a completion that
 * is tried again is too late for its record.
 *
 * No time passes here: no lease ends. claim.pml has leases, and commands that come late; outage.pml has calls whose claim is not answered
 * at all. An error of Redis names no call, so on a connection that is out of step it may end another call's command. It ends it as one that
 * has done nothing, so HOLDS(33) is of the other replies.
 */

#ifndef CALLS
#define CALLS 1
#endif
#ifndef FAULTS
#define FAULTS 1
#endif
#define CALLERS 2
#define KEYS 2
#define SAY printf

#include "record.pml"

#define IDLE 0
#define MEETS 1
#define FOLLOWS 2
#define ASKS 3
#define SENT 4     /* its claim is on its way */
#define RUNS 5
#define HOLDS_ON 6 /* another call is in progress */

typedef Caller {
  unsigned at : 3;
  bit key;
  unsigned token : 3;
  unsigned calls : 2;
  unsigned followed : 3   /* the token of the call that it follows */
}

typedef OfKey {
  unsigned running : 3;   /* Guard.running: the call that others follow; 0: none */
  unsigned lingers : 3;   /* LingeringCompletions: whose completion is to be sent together with others */
  bit damaged             /* in Redis: another type of key */
}

Caller c[CALLERS];
OfKey by_key[KEYS];
unsigned faults : 2 = FAULTS;

/* PendingUpdates: sets of tokens, as bits. Of those that wait to be sent again there is room for one. */
byte on_its_way;
unsigned waits : 3;
bit retried;
unsigned counted : 3;
bit said;

/* The connection: what the client has to send, what Redis has to read, what the client expects replies to, and these. */
#define CLAIM 1
#define COMPLETE 2
#define FAIL 3
#define MOST 6
bit up = 1;
chan unsent = [MOST] of { byte, byte, byte, bit };
chan sent = [MOST] of { byte, byte, byte, bit };
chan expected = [MOST] of { byte, byte, byte, bit };

/* A reply: its shape, the first owner and the others that it ends with, two answers, and for the checks the command and its true answers. */
#define GRANTED 1
#define OF_CLAIM 2
#define ALL_APPLIED 3
#define UPDATES 4
#define AN_ERROR 5
#define DAMAGED 9
chan replies = [MOST] of { byte, byte, byte, byte, byte, byte, byte, byte, byte, byte };

/* Another process, which claims what Redis has lost. */
#define OTHER 7

/* For the checks: tokens, as bits. */
byte of_key_1, ended, failed;
byte left;        /* calls that leave something to those that follow them: their own end, or a duplicate's */
byte told;        /* the process has heard what became of their ends */
byte executed;    /* Redis has run the script that ends them */
byte struck;      /* what should have ended them was lost on its way, or came behind a damaged record in one script */

#define BIT(set, tt) ((set >> (tt)) & 1)
#define KEY_OF(tt) BIT(of_key_1, tt)
#define WAITING_OF(kk) (waits != 0 && KEY_OF(waits) == kk)
#define ROOM_TO_SEND (len(sent) < MOST - 3 && len(unsent) < MOST - 3 && len(expected) < MOST - 3 && len(replies) < MOST - 3)

#define AT c[_pid].at
#define K c[_pid].key
#define T c[_pid].token

inline excuse(kk) { facts[kk].excuses = (facts[kk].excuses < 15 -> facts[kk].excuses + 1 : 15) }

/* ScriptCall.send: behind those that have not been sent yet. */
inline send(kind_, one_, two_, whole_) {
  if
  :: up && len(unsent) == 0 -> sent!kind_, one_, two_, whole_; expected!kind_, one_, two_, whole_
  :: else -> unsent!kind_, one_, two_, whole_
  fi
}

/* PendingUpdates.lost */
inline lost(tt) {
  if
  :: BIT(failed, tt) -> skip
  :: else ->
#ifndef LOSES_SILENTLY
     counted++; said = 1;
#endif
     struck = struck | (1 << tt); excuse(KEY_OF(tt))
  fi
}

/* PendingUpdates.retry: there may be no room. */
inline wait_or_lose(tt) {
  if
  :: waits == 0 -> waits = tt
  :: else -> lost(tt)
  fi
}

/* What becomes of an update that Redis has answered, of whichever send the answer is. Only the first one counts. */
inline answered(tt, answer) {
  if
  :: answer == DAMAGED && (BIT(on_its_way, tt) || waits == tt) -> lost(tt)
  :: else -> told = told | ((BIT(on_its_way, tt) || waits == tt) << tt)
  fi;
  on_its_way = on_its_way & ~(1 << tt);
  if
  :: waits == tt -> waits = 0; retried = 0
  :: else -> skip
  fi
}

/* What becomes of an update that Redis has not answered. */
inline unanswered(tt) {
  struck = struck | (1 << tt);
  if
  :: BIT(on_its_way, tt) -> on_its_way = on_its_way & ~(1 << tt); wait_or_lose(tt)
  :: !BIT(on_its_way, tt) && waits == tt && retried -> retried = 0
  :: !BIT(on_its_way, tt) && waits == tt && retried && faults > 0 ->
     faults--; retried = 0; waits = 0; lost(tt)
  :: !BIT(on_its_way, tt) && !(waits == tt && retried) -> skip
  fi
}

/* The connection is gone. Each command on it is sent again, or has no time left; claims are asked for again in any case. */
inline replace_connection() {
  up = 0;
  do
  :: len(sent) > 0 -> sent?_, _, _, _
  :: len(sent) == 0 && len(replies) > 0 -> replies?_, _, _, _, _, _, _, _, _, _
  :: len(sent) == 0 && len(replies) == 0 -> break
  od;
  do
  :: len(expected) > 0 -> expected?kind, one, two, whole; not_answered()
  :: else -> break
  od;
  kind = 0; one = 0; two = 0; whole = 0
}

inline not_answered() {
  if
  :: kind == CLAIM -> unsent!kind, one, two, whole
  :: kind != CLAIM -> unsent!kind, one, two, whole;
     d_step { struck = struck | (1 << one) | (two > 0 -> 1 << two : 0) }
  :: kind != CLAIM ->
     unanswered(one);
     if
     :: two != 0 -> unanswered(two)
     :: else -> skip
     fi
  fi
}

inline end_of(ii) {
  by_key[c[ii].key].running = (by_key[c[ii].key].running == c[ii].token -> 0 : by_key[c[ii].key].running);
  c[ii].at = IDLE; c[ii].token = 0; c[ii].key = 0; c[ii].followed = 0
}

#ifdef FOLLOWS_NOBODY
#define FOLLOWED 0
#else
#define FOLLOWED (by_key[K].running)
#endif

active [CALLERS] proctype Caller_() {
end: do
  :: atomic { AT == IDLE && c[_pid].calls < CALLS && (_pid == 0 || c[0].calls > 0) ->
       c[_pid].calls++;
       T = _pid * CALLS + c[_pid].calls;
       if
       :: K = 0
       :: T > 1 -> K = 1; of_key_1 = of_key_1 | (1 << T)
       fi;
       AT = MEETS;
       SAY("caller %d: call %d of key %d\n", _pid, T, K)
     }

  /* Admittance.meet */
  :: atomic { AT == MEETS ->
       if
       :: FOLLOWED == 0 ->
          by_key[K].running = (by_key[K].running == 0 -> T : by_key[K].running); AT = ASKS
       :: else -> c[_pid].followed = by_key[K].running; AT = FOLLOWS; SAY("call %d: follows call %d\n", T, c[_pid].followed)
       fi
     }
  :: atomic { AT == FOLLOWS && by_key[K].running != c[_pid].followed ->
       if
       :: BIT(left, c[_pid].followed) -> HOLDS(1, facts[K].ran > 0); SAY("call %d: gets what call %d has left\n", T, c[_pid].followed); end_of(_pid)
       :: else -> c[_pid].followed = 0; AT = MEETS
       fi
     }

  /* PendingUpdates.sendBeforeClaim, and then GuardedStore.withoutStore */
  :: atomic { AT == ASKS && ROOM_TO_SEND ->
#ifndef CLAIMS_OVERTAKE
       if
       :: by_key[K].lingers != 0 ->
          SAY("call %d: the completion of call %d is sent before its claim\n", T, by_key[K].lingers);
          send(COMPLETE, by_key[K].lingers, 0, 0); by_key[K].lingers = 0
       :: else -> skip
       fi;
#endif
       if
       :: WAITING_OF(K) && !BIT(failed, waits) -> SAY("call %d: knows that it is a duplicate\n", T); left = left | (1 << T); end_of(_pid)
       :: else ->
          SAY("call %d: sends its claim\n", T);
          HOLDS(41, !(c[1 - _pid].at == SENT || c[1 - _pid].at == RUNS) || c[1 - _pid].key != K);
          send(CLAIM, T, 0, 0); AT = SENT
       fi
     }

  :: atomic { AT == HOLDS_ON -> AT = ASKS }
  :: atomic { AT == HOLDS_ON -> SAY("call %d: gives up waiting\n", T); end_of(_pid) }

  :: atomic { AT == RUNS && ROOM_TO_SEND ->
       if
       :: d_step {
            facts[K].running--; facts[K].ran++; ended = ended | (1 << T); left = left | (1 << T);
            HOLDS(3, facts[K].ran <= 1 + facts[K].excuses)
          };
          SAY("call %d: its body ends well\n", T);
          /* PendingUpdates.completeSoon */
          if
          :: WAITING_OF(K) -> wait_or_lose(T)
          :: !WAITING_OF(K) && by_key[K].lingers == 0 -> on_its_way = on_its_way | (1 << T); by_key[K].lingers = T
          :: !WAITING_OF(K) && by_key[K].lingers != 0 ->
             on_its_way = on_its_way | (1 << T); send(COMPLETE, by_key[K].lingers, 0, 0); by_key[K].lingers = T
          fi
       :: d_step { facts[K].running--; failed = failed | (1 << T) };
          SAY("call %d: its body fails\n", T);
          /* PendingUpdates.send */
          if
          :: WAITING_OF(K) -> wait_or_lose(T)
          :: else -> on_its_way = on_its_way | (1 << T); send(FAIL, T, 0, 0)
          fi
       fi;
       end_of(_pid)
     }
  od
}

/* LingeringCompletions: those of both keys are sent together, and leave the map after that. */
active proctype Lingering() {
  byte first, second;
end: do
  :: atomic { by_key[0].lingers + by_key[1].lingers != 0 && ROOM_TO_SEND ->
       first = by_key[0].lingers; second = by_key[1].lingers;
       if
       :: first != 0 && second != 0 -> SAY("the completions of calls %d and %d are sent together\n", first, second); send(COMPLETE, first, second, 0)
       :: first != 0 && second == 0 -> SAY("the completion of call %d is sent\n", first); send(COMPLETE, first, 0, 0)
       :: first == 0 -> SAY("the completion of call %d is sent\n", second); send(COMPLETE, second, 0, 0)
       fi
     };
     atomic {
       by_key[0].lingers = (by_key[0].lingers == first -> 0 : by_key[0].lingers);
       by_key[1].lingers = (by_key[1].lingers == second -> 0 : by_key[1].lingers);
       first = 0; second = 0
     }
  od
}

/* PendingUpdates.retryAll */
active proctype Retrier() {
end: do
  :: atomic { waits != 0 && !retried && ROOM_TO_SEND ->
       retried = 1;
       SAY("what ends call %d is sent again\n", waits);
       send((BIT(failed, waits) -> FAIL : COMPLETE), waits, 0, 0)
     }
  od
}

/* Of several, each has its answer: complete.lua. What is damaged ends the script; those before it are completed. */
inline complete_one(tt, answer) {
  if
  :: by_key[KEY_OF(tt)].damaged -> answer = DAMAGED
  :: else ->
     script_complete(KEY_OF(tt), tt, tt, whole, 0);
     answer = answer_
  fi;
  executed = executed | (1 << tt)
}

active proctype Redis() {
  byte kind, one, two, shape, answer1, answer2, said1, said2;
  bit whole;

end: do
  :: atomic { up && len(sent) > 0 ->
       sent?kind, one, two, whole;
       d_step {
         answer1 = 0; answer2 = 0;
         if
         :: kind == CLAIM ->
            HOLDS(42, ((ended & ~executed & ~struck & ~(1 << one)) & (KEY_OF(one) -> of_key_1 : ~of_key_1)) == 0);
            if
            :: by_key[KEY_OF(one)].damaged -> shape = AN_ERROR; answer1 = DAMAGED
            :: else ->
               script_claim(KEY_OF(one), 0, one); answer1 = answer_; answer2 = told_;
               shape = (answer_ == NEW -> GRANTED : OF_CLAIM)
            fi;
            said1 = answer1; said2 = answer2
         :: kind == FAIL ->
            if
            :: by_key[KEY_OF(one)].damaged -> shape = AN_ERROR; answer1 = DAMAGED
            :: else -> script_fail(KEY_OF(one), one); answer1 = answer_; shape = UPDATES
            fi;
            executed = executed | (1 << one); said1 = answer1; said2 = 0
         :: else ->
            complete_one(one, answer1);
            if
            :: two != 0 && answer1 != DAMAGED -> complete_one(two, answer2)
            :: two != 0 && answer1 == DAMAGED -> struck = struck | (1 << two)
            :: two == 0 -> skip
            fi;
            said1 = answer1; said2 = answer2;
#ifdef ONE_ANSWER_FOR_ALL
            said2 = (two != 0 -> said1 : 0);
#endif
            if
            :: answer1 == DAMAGED || answer2 == DAMAGED -> shape = AN_ERROR
            :: answer1 == APPLIED && (two == 0 || answer2 == APPLIED) -> shape = ALL_APPLIED
            :: else -> shape = UPDATES
            fi
         fi
       };
       SAY("Redis: runs %d (1: claim, 2: complete, 3: fail) of calls %d %d, answers %d %d\n", kind, one, two, answer1, answer2);
       if
       :: replies!shape, one, two, said1, said2, kind, one, two, answer1, answer2
       :: faults > 0 -> faults--; SAY("the client loses this reply\n")
       :: faults > 0 -> faults--;
          replies!shape, one, two, said1, said2, kind, one, two, answer1, answer2;
          replies!shape, one, two, said1, said2, kind, one, two, answer1, answer2;
          SAY("the client takes this reply twice\n")
       fi;
       kind = 0; one = 0; two = 0; shape = 0; answer1 = 0; answer2 = 0; said1 = 0; said2 = 0; whole = 0
     }
  od
}

#define FITS(shape_, one_, two_) (shape_ == AN_ERROR \
    || (kind == CLAIM && (shape_ == GRANTED || shape_ == OF_CLAIM)) \
    || (kind == COMPLETE && (shape_ == ALL_APPLIED || (shape_ == UPDATES && (one_ != APPLIED || (two != 0 && two_ != APPLIED))))) \
    || (kind == FAIL && shape_ == UPDATES && one_ != IS_ABSENT))

/* LuaScript.isReplyTo. An error names nobody. */
#ifdef TAKES_ANY_REPLY
#define IS_REPLY FITS(shape, said1, said2)
#else
#define IS_REPLY (FITS(shape, said1, said2) && (shape == AN_ERROR || (echo == one && echo_too == two)))
#endif

#define I ((one - 1) / CALLS)
#define IS_ITS_OWN (shape == AN_ERROR || (kind == from_kind && one == from_one && two == from_two))

#define IS_IDLE(i) (c[i].at == IDLE && c[i].calls == CALLS)
#define ALL_IS_OVER (IS_IDLE(0) && IS_IDLE(1) && up && len(sent) + len(replies) + len(expected) + len(unsent) == 0 \
    && by_key[0].lingers + by_key[1].lingers == 0 && waits == 0)

hidden byte j_, open_;

/* GuardedStore.answered, and Admittance.decide */
inline take_claim() {
  if
  :: shape == AN_ERROR -> SAY("call %d: is refused\n", one); end_of(I)
  :: shape == GRANTED && !(WAITING_OF(KEY_OF(one)) && !BIT(failed, waits)) ->
     d_step {
       facts[KEY_OF(one)].running++;
       HOLDS(2, facts[KEY_OF(one)].running <= 1 + facts[KEY_OF(one)].excuses);
       c[I].at = RUNS
     };
     SAY("call %d: its body begins\n", one)
  :: shape == GRANTED && WAITING_OF(KEY_OF(one)) && !BIT(failed, waits) ->
     /* GuardedStore.knownHere: the grant is completed for the body that ran here. */
     SAY("call %d: this process has run the body; it completes the grant\n", one);
     ended = ended | (1 << one); left = left | (1 << one);
     if
     :: !retried -> told = told | (1 << waits); waits = 0
     :: else -> skip
     fi;
     on_its_way = on_its_way | (1 << one); end_of(I); send(COMPLETE, one, 0, 0)
  :: shape == OF_CLAIM && said1 == DUPLICATE ->
     HOLDS(1, facts[KEY_OF(one)].ran > 0);
     HOLDS(11, said2 > 0 && BIT(ended, said2) && KEY_OF(said2) == KEY_OF(one));
     SAY("call %d: has a duplicate\n", one); left = left | (1 << one); end_of(I)
  :: shape == OF_CLAIM && said1 != DUPLICATE -> c[I].at = HOLDS_ON
  fi
}

/* CompletionsTogether.answered, of one; where there is no record, the completion is sent once more, to write it whole. */
inline take_end(tt, answer) {
  if
  :: answer == IS_ABSENT -> send(COMPLETE, tt, 0, 1)
  :: else -> answered(tt, answer)
  fi
}

/* The client's thread. */
active proctype Client() {
  byte kind, one, two, shape, echo, echo_too, said1, said2, from_kind, from_one, from_two, true1, true2;
  bit whole;

end: do
  :: atomic { up && len(replies) > 0 && len(expected) > 0 ->
       replies?shape, echo, echo_too, said1, said2, from_kind, from_one, from_two, true1, true2;
       expected?kind, one, two, whole;
       if
       :: !IS_REPLY -> SAY("the client has the reply to another command; the connection is replaced\n"); not_answered(); replace_connection()
       :: else ->
          HOLDS(33, IS_ITS_OWN);
          if
          :: kind == CLAIM -> take_claim()
          :: kind == COMPLETE && shape == AN_ERROR && two != 0 ->
             SAY("the completions of calls %d and %d are sent alone\n", one, two);
             send(COMPLETE, one, 0, 0); send(COMPLETE, two, 0, 0)
          :: kind == COMPLETE && !(shape == AN_ERROR && two != 0) ->
             HOLDS(40, !IS_ITS_OWN || shape == AN_ERROR || (said1 == true1 && said2 == true2));
             take_end(one, said1);
             if
             :: two != 0 -> take_end(two, said2)
             :: else -> skip
             fi
          :: kind == FAIL -> answered(one, said1)
          fi
       fi;
       kind = 0; one = 0; two = 0; shape = 0; echo = 0; echo_too = 0; said1 = 0; said2 = 0; from_kind = 0; from_one = 0; from_two = 0;
       true1 = 0; true2 = 0; whole = 0
     }
  /* No reply comes any more: the commands time out. */
  :: atomic { up && len(expected) > 0 && len(sent) == 0 && len(replies) == 0 ->
       SAY("the client waits in vain; the connection is replaced\n"); replace_connection()
     }
  :: atomic { up && faults > 0 && len(expected) > 0 -> faults--; SAY("the connection is cut\n"); replace_connection() }
  /* UnsentCalls.sendThoseOpened */
  :: atomic { !up -> up = 1; SAY("there is a connection\n") }
  :: atomic { up && len(unsent) > 0 && len(sent) < MOST && len(expected) < MOST ->
       unsent?kind, one, two, whole; sent!kind, one, two, whole; expected!kind, one, two, whole;
       kind = 0; one = 0; two = 0; whole = 0
     }
  od
}

active proctype World() {
end: do
  :: atomic { faults > 0 && (HERE(0) || HERE(2)) ->
       faults--;
       if
       :: HERE(0) -> excuse(0); clear(0); facts[0].forgotten = 1;
          if
          :: SAY("world: Redis loses key 0\n")
          :: SAY("world: Redis loses key 0; another process claims it\n"); d_step { script_claim(0, 0, OTHER) }
          :: SAY("world: another type of key stands in the place of key 0\n"); by_key[0].damaged = 1
          fi
       :: HERE(2) -> excuse(1); clear(2); facts[1].forgotten = 1;
          if
          :: SAY("world: Redis loses key 1\n")
          :: SAY("world: Redis loses key 1; another process claims it\n"); d_step { script_claim(1, 0, OTHER) }
          :: SAY("world: another type of key stands in the place of key 1\n"); by_key[1].damaged = 1
          fi
       fi
     }
  :: atomic { ALL_IS_OVER ->
       SAY("all is over\n");
       d_step {
         open_ = ended & ~told;
         j_ = 0;
         do
         :: open_ != 0 -> j_ = j_ + (open_ & 1); open_ = open_ >> 1
         :: else -> break
         od;
         HOLDS(43, counted == j_ && (j_ == 0 || said));
         HOLDS(23, on_its_way == 0)
       };
       break
     }
  od
}
