package io.idempotenttrace.testkit;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/**
 * Stands between clients and a Redis, and does to single commands what networks do: loses a request or a reply, delays,
 * keeps silent, refuses. It knows where commands and replies begin and end, so that a fault hits the one that is meant. Safe
 * for use by many threads.
 */
public final class TcpProxy implements AutoCloseable {

    /** What befalls a command. */
    private enum Fate {
        PASS,
        CUT_BEFORE_SENDING,
        CUT_REPLY,
        KEEP_REPLY,
        DROP_REPLY,
        REPLACE_REPLY
    }

    /** A fault that waits for its command. */
    public static final class Fault {

        private final Predicate<String> wanted;
        private final Fate fate;
        private final byte[] reply;
        private final AtomicInteger left;
        private final AtomicInteger struck = new AtomicInteger();

        private Fault(Predicate<String> wanted, Fate fate, String reply, int times) {
            this.wanted = wanted;
            this.fate = fate;
            this.reply = reply == null ? null : ("-" + reply + "\r\n").getBytes(StandardCharsets.UTF_8);
            this.left = new AtomicInteger(times);
        }

        /** How many commands it has befallen. */
        public int struck() {
            return struck.get();
        }

        private boolean strikes(String command) {
            if (!wanted.test(command) || left.getAndUpdate(n -> Math.max(0, n - 1)) == 0) {
                return false;
            }
            struck.incrementAndGet();
            return true;
        }
    }

    private static final int ATTEMPTS = 5;
    private static final int CONNECT_MILLIS = 30_000;

    private static final Fault PASS = new Fault(command -> true, Fate.PASS, null, Integer.MAX_VALUE);

    private final String host;
    private final int target;
    private final int port;
    private final List<Fault> faults = new CopyOnWriteArrayList<>();
    private final Set<Link> links = ConcurrentHashMap.newKeySet();
    private final AtomicInteger taken = new AtomicInteger();
    private volatile ServerSocket listener;
    private volatile long delayMillis;
    private volatile boolean silent;
    private volatile boolean closed;

    private TcpProxy(String host, int target) throws IOException {
        this.host = host;
        this.target = target;
        this.port = listenSomewhere();
    }

    /** A port that is free may be another process' before it is taken. */
    private int listenSomewhere() throws IOException {
        for (int attempt = 1; ; attempt++) {
            int free = FreePort.find();
            try {
                listen(free);
                return free;
            } catch (BindException taken) {
                if (attempt == ATTEMPTS) {
                    throw taken;
                }
            }
        }
    }

    public static TcpProxy to(TestRedis redis) {
        return to("127.0.0.1", redis.port());
    }

