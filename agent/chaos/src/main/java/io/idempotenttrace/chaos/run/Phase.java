package io.idempotenttrace.chaos.run;

import java.util.List;
import java.util.Set;

/**
 * A few seconds of one kind of faults.
 *
 * @param servers on which it can be run
 * @param excuses what its faults can give a body that runs again, see the checker
 * @param strictExcuses the same for the scope whose calls are refused while the store can't be asked
 * @param loses whether it can make the store lose records
 * @param mix the messages that are sent meanwhile
 */
record Phase(
        String name,
        Set<ServerKind> servers,
        List<String> excuses,
        List<String> strictExcuses,
        boolean loses,
        MessageQueue.Mix mix,
        Work work) {

    /** What the nemesis does. */
    interface Work {

        void run(Nemesis nemesis) throws InterruptedException;
    }
}
