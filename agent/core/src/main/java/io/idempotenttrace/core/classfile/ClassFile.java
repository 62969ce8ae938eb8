package io.idempotenttrace.core.classfile;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The fields and methods of a class file (JVMS 4). Read for a question that is asked once for each class, so it keeps the bytes
 * and decodes names when they are asked for. Not safe for use by several threads.
 */
public final class ClassFile {

    private static final int PRIVATE = 0x0002;
    private static final int STATIC = 0x0008;
    private static final int METHOD_HANDLE = 15;

    /**
     * A method with code.
     *
     * @param code where its instructions begin
     * @param length how many bytes they are
     * @param handlers where the exception handlers begin, counted from {@code code}
     */
    record Method(
            String name, String descriptor, int access, int maxLocals, int code, int length, Set<Integer> handlers) {

        boolean isStatic() {
            return (access & STATIC) != 0;
        }

        boolean isPrivate() {
            return (access & PRIVATE) != 0;
        }
    }

    /**
     * A member that an instruction names.
     *
     * @param owner the class as instructions name it, with slashes
     */
    record Reference(String owner, String name, String descriptor) {}

    /**
     * A method handle among the constants (JVMS 4.4.8).
     *
     * @param kind from 1, REF_getField, to 9, REF_invokeInterface
     */
    record Handle(int kind, Reference member) {

        boolean readsField() {
            return kind == 1;
        }

        boolean isOfField() {
            return kind <= 4;
        }

        /** Whether it calls the method of its owner, or one that overrides it. */
        boolean isExact() {
            return kind >= 6 && kind <= 8;
        }
    }

    private final byte[] bytes;
    /** Where each constant begins, behind its tag. */
    private final int[] constants;

    private final Map<String, Method> methods = new HashMap<>();
    private final Set<String> constantFields = new HashSet<>();
    private final List<String> nestMembers = new ArrayList<>();
    private final String superName;
    /** Where the number of bootstrap methods is; 0 if the class has none. */
    private int bootstrapMethods;

    private int position;

    ClassFile(byte[] bytes) {
        this.bytes = bytes;
        if (bytes.length < 10 || i4(0) != 0xCAFEBABE) {
            throw new IllegalArgumentException("no class file");
        }
        constants = new int[u2(8)];
        position = 10;
        readConstants();
        // access flags, this class, super class
        int superClass = u2(position + 4);
        superName = superClass == 0 ? "" : className(superClass);
        position += 6;
        position += 2 + 2 * u2(position);
        readFields();
        readMethods();
        readAttributes();
    }

    /** The file that the class was loaded from; null where its loader has none, or none that can be read. */
    public static @Nullable ClassFile of(Class<?> type) {
        String name = type.getName();
        if (type.isHidden() || type.isArray() || type.isPrimitive()) {
            return null;
        }
        try (InputStream in = type.getResourceAsStream(name.substring(name.lastIndexOf('.') + 1) + ".class")) {
            return in == null ? null : new ClassFile(in.readAllBytes());
        } catch (IOException | RuntimeException e) {
            // A loader without resources, or a file that is no class file of a known kind: then nothing is known of the
            // code.
            return null;
        }
    }

    /**
     * The file of that class, by the loader of another one: nothing is loaded for it.
     *
     * @param name with slashes
     */
    static @Nullable ClassFile of(String name, Class<?> neighbour) {
        try (InputStream in = neighbour.getResourceAsStream('/' + name + ".class")) {
            return in == null ? null : new ClassFile(in.readAllBytes());
        } catch (IOException | RuntimeException e) {
            return null;
        }
    }

    /** The classes that may use this one's private members as their own, with slashes; of the outermost class only. */
    List<String> nestMembers() {
        return nestMembers;
    }

    /** With slashes; empty for Object. */
    String superName() {
        return superName;
    }

    /** Whether the field has one value that the compiler knew, in all objects: {@code final int version = 2}. */
    public boolean isConstant(String field) {
        return constantFields.contains(field);
    }

    /** The method with code of that name and descriptor; null if the class declares none. */
    @Nullable
    Method method(String name, String descriptor) {
        return methods.get(name + descriptor);
    }

    Iterable<Method> methods() {
        return methods.values();
    }

    // Constants

