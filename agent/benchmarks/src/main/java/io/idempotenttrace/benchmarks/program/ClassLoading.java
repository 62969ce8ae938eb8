package io.idempotenttrace.benchmarks.program;

import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Loads and initialises many classes that differ in nothing but their name, and prints how long that took, by the clock and of the CPU. */
public final class ClassLoading {

    private static final byte[] NUMBER = "00000".getBytes(StandardCharsets.ISO_8859_1);

    private ClassLoading() {}

    /** @param arguments the template's simple name, how many classes */
    public static void main(String[] arguments) throws Exception {
        String template = arguments[0];
        byte[][] files = copies(template, Integer.parseInt(arguments[1]));
        Copies loader = new Copies(files);
        String prefix =
                ClassLoading.class.getPackageName() + '.' + template.substring(0, template.length() - NUMBER.length);
        String[] names = new String[files.length];
        for (int i = 0; i < names.length; i++) {
            names[i] = prefix + digits(i);
        }
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long cpuBegin = threads.getCurrentThreadCpuTime();
        long begin = System.nanoTime();
        for (String name : names) {
            Class.forName(name, true, loader);
        }
        long end = System.nanoTime();
        System.out.println((end - begin) + " " + (threads.getCurrentThreadCpuTime() - cpuBegin));
    }

    private static String digits(int number) {
        return String.valueOf(100_001 + number).substring(1);
    }

    /** The template's class file with another number of as many digits wherever its own stands: nothing else has to change. */
    private static byte[][] copies(String template, int count) throws IOException {
        byte[] original;
        try (InputStream in = ClassLoading.class.getResourceAsStream(template + ".class")) {
            original = in.readAllBytes();
        }
        byte[] own = template.getBytes(StandardCharsets.ISO_8859_1);
        byte[][] copies = new byte[count][];
        for (int i = 0; i < count; i++) {
            byte[] copy = original.clone();
            byte[] digits = digits(i).getBytes(StandardCharsets.ISO_8859_1);
            for (int at = 0; at + own.length <= copy.length; at++) {
                if (Arrays.equals(original, at, at + own.length, own, 0, own.length)) {
                    System.arraycopy(digits, 0, copy, at + own.length - NUMBER.length, NUMBER.length);
                }
            }
            copies[i] = copy;
        }
        return copies;
    }

    private static final class Copies extends ClassLoader {

        private final byte[][] files;

        Copies(byte[][] files) {
            super(ClassLoading.class.getClassLoader());
            this.files = files;
        }

        /** Asks the parent for other classes only: to miss each name in its jars first would be most of the time. */
        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            int number = name.endsWith("Class00000") ? 0 : number(name);
            return number == 0
                    ? super.loadClass(name, resolve)
                    : defineClass(name, files[number - 1], 0, files[number - 1].length);
        }

        private static int number(String name) {
            int digits = name.length() - NUMBER.length;
            return digits > 0 && Character.isDigit(name.charAt(digits)) ? Integer.parseInt(name.substring(digits)) : 0;
        }
    }
}
