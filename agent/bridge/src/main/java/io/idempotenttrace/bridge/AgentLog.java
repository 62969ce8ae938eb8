package io.idempotenttrace.bridge;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The one way in which lines of the agent leave it: entry, bridge and engine have class loaders of their own, and all of them see this class.
 * It knows no logging library, and so never initialises one before the application does. Safe for use by many threads.
 */
public final class AgentLog {

    /** What became of each call. */
    public static final int DEBUG = 0;
    /** What went as it should: the start, the counts at the end. */
    public static final int INFO = 1;
    /** What somebody has to know. */
    public static final int WARN = 2;

    private static final String PREFIX = "idempotent-trace: ";
    private static final String[] NAMES = {"debug", "info", "warn"};

    private static volatile AgentLog current = new AgentLog(/* file= */ null, /* json= */ false, INFO);
    /** The application's own logging, where it is asked for and was found; it tells whether it took the line. */
    private static volatile @Nullable BiPredicate<Integer, String> application;

    /** Null for stderr. */
    private final @Nullable OutputStream file;

    private final boolean json;
    private final int least;
    private boolean failed;

    private AgentLog(@Nullable OutputStream file, boolean json, int least) {
        this.file = file;
        this.json = json;
        this.least = least;
    }

    /**
     * Called by the entry before its first line. A file that can't be opened is said on stderr, where the lines go then.
     *
     * @param agent an object of the agent's own
     * @param target {@code stderr}, {@code slf4j} (stderr until the application's is found), or a file
     * @param format {@code text} or {@code json}
     * @param level {@code debug}, {@code info} or {@code warn}
     */
    public static void configure(Object agent, String target, String format, String level) {
        Connecting.check(agent);
        OutputStream opened = null;
        String problem = null;
        if (!target.equals("stderr") && !target.equals("slf4j")) {
            try {
                opened = new FileOutputStream(target, /* append= */ true);
            } catch (IOException e) {
                problem = "setting 'log': the file can't be opened (" + e.getMessage()
                        + "), so lines go to stderr; name a file that this process may write";
            }
        }
        int least = INFO;
        for (int i = 0; i < NAMES.length; i++) {
            least = NAMES[i].equals(level) ? i : least;
        }
        current = new AgentLog(opened, format.equals("json"), least);
        if (problem != null) {
            say(WARN, problem);
        }
    }

    /**
     * Lines go there from now on, as long as it takes them.
     *
     * @throws IllegalStateException if anybody but the agent calls it
     */
    public static void toApplication(BiPredicate<Integer, String> logging) {
        Connecting.check(logging);
        application = logging;
    }

    public static boolean isDebug() {
        return current.least == DEBUG;
    }

    /** Whether lines go to stderr, and to nothing else. */
    public static boolean isStderr() {
        return current.file == null && application == null;
    }

    /** Whether lines go to the application's logging. */
    public static boolean isApplication() {
        return application != null;
    }

    /**
     * Writes one line, if its level is wanted. What the application's stream or logging throws comes out of this.
     *
     * @param message without control characters
     */
    public static void say(int level, String message) {
        AgentLog log = current;
        if (level < log.least) {
            return;
        }
        BiPredicate<Integer, String> own = application;
        if (own != null && own.test(level, message)) {
            return;
        }
        if (log.file == null || !log.write(log.file, level, message)) {
            System.err.println(log.line(level, message));
        }
    }

    /** The line as stderr gets it. */
    public static String onStderr(int level, String message) {
        return current.line(level, message);
    }

    private String line(int level, String message) {
        return json ? json(level, message) : PREFIX + message;
    }

    /** One write for a line, so that several processes may share the file. */
    private boolean write(OutputStream opened, int level, String message) {
        String line = json ? json(level, message) : now() + ' ' + NAMES[level] + ' ' + PREFIX + message;
        try {
            opened.write((line + '\n').getBytes(StandardCharsets.UTF_8));
            return true;
        } catch (IOException e) {
            boolean first;
            synchronized (this) {
                first = !failed;
                failed = true;
            }
            if (first) {
                System.err.println(line(
                        WARN,
                        "the file of setting 'log' takes no more lines (" + e.getMessage() + "); they go to stderr"));
            }
            return false;
        }
    }

    private static String now() {
        return Instant.now().truncatedTo(ChronoUnit.MILLIS).toString();
    }

    private static String json(int level, String message) {
        StringBuilder line = new StringBuilder("{\"time\":\"")
                .append(now())
                .append("\",\"level\":\"")
                .append(NAMES[level])
                .append("\",\"logger\":\"idempotent-trace\",\"process\":")
                .append(ProcessHandle.current().pid())
                .append(",\"message\":\"");
        for (int i = 0; i < message.length(); i++) {
            char c = message.charAt(i);
            if (c == '"' || c == '\\') {
                line.append('\\').append(c);
            } else if (c >= ' ' && c < 0x7f) {
                line.append(c);
            } else {
                line.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            }
        }
        return line.append("\"}").toString();
    }
}
