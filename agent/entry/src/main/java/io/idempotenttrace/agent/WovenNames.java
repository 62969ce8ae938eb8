package io.idempotenttrace.agent;

import java.lang.instrument.Instrumentation;

/**
 * The names of classes whose subclasses the engine wants to see, since they may override a guarded method without being annotated: such a
 * class does not name the annotation. Where no annotated class is woven, there are none, and a class costs one read of a field. Lives on
 * the boot loader, which the engine shares with the entry. Safe for use by many threads.
 */
public final class WovenNames {

    /** More would come from classes that are generated without end. */
    private static final int MOST = 4096;

    private static volatile byte[][] names = new byte[0][];
    /** A bit for each length of a name, by its lowest six bits: most constants are none of these. */
    private static volatile long lengths;
    private static volatile Instrumentation instrumentation;

    private WovenNames() {
    }

    static void begin(Instrumentation ofThisJvm) {
        instrumentation = ofThisJvm;
    }

    /** Asks for the classes that name this one from now on; those loaded before are among {@link #loadedClasses}. */
    public static synchronized void add(String internalName) {
        byte[] name = new byte[internalName.length()];
        for (int i = 0; i < name.length; i++) {
            if (internalName.charAt(i) >= 0x80) {
                // Its constant is longer than its name; the look at all loaded classes finds its subclasses.
                return;
            }
            name[i] = (byte) internalName.charAt(i);
        }
        byte[][] before = names;
        if (before.length == MOST) {
            return;
        }
        byte[][] after = new byte[before.length + 1][];
        System.arraycopy(before, 0, after, 0, before.length);
        after[before.length] = name;
        lengths |= 1L << (name.length & 63);
        names = after;
    }

    /** All that the JVM has loaded; empty before the agent has begun. */
    public static Class<?>[] loadedClasses() {
        Instrumentation ofThisJvm = instrumentation;
        return ofThisJvm == null ? new Class<?>[0] : ofThisJvm.getAllLoadedClasses();
    }

    /** Whether a constant of the class file is such a name. Allocates nothing. */
    static boolean areIn(byte[] classFile) {
        byte[][] wanted = names;
        if (wanted.length == 0 || classFile.length < 10) {
            return false;
        }
        long wantedLengths = lengths;
        int entries = (classFile[8] & 0xff) << 8 | classFile[9] & 0xff;
        int position = 10;
        for (int i = 1; i < entries && position + 3 <= classFile.length; i++) {
            switch (classFile[position]) {
                case 1: // Utf8
                    int length = (classFile[position + 1] & 0xff) << 8 | classFile[position + 2] & 0xff;
                    if ((wantedLengths >>> (length & 63) & 1) != 0 && isOneOf(wanted, classFile, position + 3, length)) {
                        return true;
                    }
                    position += 3 + length;
                    break;
                case 5: // Long and Double take two entries
                case 6:
                    position += 9;
                    i++;
                    break;
                case 7: // Class, String, MethodType, Module, Package
                case 8:
                case 16:
                case 19:
                case 20:
                    position += 3;
                    break;
                case 15: // MethodHandle
                    position += 4;
                    break;
                default: // Integer, Float, the references, NameAndType, Dynamic, InvokeDynamic
                    position += 5;
                    break;
            }
        }
        return false;
    }

    private static boolean isOneOf(byte[][] wanted, byte[] classFile, int position, int length) {
        if (position + length > classFile.length) {
            return false;
        }
        for (byte[] name : wanted) {
            if (name.length == length) {
                int i = length - 1;
                while (i >= 0 && name[i] == classFile[position + i]) {
                    i--;
                }
                if (i < 0) {
                    return true;
                }
            }
        }
        return false;
    }
}
