package io.idempotenttrace.weaver;

import java.io.InputStream;
import java.util.function.BiFunction;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import org.jspecify.annotations.Nullable;

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

    /**
     * The class file as the loader shows it; null if it shows none. No class is loaded. The loader may be the application's code, which
     * may throw anything.
     *
     * @param loader null for the one of the class path
     */
    static byte @Nullable [] shownBy(@Nullable ClassLoader loader, String internalName) {
        String resource = internalName + ".class";
        try (InputStream in = loader == null
                ? ClassLoader.getSystemResourceAsStream(resource)
                : loader.getResourceAsStream(resource)) {
            return in == null ? null : in.readAllBytes();
        } catch (VirtualMachineError e) {
            throw e;
        } catch (Throwable e) {
            return null;
        }
    }

    /** The woven class with the version of the original. */
    static byte[] withVersionOf(byte[] original, byte[] woven) {
        setMajor(woven, major(original));
        return woven;
    }

    /**
     * The class with other code in some of its methods. It keeps its shape, and the methods that are left as they are their bytes.
     *
     * @param reader of that class file
     * @param parsingOptions of {@link ClassReader#accept}
     * @param change takes a method's name and descriptor, one behind the other, and what writes its copy, and gives what its events go to: the
     *        same where it is left as it is
     */
    static byte[] rewrite(
            byte[] classFile,
            ClassReader reader,
            int parsingOptions,
            BiFunction<String, MethodVisitor, MethodVisitor> change) {
        ClassWriter writer = new ClassWriter(reader, /* flags= */ 0);
        reader.accept(
                new ClassVisitor(Opcodes.ASM9, writer) {
                    @Override
                    public MethodVisitor visitMethod(
                            int access, String name, String descriptor, String signature, String[] exceptions) {
                        return change.apply(
                                name + descriptor, super.visitMethod(access, name, descriptor, signature, exceptions));
                    }
                },
                parsingOptions);
        return withVersionOf(classFile, writer.toByteArray());
    }

    private static int major(byte[] classFile) {
        return (classFile[VERSION_AT + 2] & 0xff) << 8 | classFile[VERSION_AT + 3] & 0xff;
    }

    private static void setMajor(byte[] classFile, int major) {
        classFile[VERSION_AT + 2] = (byte) (major >> 8);
        classFile[VERSION_AT + 3] = (byte) major;
    }
}
