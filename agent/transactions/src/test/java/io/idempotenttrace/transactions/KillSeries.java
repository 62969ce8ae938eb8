package io.idempotenttrace.transactions;

import io.idempotenttrace.testkit.ForkedJvm;
import io.idempotenttrace.testkit.Jdks;
import io.idempotenttrace.transactions.killed.KilledWorker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/**
 * Kills workers at random moments, and delivers their messages again until they are acknowledged. Afterwards the tables say which keys
 * were lost and which came twice, and the database's log says where each kill fell.
 */
final class KillSeries {

    static final int ONE_COMMIT_FAILS_OF = 10;
    private static final String LEASE = "10s";
    /** From the first message that follows the start: a worker takes a dozen or so in this time. */
    private static final long MOST_LIFE_NANOS = TimeUnit.MILLISECONDS.toNanos(150);

    /**
     * What a series showed.
     *
     * @param lost keys that were acknowledged and have no row
     * @param twice rows beyond the first of their key
     * @param unexplained rows beyond the first whose predecessor's worker was not killed between its commit and its completion
     * @param uniqueTwice the same, of the table with the unique key
     * @param stuck keys that nobody acknowledged in the end
     * @param fell how many kills fell where, by the last statement of the killed session
     */
    record Outcome(
            int kills,
            int keys,
            Set<String> lost,
            int twice,
            Set<String> unexplained,
            int uniqueTwice,
            Set<String> stuck,
            Map<String, Integer> fell) {

        @Override
        public String toString() {
            return "kills=" + kills + " keys=" + keys + " LOST=" + lost.size() + " second rows=" + twice
                    + " of them unexplained=" + unexplained.size() + " second rows under a unique key=" + uniqueTwice
                    + " STUCK=" + stuck.size() + " fell " + fell;
        }
    }

    /** What the workers' JVMs are started with besides, such as an archive of their classes. */
    private static final String[] WORKER_JVM =
            System.getProperty("worker.jvm", "-XX:+UseSerialGC").split(" ");

    private final Postgres postgres;
    private final String agentArgument;
    private final int oneCommitFailsOf;
    private final Jdks.Jdk jdk;
    private final Random random;
    private final String run = UUID.randomUUID().toString().substring(0, 8);
    private final Set<String> taken = new TreeSet<>();
    private final Set<String> acknowledged = new TreeSet<>();
    private final List<String> killed = new ArrayList<>();

    /** @param more settings of the agent beside its store */
    KillSeries(Postgres postgres, String redisUrl, String more, int oneCommitFailsOf, Jdks.Jdk jdk, long seed)
            throws SQLException {
        this.postgres = postgres;
        this.oneCommitFailsOf = oneCommitFailsOf;
        this.jdk = jdk;
        this.random = new Random(seed);
        this.agentArgument = "command-timeout=30s,connect-timeout=30s,redis-url=" + redisUrl + ",tenant=killed-" + run
                + ",completion=sync,on-in-progress=throw,lease=" + LEASE + more;
        postgres.execute(
                "create table if not exists span(id varchar(100), worker varchar(100), written bigserial)",
                "create table if not exists unique_span(id varchar(100) primary key)",
                "truncate span",
                "truncate unique_span");
    }

    Outcome run(int kills) throws Exception {
        for (int i = 0; i < kills; i++) {
            String name = run + "-" + i;
            killed.add(name);
            try (ForkedJvm worker = start(name)) {
                worker.awaitOut("ready"::equals);
                LockSupport.parkNanos((long) (random.nextDouble() * MOST_LIFE_NANOS));
                worker.kill();
                note(worker.await().out());
            }
        }
        try (ForkedJvm drain = start("drain")) {
            note(drain.await().out());
        }
        return count(kills);
    }

    private ForkedJvm start(String name) {
        List<String> arguments = new ArrayList<>(List.of(name));
        taken.stream().filter(key -> !acknowledged.contains(key)).forEach(arguments::add);
        return ForkedJvm.on(jdk)
                .shortLived()
                .jvm(WORKER_JVM)
                .jvm("-Done-commit-fails-of=" + oneCommitFailsOf, "-Ddatabase=" + postgres.url(name))
                .agent(TransactionsIT.AGENT, agentArgument)
                .main(TransactionsIT.CLASS_PATH, KilledWorker.class.getName(), arguments.toArray(new String[0]))
                .start();
    }

    private void note(List<String> lines) {
        for (String line : lines) {
            if (line.startsWith("take ")) {
                taken.add(line.substring(5));
            } else if (line.startsWith("ack ")) {
                acknowledged.add(line.substring(4));
            }
        }
    }

