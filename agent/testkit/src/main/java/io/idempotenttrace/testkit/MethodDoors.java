package io.idempotenttrace.testkit;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Calls methods through all of their doors: the overloads, forwarders and copies that a compiler makes of one method of the source.
 * Through whichever door a key comes first, the body runs; through every door after it, it doesn't. Used by programs in JVMs of their
 * own, which print what they saw.
 */
public final class MethodDoors {

    private static final Pattern SUM =
            Pattern.compile("shapes=(\\d+) doors=(\\d+) new=(\\d+) duplicate=(\\d+) wrong=0");

    /** One way to call a method. */
    public interface Door {

        Object call(String key) throws Throwable;
    }

    private final AtomicInteger runs;
    /** Whether another JVM has made all these calls before, in the same store. */
    private final boolean again;

    private int shapes;
    private int doors;
    private int expectedNew;
    private int expectedDuplicates;
    private int wrong;

    /**
     * @param runs counts the bodies
     * @param arguments the program's: {@code again} if every call is a duplicate of another program's
     */
    public MethodDoors(AtomicInteger runs, String[] arguments) {
        this.runs = runs;
        this.again = arguments.length > 0 && arguments[0].equals("again");
    }

    /** One method of the source; each of the doors has the same effective arguments. */
    public MethodDoors shape(String name, Door... ways) {
        shapes++;
        doors += ways.length;
        for (int first = 0; first < ways.length; first++) {
            String key = name + '-' + first;
            Object result = call(name, first, ways[first], key, again ? 0 : 1);
            for (int next = 0; next < ways.length; next++) {
                Object duplicate = call(name, next, ways[next], key, 0);
                if (!Objects.equals(result, duplicate)) {
                    wrong(name, next, "gave " + duplicate + " after " + result);
                }
            }
        }
        expectedNew += again ? 0 : ways.length;
        expectedDuplicates += ways.length * ways.length + (again ? ways.length : 0);
        return this;
    }

    private Object call(String name, int door, Door way, String key, int expectedRuns) {
        int before = runs.get();
        Object result = null;
        try {
            result = way.call(key);
        } catch (Throwable thrown) {
            wrong(name, door, "threw " + thrown);
        }
        if (runs.get() - before != expectedRuns) {
            wrong(name, door, "ran " + (runs.get() - before) + " bodies instead of " + expectedRuns);
        }
        return result;
    }

    private void wrong(String name, int door, String what) {
        wrong++;
        System.out.println("WRONG " + name + ", door " + door + ": " + what);
    }

    /** Prints the sum as the last line. */
    public void end() {
        System.out.println("shapes=" + shapes + " doors=" + doors + " new=" + expectedNew + " duplicate="
                + expectedDuplicates + " wrong=" + wrong);
    }

    /** Null if every call did what it should and was one claim; else what is wrong. For the test that started the program. */
    public static String problem(ForkedJvm.Result result) {
        Matcher sum = SUM.matcher(result.lastOut());
        if (result.exitCode() != 0 || !sum.matches()) {
            return "not every call did what it should: " + result;
        }
        String claims = "idempotent-trace: new=" + sum.group(3) + " duplicate=" + sum.group(4)
                + " conflict=0 in-progress=0 failed=0 unguarded=0";
        return result.lastErr().startsWith(claims) ? null : "not every call was one claim: " + result;
    }

    /** Where this class is, for the class path of a program that uses it. */
    public static String classPath() {
        try {
            return Path.of(MethodDoors.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
