package io.idempotenttrace.cli;

import java.io.BufferedReader;
import java.io.Console;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** Where a command reads and writes: results on stdout, all that is said besides on stderr. */
final class Terminal {

    private static final long SAY_EVERY_NANOS = 5_000_000_000L;

    private final InputStream in;
    private final PrintWriter out;
    private final PrintWriter err;
    private final boolean person;
    private final boolean colours;

    Terminal(InputStream in, PrintStream out, PrintStream err) {
        this.in = in;
        this.out = new PrintWriter(out, true, StandardCharsets.UTF_8);
        this.err = new PrintWriter(err, true, StandardCharsets.UTF_8);
        boolean terminal = out == System.out && isTerminal(System.console());
        this.person = terminal && in == System.in;
        String refused = System.getenv("NO_COLOR");
        this.colours = terminal && (refused == null || refused.isEmpty()) && !"dumb".equals(System.getenv("TERM"));
    }

    /** Since Java 22 there is a console also where there is no terminal. */
    private static boolean isTerminal(@Nullable Console console) {
        if (console == null) {
            return false;
        }
        try {
            return (Boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (ReflectiveOperationException olderJava) {
            return true;
        }
    }

    /** One line of the result; whether somebody still reads. */
    boolean print(String line) {
        out.println(line);
        return !out.checkError();
    }

    /** One line for people, on stderr. */
    void say(@Nullable String line) {
        err.println("idempotent-trace: " + line);
    }

    /**
     * Draws a view in the place of the one before. The terminal is left as it was found, whenever the process ends: the cursor is moved, and
     * nothing else is changed.
     *
     * @param above how many lines of the view before stand above the cursor
     * @return whether somebody still reads
     */
    boolean redraw(List<String> lines, int above) {
        StringBuilder view = new StringBuilder();
        if (above > 0) {
            view.append("\u001b[").append(above).append('F');
        }
        view.append("\u001b[J");
        lines.forEach(line -> view.append(line).append('\n'));
        out.print(view);
        out.flush();
        return !out.checkError();
    }

    /** Rows and columns of the terminal, by {@code stty}; the given ones where that does not tell. */
    int[] size(int rows, int columns) {
        try {
            Process stty = new ProcessBuilder("stty", "size")
                    .redirectInput(new File("/dev/tty"))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String[] told;
            try (InputStream answer = stty.getInputStream()) {
                told = new String(answer.readAllBytes(), StandardCharsets.US_ASCII)
                        .strip()
                        .split(" ");
            }
            if (told.length == 2 && told[0].matches("[1-9]\\d{0,3}") && told[1].matches("[1-9]\\d{0,3}")) {
                return new int[] {Integer.parseInt(told[0]), Integer.parseInt(told[1])};
            }
        } catch (IOException e) {
            // There is no such program, or no terminal.
        }
        return new int[] {rows, columns};
    }

    /** Whether somebody sits there who can answer. */
    boolean hasPerson() {
        return person;
    }

    /** Whether colours are wanted. */
    boolean hasColours() {
        return colours;
    }

    /** Asks; whether the answer is yes. Anything but y or yes is none. */
    boolean confirms(String question) {
        err.print(question + " [y/N] ");
        err.flush();
        try {
            // Not closed: it is the process' own.
            String answer = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)).readLine();
            return answer != null
                    && (answer.strip().equalsIgnoreCase("y") || answer.strip().equalsIgnoreCase("yes"));
        } catch (IOException e) {
            return false;
        }
    }

    /** Told how many names were looked at, it says so every five seconds. */
    LongConsumer progress() {
        return new LongConsumer() {
            private long saidAt = System.nanoTime();

            @Override
            public void accept(long names) {
                if (System.nanoTime() - saidAt > SAY_EVERY_NANOS) {
                    saidAt = System.nanoTime();
                    say("looked at " + names + " names so far");
                }
            }
        };
    }

    /** The text in red, yellow or green, where colours are wanted. */
    String coloured(String text, Colour colour) {
        return colours ? colour.begin + text + "\u001b[0m" : text;
    }

    /** What a word is written in. */
    enum Colour {
        GOOD("\u001b[32m"),
        DOUBTFUL("\u001b[33m"),
        BAD("\u001b[31m");

        private final String begin;

        Colour(String begin) {
            this.begin = begin;
        }
    }
}
