package io.idempotenttrace.core.store;

import io.idempotenttrace.testkit.SharedData;
import io.idempotenttrace.testkit.TestRedis;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The rights of an ACL user as agent/docs/redis.md lists them, each list by the words that stand before it. */
enum ReadmeRights {
    ALWAYS("that suffice for an ACL user"),
    IN_A_CLUSTER("In a Cluster besides"),
    TO_BE_WOKEN("to be woken by its end"),
    TO_BE_WOKEN_IN_A_CLUSTER("woken in a Cluster of Redis 7"),
    FOR_THE_CACHE("For the cache of duplicates"),
    FOR_THE_WARNING("for the warning at the start"),
    FOR_REPLICAS("for `wait-replicas`"),
    FOR_DISKS("for `wait-disk`"),
    FOR_A_DATABASE("for a database other than 0");

    private static final String USER = "tracer";
    private static final String PASSWORD = "s3cret";

    private final Pattern sentence;

    ReadmeRights(String before) {
        sentence = Pattern.compile(before + ": `([^`]+)`");
    }

    /** The rights in their order, such as {@code +hset} or {@code ~idem:*}. */
    List<String> read() {
        try {
            Matcher found =
                    sentence.matcher(Files.readString(SharedData.repository().resolve("agent/docs/redis.md"))
                            .replaceAll("\\s+", " "));
            if (!found.find()) {
                throw new AssertionError("agent/docs/redis.md no longer lists rights as in " + sentence);
            }
            return List.of(found.group(1).trim().split(" "));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes a user with these rights alone, on each server. */
    static void grant(Collection<TestRedis> servers, ReadmeRights... lists) {
        List<String> rights = new ArrayList<>();
        for (ReadmeRights list : lists) {
            rights.addAll(list.read());
        }
        grant(servers, rights);
    }

    /** Makes the user anew with these rights alone, on each server. */
    static void grant(Collection<TestRedis> servers, List<String> rights) {
        // Redis 6.2 gives a new user all channels.
        List<String> command =
                new ArrayList<>(List.of("ACL", "SETUSER", USER, "reset", "on", ">" + PASSWORD, "resetchannels"));
        command.addAll(rights);
        servers.forEach(server -> server.call(command.toArray(new String[0])));
    }

    /** The URL with that user. */
    static String url(String anonymous) {
        return anonymous.replace("://", "://" + USER + ":" + PASSWORD + "@");
    }
}
