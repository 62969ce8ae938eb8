package io.idempotenttrace.agent;

import java.lang.instrument.Instrumentation;
import org.jspecify.annotations.Nullable;

/**
 * Names that the engine looks for in the constants of classes that are not annotated: those of woven classes, whose subclasses may override a
 * guarded method, and those that a JDBC driver uses. Where no annotated class is woven, there are none, and a class costs one read of a field. Lives on
 * the boot loader, which the engine shares with the entry. Safe for use by many threads.
 */
public final class WovenNames {

    /** More would come from classes that are generated without end. */
    private static final int MOST = 4096;

    /** Names that are looked for, as a constant pool holds them. Immutable. */
    static final class Wanted {

        final byte[][] names;
        /** A bit for each length of a name, by its lowest six bits: most constants are none of these. */
        private final long lengths;

        Wanted(byte[][] names, long lengths) {
            this.names = names;
            this.lengths = lengths;
        }

        boolean mayHaveLength(int length) {
            return (lengths >>> (length & 63) & 1) != 0;
        }
    }

    static final Wanted NONE = new Wanted(new byte[0][], 0);

    private static volatile Wanted wanted = NONE;
    private static volatile @Nullable Instrumentation instrumentation;

    private WovenNames() {}

    static void begin(Instrumentation ofThisJvm) {
        instrumentation = ofThisJvm;
    }

    /** Asks for the classes that name this one from now on; those loaded before are among {@link #loadedClasses}. */
    public static synchronized void add(String internalName) {
        for (int i = 0; i < internalName.length(); i++) {
            if (internalName.charAt(i) >= 0x80 || internalName.charAt(i) == 0) {
                // Its constant is longer than its name; the look at all loaded classes finds its subclasses.
                return;
            }
        }
        byte[] name = ascii(internalName);
        byte[][] before = wanted.names;
        if (before.length == MOST) {
            return;
        }
        byte[][] after = new byte[before.length + 1][];
        System.arraycopy(before, 0, after, 0, before.length);
        after[before.length] = name;
        wanted = new Wanted(after, wanted.lengths | 1L << (name.length & 63));
    }

    static Wanted wanted() {
        return wanted;
    }

    /** All that the JVM has loaded; empty before the agent has begun. */
    public static Class<?>[] loadedClasses() {
        Instrumentation ofThisJvm = instrumentation;
        return ofThisJvm == null ? new Class<?>[0] : ofThisJvm.getAllLoadedClasses();
    }

    /**
     * Has the classes looked at once more, as if they were loaded now.
     *
     * @throws Exception or an Error, with none of them changed, if the JVM refuses one
     */
    public static void retransform(Class<?>[] classes) throws Exception {
        Instrumentation ofThisJvm = instrumentation;
        if (ofThisJvm != null) {
            ofThisJvm.retransformClasses(classes);
        }
    }

    /** Without a charset: the first use of one loads all the standard ones. */
    static byte[] ascii(String text) {
        byte[] bytes = new byte[text.length()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) text.charAt(i);
        }
        return bytes;
    }
}
