package io.idempotenttrace.chaos.simulation;

/**
 * One thing that goes wrong.
 *
 * @param atNanos when
 * @param nanos how long, where it takes time
 * @param worker whose process it strikes, where it strikes one
 * @param number which step, which key or how far, as the kind says
 */
record Fault(Kind kind, long atNanos, long nanos, int worker, long number) {

    /** What may go wrong. Those that say so excuse no further body, however they strike. */
    enum Kind {
        CUT("its connections break", true),
        REPEAT("a command of it is sent twice", true),
        SKIP_REPLY("replies to it get out of step", false),
        DROP("what it sends and gets vanishes", false),
        DROP_REPLIES("what it gets vanishes", false),
        STALL("what it sends and gets is held up", false),
        SLOW_NETWORK("what it sends and gets is late", false),
        PAUSE("it stands still", false),
        PAUSE_AT_CLAIM("it is to stand still as soon as it has sent a claim", false),
        CRASH("it is killed", false),
        CRASH_AT_STEP("it is killed in the midst of a step", false),
        ERROR_AT_STEP("an Error is thrown at a step", false),
        NO_THREADS("it can't start threads", false),
        RESTART("Redis restarts with its data", false),
        RESTART_EMPTY("Redis restarts without its data", false),
        FAILOVER("a replica that lags takes over", false),
        EVICT("Redis evicts a key", false),
        SLOW_REDIS("Redis answers nobody for a while", false),
        REFUSE_MEMORY("Redis is out of memory", false),
        REFUSE_READ_ONLY("Redis only reads", false),
        REFUSE_RIGHT("Redis refuses the user", false),
        FLUSH_SCRIPTS("Redis forgets the scripts", true),
        CLOCK_BACK("Redis' clock is set back", true),
        CLOCK_FORWARD("Redis' clock is set forward", false);

        final String meaning;
        final boolean mild;

        Kind(String meaning, boolean mild) {
            this.meaning = meaning;
            this.mild = mild;
        }
    }
}
