package io.idempotenttrace.core.operate;

import io.idempotenttrace.core.store.redis.RedisRecords;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/** How far a server's clock is from ours, and how long it takes to answer. */
final class TimingChecks {

    private static final int ROUND_TRIPS = 100;
    private static final int CLOCK_READINGS = 5;
    private static final long CLOCK_MILLIS = 2000;
    private static final double SLOW_MILLIS = 20;

    private TimingChecks() {}

    static Finding roundTrip(Probe server, long commandTimeoutMillis) {
        double[] millis = new double[ROUND_TRIPS];
        try {
            for (int i = 0; i < ROUND_TRIPS; i++) {
                long begun = System.nanoTime();
                server.ask(server.commands.command("PING"));
                millis[i] = (System.nanoTime() - begun) / 1e6;
            }
        } catch (ExecutionException | TimeoutException e) {
            return Finding.fail("round trip", "it does not answer a PING", "look at its load and the network");
        }
        Arrays.sort(millis);
        double median = millis[ROUND_TRIPS / 2];
        double slow = millis[ROUND_TRIPS * 99 / 100];
        String said = String.format(Locale.ROOT, "p50 %.2f ms, p99 %.2f ms", median, slow);
        return median > SLOW_MILLIS || slow > commandTimeoutMillis / 2.0
                ? Finding.warn(
                        "round trip",
                        said + "; each first call waits for one, within command-timeout",
                        "look at its load and the network")
                : Finding.ok("round trip", said);
    }

    /** Of several readings, the one that was answered fastest is nearest. */
    static Finding clock(Probe server) {
        long fastest = Long.MAX_VALUE;
        long ahead = 0;
        try {
            for (int i = 0; i < CLOCK_READINGS; i++) {
                long begun = System.currentTimeMillis();
                List<Object> time = server.ask(server.commands.command("TIME"));
                long ended = System.currentTimeMillis();
                if (ended - begun < fastest) {
                    fastest = ended - begun;
                    ahead = RedisRecords.millis(time) - (begun + ended) / 2;
                }
            }
        } catch (ExecutionException | TimeoutException e) {
            return Finding.warn("clock", "it can't be read", "ACL SETUSER <user> +time");
        }
        String said = Math.abs(ahead) + " ms " + (ahead < 0 ? "behind" : "ahead of") + " this machine's";
        return Math.abs(ahead) > CLOCK_MILLIS + fastest
                ? Finding.warn(
                        "clock",
                        said + "; leases count by the clock of Redis alone, and end early or late when it is set",
                        "let both machines follow one time server (NTP), and slew the clock rather than set it")
                : Finding.ok("clock", said);
    }
}
