package io.idempotenttrace.chaos.check;

import io.idempotenttrace.chaos.WrongArgumentException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Judges a history that was written before. */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        description =
                "Judges a history: prints a line on stderr for each violation, and the counts as the last line on stdout.",
        footer = {
            "",
            "A history has one JSON object a line, each with e (the event) and at (microseconds of the machine's monotonic clock):",
            "  run       format seed server policy mutant           the first line; format is 1",
            "  phase     phase name excuses strictExcuses           the excuses that the phase's faults give a body that runs again",
            "  message   phase key payload scope                    the queue has a message",
            "  deliver   call key payload scope worker              it is delivered: a call",
            "  begin     call guard                                 its body begins; guard is guarded or unguarded",
            "  done      call value                                 its body has run to its end, and leaves a value",
            "  threw     call                                       its body has thrown",
            "  tried     call times                                 it was made so often before, without stack for its body",
            "  answer    call answer value                          ran, duplicate, conflict, in-progress, store, threw or error",
            "  ack       call                                       the queue takes its message for done",
            "  worker    worker state                               started, killed, paused, resumed, stopping or exited",
            "  told      worker key what                            the agent said that the call of a key has lost its lease",
            "  fault     name state loses                           state is begin or end; loses: records may be lost by it",
            "  record    key attempt                                how often Redis says that the record was claimed",
            "  counts    worker new duplicate conflict unguarded    the line at the exit of a worker",
            "  recovered worker guarded                             whether it guarded its calls after a fault of its own",
            "  freeze    millis                                     the whole machine stood still; it excuses nothing",
            "  phase-end phase                                      whatever is not acknowledged by now is stuck",
            "  end       events                                     the last line: how many came before it"
        })
public final class CheckCommand implements Callable<Integer> {

    private static final int MOST_LINES = 20;

    @Parameters(paramLabel = "HISTORY", description = "The file that 'run --history' wrote.")
    private Path history;

    @Override
    public Integer call() {
        if (!Files.isReadable(history)) {
            throw new WrongArgumentException(
                    "the history '" + history + "' can't be read; give a file that 'run --history' wrote");
        }
        try {
            Judgement judgement = Checker.check(history);
            tell(judgement);
            System.out.println(judgement.json());
            return judgement.holds() ? 0 : 1;
        } catch (MalformedHistoryException e) {
            throw new WrongArgumentException("'" + history + "' is refused: " + e.getMessage());
        }
    }

    /** Prints what is violated, and what excused the bodies that ran again. */
    public static void tell(Judgement judgement) {
        judgement.violations().stream().limit(MOST_LINES).forEach(System.err::println);
        if (judgement.violations().size() > MOST_LINES) {
            System.err.println("and " + (judgement.violations().size() - MOST_LINES) + " more violations");
        }
        System.err.println("excuses: " + judgement.excuses());
    }
}
