package io.idempotenttrace.testkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Gives a target bytes that nobody would send: those of its corpus, which is in the repository, and others that are made of these by a
 * seed. In the build as many as take a second or so, always the same ones; with the system property {@code fuzz.seconds}, for that long and
 * by a seed of its own. What a target throws fails the test, and the bytes are kept in {@code target/fuzz}; a fault that is mended leaves
 * them in the corpus.
 */
public final class Fuzzing {

    /** What is to hold of any bytes. */
    @FunctionalInterface
    public interface Target {

        void accept(byte[] data) throws Exception;
    }

    private static final int IN_THE_BUILD = 2000;
    private static final int LONGEST = 4096;
    /** Slower than any input of that length may be. */
    private static final long SLOWEST_NANOS = TimeUnit.SECONDS.toNanos(20);

    private static final byte[] ODD_BYTES = {
        0, 1, ' ', '"', '/', '~', ':', '{', '[', '0', '9', 0x7f, (byte) 0x80, (byte) 0xc0, (byte) 0xff
    };

    private final String name;
    private final Target target;
    private final List<byte[]> corpus;
    private final List<byte[]> words;
    private final Random random;

    private Fuzzing(String name, Target target, List<byte[]> corpus, List<byte[]> words, long seed) {
        this.name = name;
        this.target = target;
        this.corpus = corpus;
        this.words = words;
        this.random = new Random(seed);
    }

    /**
     * @param name of the target: its corpus is the folder of that name in {@code src/test/resources/fuzz}, one file for each input
     * @param words that inputs of this kind are made of
     */
    public static void run(String name, List<String> words, Target target) {
        run(name, words, IN_THE_BUILD, target);
    }

    /** @param inTheBuild how many inputs are made in the build, beside those of the corpus */
    public static void run(String name, List<String> words, int inTheBuild, Target target) {
        String seconds = System.getProperty("fuzz.seconds", "");
        long seed = seconds.isEmpty() ? name.hashCode() : System.nanoTime();
        List<byte[]> known = corpus(Path.of("src", "test", "resources", "fuzz", name));
        Fuzzing fuzzing = new Fuzzing(
                name,
                target,
                known,
                words.stream()
                        .map(word -> word.getBytes(StandardCharsets.UTF_8))
                        .toList(),
                seed);
        known.forEach(fuzzing::give);
        if (seconds.isEmpty()) {
            for (int i = 0; i < inTheBuild; i++) {
                fuzzing.give(fuzzing.next());
            }
            return;
        }
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(Long.parseLong(seconds));
        long given = 0;
        while (System.nanoTime() - end < 0) {
            fuzzing.give(fuzzing.next());
            given++;
        }
        System.out.println("fuzz " + name + ": " + given + " inputs, seed " + seed);
    }

    private static List<byte[]> corpus(Path folder) {
        List<byte[]> inputs = new ArrayList<>();
        inputs.add(new byte[0]);
        if (!Files.isDirectory(folder)) {
            return inputs;
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.sorted().toList()) {
                inputs.add(Files.readAllBytes(file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return inputs;
    }

    private void give(byte[] data) {
        long begun = System.nanoTime();
        try {
            target.accept(data.clone());
        } catch (Throwable fault) {
            throw new AssertionError(name + " fails for " + kept(data), fault);
        }
        if (System.nanoTime() - begun > SLOWEST_NANOS) {
            throw new AssertionError(name + " takes too long for " + kept(data));
        }
    }

    private String kept(byte[] data) {
        try {
            Path folder = Files.createDirectories(Path.of("target", "fuzz", name));
            Path file = folder.resolve(Integer.toHexString(Arrays.hashCode(data)));
            Files.write(file, data);
            return file + ": " + HexFormat.of().formatHex(data.length <= 200 ? data : Arrays.copyOf(data, 200));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private byte[] next() {
        byte[] made = any(corpus);
        for (int changes = 1 + random.nextInt(6); changes > 0; changes--) {
            made = changed(made);
        }
        return made.length <= LONGEST ? made : Arrays.copyOf(made, LONGEST);
    }

    private byte[] changed(byte[] from) {
        int at = random.nextInt(from.length + 1);
        switch (random.nextInt(9)) {
            case 0: // One bit.
                return replaced(from, at, value -> (byte) (value ^ 1 << random.nextInt(8)));
            case 1:
                return replaced(from, at, value -> (byte) random.nextInt());
            case 2:
                return replaced(from, at, value -> ODD_BYTES[random.nextInt(ODD_BYTES.length)]);
            case 3: // Cut out.
                return spliced(from, at, Math.min(from.length, at + 1 + random.nextInt(16)), new byte[0]);
            case 4:
                return Arrays.copyOf(from, at);
            case 5: // A part of itself again.
                return spliced(from, at, at, Arrays.copyOfRange(from, at / 2, at));
            case 6: // The beginning of one with the end of another.
                byte[] other = any(corpus);
                int there = random.nextInt(other.length + 1);
                return spliced(from, at, from.length, Arrays.copyOfRange(other, there, other.length));
            case 7:
                byte[] some = new byte[1 + random.nextInt(8)];
                random.nextBytes(some);
                return spliced(from, at, at, some);
            default:
                return words.isEmpty() ? from : spliced(from, at, at, any(words));
        }
    }

    private byte[] any(List<byte[]> some) {
        return some.get(random.nextInt(some.size()));
    }

    private interface Change {

        byte of(byte value);
    }

    private static byte[] replaced(byte[] from, int at, Change change) {
        byte[] made = from.clone();
        if (at < made.length) {
            made[at] = change.of(made[at]);
        }
        return made;
    }

    private static byte[] spliced(byte[] from, int start, int end, byte[] between) {
        ByteArrayOutputStream made = new ByteArrayOutputStream();
        made.write(from, 0, start);
        made.write(between, 0, between.length);
        made.write(from, end, from.length - end);
        return made.toByteArray();
    }
}
