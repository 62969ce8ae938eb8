package io.idempotenttrace.chaos.run;

import io.idempotenttrace.chaos.worker.ChaosWorker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The workers of a run: as many as there are slots, each killed and started again as the nemesis likes. */
final class Fleet implements WorkerProcess.Listener, AutoCloseable {

    private static final int THREADS = 8;
    private static final int WARM_UP_TRIES = 10;
    private static final Pattern KEY = Pattern.compile("key '([^']*)' of tenant");
    private static final Pattern COUNTS = Pattern.compile(
            "idempotent-trace: new=(\\d+) duplicate=(\\d+) conflict=(\\d+) in-progress=(\\d+) failed=(\\d+) unguarded=(\\d+) .*");

    private final RunSettings settings;
    private final Servers servers;
    private final Path agent;
    private final Path folder;
    private final Path code;
    private final HistoryWriter history;
    private final WorkerProcess[] workers;
    private final int[] starts;
    private final boolean limitsThreads = ThreadLimit.isPossible();
    private MessageQueue queue;
    private volatile boolean closing;

    Fleet(RunSettings settings, Servers servers, Path agent, Path folder, HistoryWriter history) throws IOException {
        this.settings = settings;
        this.servers = servers;
        this.agent = agent;
        this.folder = folder;
        this.history = history;
        this.code = WorkerCode.copyTo(folder.resolve("worker"));
        this.workers = new WorkerProcess[settings.workers()];
        this.starts = new int[settings.workers()];
    }

    void begin(MessageQueue messages) throws InterruptedException {
        queue = messages;
        for (int slot = 0; slot < workers.length; slot++) {
            start(slot);
        }
        for (WorkerProcess worker : workers) {
            warmUp(worker);
        }
    }

    /** Starts the worker of that slot, and waits until it guards its calls. */
    void startAgain(int slot) throws InterruptedException {
        warmUp(start(slot));
    }

    /** The first calls of a JVM take their time, and on a busy machine more than a command may take. */
    private void warmUp(WorkerProcess worker) throws InterruptedException {
        worker.awaitReady();
        for (int tries = 0; tries < WARM_UP_TRIES && worker.isAlive(); tries++) {
            long call = queue.sendTo(worker, "strict", "call");
            for (int look = 0; look < 100 && queue.ranGuarded(call) == null; look++) {
                TimeUnit.MILLISECONDS.sleep(20);
            }
            if (queue.ranGuarded(call) != null) {
                break;
            }
        }
        worker.warm();
    }

    /** Whether a worker can be kept from starting threads. */
    boolean limitsThreads() {
        return limitsThreads;
    }

    int size() {
        return workers.length;
    }

    synchronized WorkerProcess worker(int slot) {
        return workers[slot];
    }