    public static TcpProxy to(String host, int target) {
        try {
            return new TcpProxy(host, target);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int port() {
        return port;
    }

    public String url() {
        return "redis://127.0.0.1:" + port;
    }

    /**
     * The next commands that match are not sent, and their connections are cut.
     *
     * @param command gets the command's words, separated by blanks
     */
    public Fault cutBeforeSending(int times, Predicate<String> command) {
        return add(new Fault(command, Fate.CUT_BEFORE_SENDING, null, times));
    }

    /** Redis runs the next commands that match; their connections are cut in place of the reply. */
    public Fault cutReply(int times, Predicate<String> command) {
        return add(new Fault(command, Fate.CUT_REPLY, null, times));
    }

    /** Redis runs the next commands that match; their replies never come, nor does anything later on those connections. */
    public Fault keepReply(int times, Predicate<String> command) {
        return add(new Fault(command, Fate.KEEP_REPLY, null, times));
    }

    /** Redis runs the next commands that match; their replies are left out, so that each later reply meets the command before its own. */
    public Fault dropReply(int times, Predicate<String> command) {
        return add(new Fault(command, Fate.DROP_REPLY, null, times));
    }

    /** Redis runs the next commands that match; the client gets that error in place of their replies. */
    public Fault replaceReply(int times, String error, Predicate<String> command) {
        return add(new Fault(command, Fate.REPLACE_REPLY, error, times));
    }

    private Fault add(Fault fault) {
        faults.add(fault);
        return fault;
    }

    /** From now on replies come that much later. */
    public void delayReplies(long millis) {
        delayMillis = millis;
    }

    /** Half-open: connections stay, and are taken, but nothing comes through in either direction. */
    public void beSilent() {
        silent = true;
    }

    /** Half-open, as where a load balancer has forgotten them: nothing comes through the connections that are there; new ones are well. */
    public void silenceOpenOnes() {
        links.forEach(link -> link.mute = true);
    }

    /** How many connections it has taken. */
    public int taken() {
        return taken.get();
    }

    /** Connections are cut, and new ones refused, as by a machine that runs without Redis. */
    public void refuse() {
        close(listener);
        links.forEach(Link::cut);
    }

    /** Cuts all connections; new ones are taken. */
    public void cutAll() {
        links.forEach(Link::cut);
    }

    /** Ends every fault. Connections that were silent are cut: what they swallowed is lost. */
    public void heal() {
        faults.clear();
        delayMillis = 0;
        if (silent) {
            silent = false;
            cutAll();
        }
        if (listener.isClosed()) {
            try {
                listen(port);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void listen(int free) throws IOException {
        ServerSocket opened = new ServerSocket();
        opened.setReuseAddress(true);
        opened.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), free), 128);
        listener = opened;
        start("proxy-listener", () -> {
            while (true) {
                Link link = new Link(opened.accept());
                links.add(link);
                taken.incrementAndGet();
                link.begin();
                if (opened.isClosed()) {
                    link.cut();
                }
            }
        });
    }

    @Override
    public void close() {
        closed = true;
        refuse();
    }

    private interface Work {

        void run() throws IOException, InterruptedException;
    }

    private static void start(String name, Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (IOException e) {
                        // A connection's end is its thread's end.
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
    }

    private static void close(AutoCloseable closeable) {
        try {
            closeable.close();
        } catch (Exception e) {
            // It is of no use any more either way.
        }
    }

    /** One client's connection, and the one to Redis that belongs to it. */
    private final class Link {

        private record Delivery(byte[] bytes, long atNanos) {}

        private final Socket client;
        private final Socket server = new Socket();
        /** What is to befall the replies that have not come yet, in their order. */
        private final Deque<Fault> expected = new ArrayDeque<>();

        private final BlockingQueue<Delivery> deliveries = new LinkedBlockingQueue<>();
        /** A subscriber's messages answer no command. */
        private volatile boolean subscriber;

        private volatile boolean mute;

        Link(Socket client) {
            this.client = client;
        }

        void begin() {
            start("proxy-requests", () -> during(this::forwardRequests));
            start("proxy-deliveries", () -> during(this::deliver));
        }

        private void during(Work work) throws IOException, InterruptedException {
            try {
                work.run();
            } finally {
                cut();
            }
        }

        void cut() {
            close(client);
            close(server);
            links.remove(this);
        }

        private void forwardRequests() throws IOException {
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            server.connect(new InetSocketAddress(host, target), CONNECT_MILLIS);
            start("proxy-replies", () -> during(this::takeReplies));
            InputStream in = new BufferedInputStream(client.getInputStream());
            OutputStream out = new BufferedOutputStream(server.getOutputStream(), 1 << 16);
            while (true) {
                RespFrame request = RespFrame.read(in);
                Fault fault = fateOf(request.words());
                if (silent || mute) {
                    continue;
                }
                if (fault.fate == Fate.CUT_BEFORE_SENDING) {
                    return;
                }
                subscriber |= request.words().startsWith("SUBSCRIBE ")
                        || request.words().startsWith("SSUBSCRIBE ");
                synchronized (expected) {
                    expected.add(fault);
                }
                out.write(request.bytes());
                if (in.available() == 0) {
                    out.flush();
                }
            }
        }

        private Fault fateOf(String command) {
            for (Fault fault : faults) {
                if (fault.strikes(command)) {
                    return fault;
                }
            }
            return PASS;
        }

        private void takeReplies() throws IOException {
            InputStream in = new BufferedInputStream(server.getInputStream());
            while (true) {
                RespFrame reply = RespFrame.read(in);
                Fault fault = PASS;
                if (!reply.isPush() && !subscriber) {
                    synchronized (expected) {
                        fault = expected.isEmpty() ? PASS : expected.remove();
                    }
                }
                if (fault.fate == Fate.CUT_REPLY) {
                    return;
                }
                mute |= fault.fate == Fate.KEEP_REPLY;
                if (!silent && !mute && fault.fate != Fate.DROP_REPLY) {
                    byte[] bytes = fault.fate == Fate.REPLACE_REPLY ? fault.reply : reply.bytes();
                    deliveries.add(new Delivery(bytes, System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(delayMillis)));
                }
            }
        }

        private void deliver() throws IOException, InterruptedException {
            OutputStream out = new BufferedOutputStream(client.getOutputStream(), 1 << 16);
            while (!closed && !client.isClosed()) {
                Delivery next = deliveries.poll();
                if (next == null) {
                    out.flush();
                    next = deliveries.poll(1, TimeUnit.SECONDS);
                }
                if (next == null) {
                    continue;
                }
                long early = next.atNanos - System.nanoTime();
                if (early > 0) {
                    out.flush();
                    TimeUnit.NANOSECONDS.sleep(early);
                }
                out.write(next.bytes);
            }
        }
    }
}
