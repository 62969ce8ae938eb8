package io.idempotenttrace.weaver;

import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.Opcodes;

/**
 * Reads class files of newer Java versions than ASM knows as if they were of the newest that it knows: from version to version
 * little changes. What it does not understand it refuses; then the class is reported.
 */
final class ClassFiles {

    /** JVMS 4.1: two bytes minor, two bytes major version. */
    private static final int VERSION_AT = 4;

    private static final int NEWEST_KNOWN = Opcodes.V28;

    private ClassFiles() {}

    static ClassReader reader(byte[] classFile) {
        if (major(classFile) <= NEWEST_KNOWN) {
            return new ClassReader(classFile);
        }
        byte[] lowered = classFile.clone();
        setMajor(lowered, NEWEST_KNOWN);
        return new ClassReader(lowered);
    }

    /** The woven class with the version of the original. */
    static byte[] withVersionOf(byte[] original, byte[] woven) {
        setMajor(woven, major(original));
        return woven;
    }

    private static int major(byte[] classFile) {
        return (classFile[VERSION_AT + 2] & 0xff) << 8 | classFile[VERSION_AT + 3] & 0xff;
    }

    private static void setMajor(byte[] classFile, int major) {
        classFile[VERSION_AT + 2] = (byte) (major >> 8);
        classFile[VERSION_AT + 3] = (byte) major;
    }
}