    private void readConstants() {
        for (int i = 1; i < constants.length; i++) {
            int tag = bytes[position++];
            constants[i] = position;
            switch (tag) {
                case 1 -> position += 2 + u2(position);
                case 3, 4, 9, 10, 11, 12, 17, 18 -> position += 4;
                case 5, 6 -> {
                    position += 8;
                    i++;
                }
                case 7, 8, 16, 19, 20 -> position += 2;
                case 15 -> position += 3;
                default -> throw new IllegalArgumentException("constant of an unknown kind " + tag);
            }
        }
    }

    private String utf8(int constant) {
        int at = constants[constant];
        // Names are ASCII but for a few, whose modified UTF-8 differs from UTF-8 only beyond the basic plane.
        return new String(bytes, at + 2, u2(at), StandardCharsets.UTF_8);
    }

    String className(int constant) {
        return utf8(u2(constants[constant]));
    }

    Reference reference(int constant) {
        int at = constants[constant];
        int nameAndType = constants[u2(at + 2)];
        return new Reference(className(u2(at)), utf8(u2(nameAndType)), utf8(u2(nameAndType + 2)));
    }

    /** Of an invokedynamic: its name and descriptor, without an owner. */
    Reference dynamic(int constant) {
        int nameAndType = constants[u2(constants[constant] + 2)];
        return new Reference("", utf8(u2(nameAndType)), utf8(u2(nameAndType + 2)));
    }

    /** The method handles that an invokedynamic hands to its bootstrap method: of a lambda, the method with its code. */
    List<Handle> bootstrapHandles(int dynamic) {
        int at = bootstrapMethods + 2;
        for (int i = u2(constants[dynamic]); i > 0; i--) {
            at += 4 + 2 * u2(at + 2);
        }
        List<Handle> handles = new ArrayList<>();
        for (int i = 0; i < u2(at + 2); i++) {
            int argument = u2(at + 4 + 2 * i);
            if (tag(argument) == METHOD_HANDLE) {
                int handle = constants[argument];
                handles.add(new Handle(u1(handle), reference(u2(handle + 1))));
            }
        }
        return handles;
    }

    /** The tag of a constant, as JVMS 4.4 numbers them. */
    int tag(int constant) {
        return bytes[constants[constant] - 1];
    }

    // Members

    private void readFields() {
        int count = u2(position);
        position += 2;
        for (int i = 0; i < count; i++) {
            String name = utf8(u2(position + 2));
            int attributes = u2(position + 6);
            position += 8;
            for (int j = 0; j < attributes; j++) {
                if (utf8(u2(position)).equals("ConstantValue")) {
                    constantFields.add(name);
                }
                position += 6 + i4(position + 2);
            }
        }
    }

    private void readMethods() {
        int count = u2(position);
        position += 2;
        for (int i = 0; i < count; i++) {
            int access = u2(position);
            String name = utf8(u2(position + 2));
            String descriptor = utf8(u2(position + 4));
            int attributes = u2(position + 6);
            position += 8;
            for (int j = 0; j < attributes; j++) {
                if (utf8(u2(position)).equals("Code")) {
                    methods.put(name + descriptor, code(access, name, descriptor, position + 6));
                }
                position += 6 + i4(position + 2);
            }
        }
    }

    private void readAttributes() {
        int attributes = u2(position);
        position += 2;
        for (int j = 0; j < attributes; j++) {
            String name = utf8(u2(position));
            if (name.equals("NestMembers")) {
                for (int i = 0; i < u2(position + 6); i++) {
                    nestMembers.add(className(u2(position + 8 + 2 * i)));
                }
            } else if (name.equals("BootstrapMethods")) {
                bootstrapMethods = position + 6;
            }
            position += 6 + i4(position + 2);
        }
    }

    private Method code(int access, String name, String descriptor, int attribute) {
        int length = i4(attribute + 4);
        int code = attribute + 8;
        Set<Integer> handlers = new HashSet<>();
        int table = code + length;
        for (int i = 0; i < u2(table); i++) {
            handlers.add(u2(table + 2 + 8 * i + 4));
        }
        return new Method(name, descriptor, access, u2(attribute + 2), code, length, handlers);
    }

    // Bytes

    int u1(int at) {
        return bytes[at] & 0xff;
    }

    int i2(int at) {
        return bytes[at] << 8 | bytes[at + 1] & 0xff;
    }

    int u2(int at) {
        return (bytes[at] & 0xff) << 8 | bytes[at + 1] & 0xff;
    }

    int i4(int at) {
        return u2(at) << 16 | u2(at + 2);
    }
}
