/*
 * The names of records, as RecordId.appendName makes them of tenant, scope and key: no two records have one name, and none has a name that
 * begins as those of failed notes do. Checked for all pairs of short texts.
 *
 * Texts have one or two characters, a scope at most one: a text of more brings nothing that two do not, since each character is encoded
 * by itself. The characters are those that mean something in a name: ':' and '%', 'c' and 'p', which stand for what follows the '%' of
 * an encoded ':' and '%' ("3A" and "25"), and 'f', which stands for "failed". A name is a number whose digits are its characters.
 */

#define SAY printf

#include "record.pml"

#define C 1
#define F 2
#define COLON 3
#define PERCENT 4
#define P 5           /* stands in encoded texts alone: 'c' is as good */
#define CHARACTERS 4
#define BASE 6

/* A text by its number: 0 is empty, then come those of one character, then those of two. */
#define SHORT_TEXTS 5   /* 1 + CHARACTERS */
#define TEXTS 21        /* SHORT_TEXTS + CHARACTERS * CHARACTERS */

/* A record by its number: its key, its tenant, and its scope (0: none, which is another one than an empty scope). */
#define NOT_EMPTY 20    /* TEXTS - 1 */
#define RECORDS 2400    /* NOT_EMPTY * NOT_EMPTY * (1 + SHORT_TEXTS) */

/* Written before they are read. */
hidden int made_, name_;
hidden byte first_, second_, begin_, next_, tenant_, scope_, key_;
hidden short other;

short record;

inline take_apart(number) {
  key_ = 1 + number % NOT_EMPTY; tenant_ = 1 + (number / NOT_EMPTY) % NOT_EMPTY; scope_ = number / (NOT_EMPTY * NOT_EMPTY)
}

inline characters(number) {
  first_ = (number < SHORT_TEXTS -> number : 1 + (number - SHORT_TEXTS) / CHARACTERS);
  second_ = (number < SHORT_TEXTS -> 0 : 1 + (number - SHORT_TEXTS) % CHARACTERS)
}

inline append(character) {
  next_ = (begin_ != 0 && next_ == 0 -> character : next_);
  begin_ = (begin_ == 0 -> character : begin_);
  made_ = made_ * BASE + character
}

/* RecordId.appendEncoded */
inline append_encoded(character) {
  if
  :: character == 0 -> skip
  :: character == COLON -> append(PERCENT); append(C)
  :: character == PERCENT -> append(PERCENT); append(P)
  :: else -> append(character)
  fi
}

/* RecordId.appendName */
inline make_name(number) {
  made_ = 0; begin_ = 0; next_ = 0;
  take_apart(number);
#ifndef ONE_NAME_FOR_TWO
  characters(tenant_); append_encoded(first_); append_encoded(second_);
  if
  :: scope_ > 0 -> append(PERCENT); append(COLON); characters(scope_ - 1); append_encoded(first_)
  :: else -> skip
  fi;
#endif
  append(COLON); characters(key_); append(first_);
  if
  :: second_ != 0 -> append(second_)
  :: else -> skip
  fi
}

#define SHOWN(character) (character == COLON -> 58 : (character == PERCENT -> 37 : (character == C -> 99 : 102)))

inline say_text(number) {
  characters(number);
  if
  :: first_ != 0 && second_ == 0 -> SAY("%c", SHOWN(first_))
  :: second_ != 0 -> SAY("%c%c", SHOWN(first_), SHOWN(second_))
  :: else -> skip
  fi
}

inline say_record(number) {
  take_apart(number);
  SAY("a record: tenant "); say_text(tenant_);
  if
  :: scope_ > 0 -> SAY(" scope "); say_text(scope_ - 1)
  :: else -> SAY(" shared")
  fi;
  SAY(" key "); say_text(key_); SAY("\n")
}

active proctype Names() {
  do
  :: record < RECORDS ->
     d_step {
       make_name(record);
       HOLDS(44, begin_ != PERCENT || next_ != F);
       name_ = made_;
       other = record + 1; made_ = 0;
       do
       :: other < RECORDS && made_ != name_ -> make_name(other); other++
       :: else -> break
       od;
       if
       :: made_ == name_ -> other--; say_record(record); say_record(other)
       :: else -> skip
       fi;
       HOLDS(44, made_ != name_);
       record++
     }
  :: else -> break
  od
}