    private Outcome count(int kills) throws Exception {
        Map<String, List<String>> workersOf = new TreeMap<>();
        int unique = 0;
        int uniqueKeys = 0;
        try (Connection connection = postgres.connect();
                Statement statement = connection.createStatement()) {
            // In the order of the inserts. The place of a row says nothing: the database reuses that of a row whose
            // transaction failed.
            try (ResultSet rows = statement.executeQuery("select id, worker from span order by written")) {
                while (rows.next()) {
                    workersOf
                            .computeIfAbsent(rows.getString(1), key -> new ArrayList<>())
                            .add(rows.getString(2));
                }
            }
            try (ResultSet counts = statement.executeQuery("select count(*), count(distinct id) from unique_span")) {
                counts.next();
                unique = counts.getInt(1);
                uniqueKeys = counts.getInt(2);
            }
        }
        Map<String, List<List<String>>> sessions = sessions();
        Set<String> lost = acknowledged.stream()
                .filter(key -> !workersOf.containsKey(key))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> stuck = taken.stream()
                .filter(key -> !acknowledged.contains(key))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> unexplained = new TreeSet<>();
        int twice = 0;
        for (Map.Entry<String, List<String>> key : workersOf.entrySet()) {
            List<String> workers = key.getValue();
            twice += workers.size() - 1;
            boolean explained = Set.copyOf(workers).size() == workers.size()
                    && workers.subList(0, workers.size() - 1).stream()
                            .allMatch(worker ->
                                    diedAfterCommitOf(key.getKey(), sessions.getOrDefault(worker, List.of())));
            if (!explained) {
                unexplained.add(key.getKey() + " by " + workers);
            }
        }
        Map<String, Integer> fell = new TreeMap<>();
        for (String name : killed) {
            // The session of its own messages; one of redeliveries may be there besides.
            for (List<String> session : sessions.getOrDefault(name, List.of()).subList(0, 1)) {
                fell.merge(place(session, workersOf), 1, Integer::sum);
            }
        }
        return new Outcome(kills, taken.size(), lost, twice, unexplained, unique - uniqueKeys, stuck, fell);
    }

    /** The statements of each session, in their order, by the worker's name. */
    private Map<String, List<List<String>>> sessions() throws Exception {
        Map<String, Map<String, List<String>>> byWorker = new HashMap<>();
        for (String line : postgres.log()) {
            String[] parts = line.split("/", 3);
            if (parts.length == 3 && parts[2].startsWith("LOG:  statement: ")) {
                byWorker.computeIfAbsent(parts[0], worker -> new LinkedHashMap<>())
                        .computeIfAbsent(parts[1], pid -> new ArrayList<>())
                        .add(parts[2].substring("LOG:  statement: ".length()));
            }
        }
        Map<String, List<List<String>>> sessions = new HashMap<>();
        byWorker.forEach((worker, byPid) -> sessions.put(worker, new ArrayList<>(byPid.values())));
        return sessions;
    }

    /** Whether one of these sessions ends with the commit of a transaction that inserted the key. */
    private static boolean diedAfterCommitOf(String key, List<List<String>> sessions) {
        return sessions.stream()
                .anyMatch(session -> last(session).startsWith("COMMIT")
                        && lastInsert(session).contains("('" + key + "'"));
    }

    private static String last(List<String> session) {
        return session.isEmpty() ? "" : session.get(session.size() - 1);
    }

    private static String lastInsert(List<String> session) {
        for (int i = session.size() - 1; i >= 0; i--) {
            if (session.get(i).startsWith("insert into span ")) {
                return session.get(i);
            }
        }
        return "";
    }

    private String place(List<String> session, Map<String, List<String>> workersOf) {
        String last = last(session);
        if (last.startsWith("COMMIT")) {
            String key = lastInsert(session).replaceFirst(".*?\\('([^']*)'.*", "$1");
            return workersOf.getOrDefault(key, List.of()).size() > 1
                    ? "between commit and completion"
                    : "after a commit or its failure";
        }
        return last.startsWith("BEGIN")
                ? "before the insert"
                : last.startsWith("insert") ? "before the commit" : "between transactions";
    }

    /** Arguments: the number of kills, and the seed. Settings: {@code agent.jar}, {@code application.classpath}, {@code redis.url}. */
    public static void main(String[] arguments) throws Exception {
        Path folder = Files.createTempDirectory("kills");
        try (Postgres postgres = Postgres.start(folder)) {
            long before = System.nanoTime();
            Outcome outcome = new KillSeries(
                            postgres,
                            System.getProperty("redis.url"),
                            System.getProperty("agent.more", ""),
                            ONE_COMMIT_FAILS_OF,
                            Jdks.all().get(0),
                            Long.parseLong(arguments[1]))
                    .run(Integer.parseInt(arguments[0]));
            System.out.println(outcome + " seconds=" + TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - before));
            if (!outcome.unexplained().isEmpty()
                    || !outcome.lost().isEmpty()
                    || !outcome.stuck().isEmpty()) {
                System.out.println("lost " + outcome.lost() + " unexplained " + outcome.unexplained() + " stuck "
                        + outcome.stuck());
                Files.write(Path.of("kills-postgres.log"), postgres.log());
            }
        }
    }
}
