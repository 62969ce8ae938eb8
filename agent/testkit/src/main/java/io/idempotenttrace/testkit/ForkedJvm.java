package io.idempotenttrace.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A JVM of its own, as users start one. Both outputs are drained; a child that outlives its time is destroyed. */
public final class ForkedJvm implements AutoCloseable {

    private static final long MAX_SECONDS = 300;

    /** How a JVM ended and what it printed. */
    public record Result(int exitCode, List<String> out, List<String> err) {

        /** Everything, for the message of a failed assertion. */
        @Override
        public String toString() {
            return "exit " + exitCode + "\nout: " + String.join("\n     ", out) + "\nerr: "
                    + String.join("\n     ", err);
        }

        public String lastOut() {
            return out.isEmpty() ? "" : out.get(out.size() - 1);
        }

        public String lastErr() {
            return err.isEmpty() ? "" : err.get(err.size() - 1);
        }
    }

    /** What a JVM is started with. */
    public static final class Builder {

        private final List<String> command = new ArrayList<>();
        private final List<String> jvmArguments = new ArrayList<>();
        private final List<String> program = new ArrayList<>();
        private final Map<String, String> environment = new LinkedHashMap<>();
        private Path folder;

        private Builder(Jdks.Jdk jdk) {
            command.add(jdk.java().toString());
        }

        public Builder jvm(String... arguments) {
            jvmArguments.addAll(List.of(arguments));
            return this;
        }

        /**
         * Without the optimizing compiler and a parallel collector: they take a JVM that lives for seconds more time than they save. Not for
         * tests of threads.
         */
        public Builder shortLived() {
            return jvm("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");
        }

        /** @param argument the agent's argument; empty for none */
        public Builder agent(Path jar, String argument) {
            return jvm("-javaagent:" + jar + (argument.isEmpty() ? "" : "=" + argument));
        }

        public Builder environment(String name, String value) {
            environment.put(name, value);
            return this;
        }

        public Builder clock(ClockShift clock) {
            environment.putAll(clock.environment());
            return this;
        }

        /** The process may have so many files and connections open. */
        public Builder descriptors(int most) {
            command.addAll(0, List.of("sh", "-c", "ulimit -n " + most + " && exec \"$@\"", "sh"));
            return this;
        }

        public Builder folder(Path workingFolder) {
            folder = workingFolder;
            return this;
        }

        public Builder main(String classPath, String mainClass, String... arguments) {
            program.addAll(List.of("-cp", classPath, mainClass));
            program.addAll(List.of(arguments));
            return this;
        }

        public Builder jar(Path jar, String... arguments) {
            program.addAll(List.of("-jar", jar.toString()));
            program.addAll(List.of(arguments));
            return this;
        }

        /** @param mainClass as {@code module/class} */
        public Builder module(String mainClass, String... arguments) {
            program.addAll(List.of("-m", mainClass));
            program.addAll(List.of(arguments));
            return this;
        }

        public ForkedJvm start() {
            List<String> all = new ArrayList<>(command);
            all.addAll(jvmArguments);
            all.addAll(program);
            ProcessBuilder builder = new ProcessBuilder(all);
            // What configures the agent on the machine must not leak into a test.
            builder.environment()
                    .keySet()
                    .removeIf(name -> name.equals("REDIS_URL")
                            || name.startsWith("IDEMPOTENT_TRACE_")
                            || name.equals("JAVA_TOOL_OPTIONS")
                            || name.equals("JDK_JAVA_OPTIONS"));
            builder.environment().putAll(environment);
            if (folder != null) {
                builder.directory(folder.toFile());
            }
            try {
                return new ForkedJvm(builder.start());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** Starts it and waits for its end. */
        public Result run() {
            try (ForkedJvm jvm = start()) {
                return jvm.await();
            }
        }
    }

    private final Process process;
    private final Drain out;
    private final Drain err;

    private ForkedJvm(Process process) {
        this.process = process;
        this.out = new Drain(process.getInputStream());
        this.err = new Drain(process.getErrorStream());
    }

    public static Builder on(Jdks.Jdk jdk) {
        return new Builder(jdk);
    }

    public long pid() {
        return process.pid();
    }

    /** As {@code kill -9}. */
    public void kill() {
        process.destroyForcibly();
    }

    /** As {@code kill}: it stops in good order. */
    public void stop() {
        Signals.send("TERM", process.pid());
    }

    /** Stops all its threads at once, as a long pause of its collector or of its machine does. */
    public void pause() {
        Signals.send("STOP", process.pid());
    }

    /** Lets it go on after {@link #pause}. */
    public void resume() {
        Signals.send("CONT", process.pid());
    }

    /** Waits until a line of stderr matches, and returns it. */
    public String awaitErr(Predicate<String> wanted) {
        return err.await(wanted, this);
    }

    /** Waits until a line of stdout matches, and returns it. */
    public String awaitOut(Predicate<String> wanted) {
        return out.await(wanted, this);
    }

    /** Waits for the end. */
    public Result await() {
        return await(MAX_SECONDS);
    }

    /** Waits for the end, that many seconds at most. */
    public Result await(long maxSeconds) {
        try {
            boolean ended = process.waitFor(maxSeconds, TimeUnit.SECONDS);
            if (!ended) {
                process.destroyForcibly().waitFor();
            }
            out.thread.join();
            err.thread.join();
            Result result = new Result(process.exitValue(), out.copy(), err.copy());
            if (!ended) {
                throw new AssertionError("the JVM did not end within " + maxSeconds + " s: " + result);
            }
            return result;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for a forked JVM", e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    /** Collects the lines of one output. */
    private static final class Drain {

        private final List<String> lines = new ArrayList<>();
        private final Thread thread;
        private boolean closed;

        Drain(InputStream stream) {
            thread = new Thread(() -> collect(stream), "forked-jvm-output");
            thread.setDaemon(true);
            thread.start();
        }

        private void collect(InputStream stream) {
            try (BufferedReader reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
                for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                    synchronized (this) {
                        lines.add(line);
                        notifyAll();
                    }
                }
            } catch (IOException e) {
                // The process was destroyed.
            } finally {
                synchronized (this) {
                    closed = true;
                    notifyAll();
                }
            }
        }

        synchronized List<String> copy() {
            return List.copyOf(lines);
        }

        synchronized String await(Predicate<String> wanted, ForkedJvm jvm) {
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(MAX_SECONDS);
            for (int seen = 0; ; ) {
                for (; seen < lines.size(); seen++) {
                    if (wanted.test(lines.get(seen))) {
                        return lines.get(seen);
                    }
                }
                long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (closed || left <= 0) {
                    throw new AssertionError(
                            "the awaited line did not come; out: " + lines + "; err: " + jvm.err.copy());
                }
                try {
                    wait(left);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new IllegalStateException("interrupted while waiting for a forked JVM", e);
                }
            }
        }
    }
}