    /** Starts the worker of that slot, whose former process has ended or will. */
    synchronized WorkerProcess start(int slot) {
        String name = "w" + slot + "." + ++starts[slot];
        try {
            Path configuration = folder.resolve("agent-" + slot + ".properties");
            Files.write(
                    configuration,
                    List.of(
                            "redis-url=" + servers.url(slot),
                            "tenant=" + settings.tenant(),
                            "lease=" + RunSettings.LEASE_MILLIS + "ms",
                            "in-progress-wait=1s",
                            "command-timeout=2500ms",
                            "connect-timeout=2500ms",
                            "stop-wait=30s",
                            "log-period=1ms",
                            "on-store-failure=" + settings.policy(),
                            "scope.strict.on-store-failure=throw",
                            "scope.strict.completion=sync",
                            "scope.patient.lease=60s"));
            List<String> command = List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx64m",
                    "-Xss512k",
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "-javaagent:" + agent + "=config-file=" + configuration,
                    "-cp",
                    code.toString(),
                    ChaosWorker.class.getName(),
                    Integer.toString(THREADS));
            // Before it can say anything.
            history.event("worker", "worker", name, "state", "started");
            WorkerProcess started = new WorkerProcess(
                    name,
                    slot,
                    limitsThreads ? ThreadLimit.command(slot, command) : command,
                    servers.environment(),
                    this);
            workers[slot] = started;
            return started;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A worker that takes deliveries; null while there is none. */
    synchronized WorkerProcess pick(Random random) {
        List<WorkerProcess> available = new ArrayList<>();
        for (WorkerProcess worker : workers) {
            if (worker.isAvailable()) {
                available.add(worker);
            }
        }
        return available.isEmpty() ? null : available.get(random.nextInt(available.size()));
    }

    void kill(WorkerProcess worker) {
        history.event("worker", "worker", worker.name(), "state", "killed");
        worker.kill();
    }

    void pause(WorkerProcess worker) {
        history.event("worker", "worker", worker.name(), "state", "paused");
        worker.pause();
    }

    void resume(WorkerProcess worker) {
        worker.resume();
        history.event("worker", "worker", worker.name(), "state", "resumed");
    }

    void stop(WorkerProcess worker) throws InterruptedException {
        history.event("worker", "worker", worker.name(), "state", "stopping");
        worker.stop();
    }

    /** Every slot has a worker that runs. */
    void heal() throws InterruptedException {
        for (int slot = 0; slot < workers.length; slot++) {
            WorkerProcess worker = worker(slot);
            if (worker.isPaused()) {
                resume(worker);
            }
            if (!worker.isAlive() || !worker.isAvailable()) {
                if (worker.awaitEnd(45)) {
                    start(slot);
                }
            }
        }
        for (int slot = 0; slot < workers.length; slot++) {
            if (!worker(slot).isAvailable()) {
                warmUp(worker(slot));
            }
        }
    }

    @Override
    public void said(WorkerProcess worker, String[] words) {
        long at = Long.parseLong(words[1]);
        switch (words[0]) {
            case "B" -> {
                history.eventAt(at, "begin", "call", Long.parseLong(words[2]), "guard", words[3]);
                queue.begun(Long.parseLong(words[2]), words[3].equals("guarded"));
            }
            case "D" -> history.eventAt(at, "done", "call", Long.parseLong(words[2]), "value", words[3]);
            case "T" -> history.eventAt(at, "threw", "call", Long.parseLong(words[2]));
            case "X" ->
                history.eventAt(at, "tried", "call", Long.parseLong(words[2]), "times", Long.parseLong(words[3]));
            case "A" -> {
                history.eventAt(at, "answer", "call", Long.parseLong(words[2]), "answer", words[3], "value", words[4]);
                queue.answered(Long.parseLong(words[2]), words[3]);
            }
            case "F" -> System.err.println("worker " + worker.name() + ": " + String.join(" ", words));
            default ->
                throw new IllegalStateException("worker " + worker.name() + " said '" + String.join(" ", words) + "'");
        }
    }

    @Override
    public void printed(WorkerProcess worker, String line) {
        boolean fenced = line.contains(" ran twice: ");
        if (fenced || line.contains(" was not recorded: ")) {
            Matcher key = KEY.matcher(line);
            if (key.find()) {
                history.event(
                        "told", "worker", worker.name(), "key", key.group(1), "what", fenced ? "fenced" : "unrecorded");
            }
        }
        Matcher counts = COUNTS.matcher(line);
        if (counts.matches()) {
            history.event(
                    "counts",
                    "worker",
                    worker.name(),
                    "new",
                    Long.parseLong(counts.group(1)),
                    "duplicate",
                    Long.parseLong(counts.group(2)),
                    "conflict",
                    Long.parseLong(counts.group(3)),
                    "inProgress",
                    Long.parseLong(counts.group(4)),
                    "failed",
                    Long.parseLong(counts.group(5)),
                    "unguarded",
                    Long.parseLong(counts.group(6)));
        }
        log(worker, line);
    }

    private synchronized void log(WorkerProcess worker, String line) {
        try {
            Files.writeString(
                    folder.resolve("workers.log"),
                    worker.name() + " " + line + "\n",
                    java.nio.file.StandardOpenOption.CREATE,
                    java.nio.file.StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void ended(WorkerProcess worker) {
        history.event("worker", "worker", worker.name(), "state", "exited");
        queue.workerEnded(worker);
        if (!closing && worker.isAlive()) {
            throw new IllegalStateException("worker " + worker.name() + " has ended, and lives");
        }
    }

    /** Stops all in good order, so that each says what it has counted. */
    void stopAll() throws InterruptedException {
        closing = true;
        for (WorkerProcess worker : workers) {
            if (worker.isAlive()) {
                stop(worker);
            }
        }
        for (WorkerProcess worker : workers) {
            worker.awaitEnd(60);
        }
    }

    @Override
    public void close() {
        closing = true;
        for (WorkerProcess worker : workers) {
            if (worker != null) {
                worker.kill();
            }
        }
    }
}
