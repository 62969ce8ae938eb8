package io.idempotenttrace.dist.app;

import java.lang.management.LockInfo;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Many threads load generated classes, annotated and not, each in an order of its own, through two loaders whose classes extend and
 * initialise each other. What takes too long ends with the stacks of all threads.
 */
public final class LoadingStorm {

    private static final int THREADS = 16;
    private static final int LIMIT_SECONDS = 120;

    private final int classes;
    private final AtomicInteger loaded = new AtomicInteger();
    private final List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());

    private LoadingStorm(int classes) {
        this.classes = classes;
    }

    /** @param arguments the folder of the generated classes, their number, and how often to load them all anew */
    public static void main(String[] arguments) throws Exception {
        Thread watch = new Thread(LoadingStorm::endWhenTooLong, "watch");
        watch.setDaemon(true);
        watch.start();
        LoadingStorm storm = new LoadingStorm(Integer.parseInt(arguments[1]));
        for (int round = 0; round < Integer.parseInt(arguments[2]); round++) {
            storm.run(Path.of(arguments[0]), round);
        }
        for (Throwable failure : storm.failures) {
            failure.printStackTrace();
        }
        System.out.println("loaded " + storm.loaded + " failures " + storm.failures.size());
        System.exit(storm.failures.isEmpty() ? 0 : 1);
    }

    private void run(Path folder, int round) throws Exception {
        Half[] halves = Half.two(folder);
        CyclicBarrier together = new CyclicBarrier(THREADS);
        CountDownLatch ended = new CountDownLatch(THREADS);
        for (int i = 0; i < THREADS; i++) {
            int seed = round * THREADS + i;
            new Thread(
                            () -> {
                                try {
                                    together.await();
                                    load(halves, new Random(seed));
                                } catch (Throwable e) {
                                    failures.add(e);
                                } finally {
                                    ended.countDown();
                                }
                            },
                            "loading-" + i)
                    .start();
        }
        ended.await();
    }

    private void load(Half[] halves, Random random) throws ReflectiveOperationException {
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < classes; i++) {
            order.add(i);
        }
        Collections.shuffle(order, random);
        for (int number : order) {
            Class<?> type = Class.forName("storm.Storm$C" + number, true, halves[random.nextInt(2)]);
            try {
                int answer = (int) type.getMethod("call", String.class).invoke(null, "k" + type.hashCode());
                if (answer != number) {
                    failures.add(new AssertionError(type + " answered " + answer));
                }
            } catch (InvocationTargetException e) {
                failures.add(e.getCause());
            }
            loaded.incrementAndGet();
        }
    }

    private static void endWhenTooLong() {
        try {
            TimeUnit.SECONDS.sleep(LIMIT_SECONDS);
        } catch (InterruptedException e) {
            return;
        }
        for (ThreadInfo thread : ManagementFactory.getThreadMXBean().dumpAllThreads(true, true)) {
            LockInfo lock = thread.getLockInfo();
            System.err.println(thread.getThreadName() + " " + thread.getThreadState()
                    + (lock == null ? "" : " waits for " + lock + " of " + thread.getLockOwnerName()));
            for (StackTraceElement frame : thread.getStackTrace()) {
                System.err.println("    " + frame);
            }
        }
        Runtime.getRuntime().halt(3);
    }

    /** Defines the generated classes of one parity; for those of the other it asks the other loader. */
    private static final class Half extends URLClassLoader {

        static {
            registerAsParallelCapable();
        }

        private final int parity;
        private Half other;

        private Half(URL folder, int parity) {
            super(new URL[] {folder}, LoadingStorm.class.getClassLoader());
            this.parity = parity;
        }

        static Half[] two(Path folder) throws MalformedURLException {
            Half[] halves = {
                new Half(folder.toUri().toURL(), 0), new Half(folder.toUri().toURL(), 1)
            };
            halves[0].other = halves[1];
            halves[1].other = halves[0];
            return halves;
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            int number =
                    name.startsWith("storm.Storm$") ? Integer.parseInt(name.substring("storm.Storm$C".length())) : -1;
            return number >= 0 && number % 2 != parity
                    ? other.loadClass(name, resolve)
                    : super.loadClass(name, resolve);
        }
    }
}
