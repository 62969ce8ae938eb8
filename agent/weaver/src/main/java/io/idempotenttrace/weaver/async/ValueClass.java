package io.idempotenttrace.weaver.async;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import org.jspecify.annotations.Nullable;

/**
 * A Kotlin value class as the result of a suspend function. The function returns what it holds, but a continuation is resumed with the
 * value in its box: so both are met, and what is stored is what it holds.
 *
 * <p>A null that the function returns is a value that holds null, or no value. Where the class of the function's own continuations boxes
 * what the function returned, it is the first. Where that is not to be seen, most values hold no null, but a Result may.
 */
public final class ValueClass {

    private static final String BOX = "box-impl";

    private final Class<?> box;
    private final Type held;
    private final Foreign.Call boxing;
    private final Foreign.Call unboxing;
    private final boolean holdsNull;

    private ValueClass(Class<?> box, Method unboxing, Type held, boolean holdsNull) {
        this.box = box;
        this.held = held;
        this.holdsNull = holdsNull;
        Foreign library = new Foreign(box);
        this.boxing = library.method(BOX, unboxing.getReturnType().getName());
        this.unboxing = library.method("unbox-impl");
    }

    /**
     * Null if the type is no value class that can be used.
     *
     * @param continuation the class of the function's own continuations; null where it has none
     */
    public static @Nullable ValueClass of(Type type, @Nullable Class<?> continuation) {
        Class<?> raw = type instanceof Class<?> plain
                ? plain
                : type instanceof ParameterizedType parametrized ? (Class<?>) parametrized.getRawType() : null;
        if (raw == null || raw.isPrimitive() || raw.isArray() || !Modifier.isPublic(raw.getModifiers())) {
            return null;
        }
        try {
            Method unboxing = raw.getMethod("unbox-impl");
            // A Result holds any object: its own argument says which.
            Type held = unboxing.getReturnType() == Object.class && type instanceof ParameterizedType parametrized
                    ? parametrized.getActualTypeArguments()[0]
                    : unboxing.getGenericReturnType();
            boolean otherwise = raw.getName().equals("kotlin.Result");
            boolean holdsNull = !unboxing.getReturnType().isPrimitive()
                    && (continuation == null ? otherwise : boxes(continuation, raw, otherwise));
            return new ValueClass(raw, unboxing, held, holdsNull);
        } catch (NoSuchMethodException | IllegalStateException e) {
            return null;
        }
    }

    /** @param otherwise where the class file can't be read */
    private static boolean boxes(Class<?> continuation, Class<?> box, boolean otherwise) {
        boolean[] found = new boolean[1];
        ClassLoader loader = continuation.getClassLoader();
        try (InputStream file = loader == null
                ? null
                : loader.getResourceAsStream(continuation.getName().replace('.', '/') + ".class")) {
            if (file == null) {
                return otherwise;
            }
            new ClassReader(file.readAllBytes())
                    .accept(
                            new ClassVisitor(Opcodes.ASM9) {
                                @Override
                                public MethodVisitor visitMethod(
                                        int access,
                                        String name,
                                        String descriptor,
                                        String signature,
                                        String[] exceptions) {
                                    return new MethodVisitor(Opcodes.ASM9) {
                                        @Override
                                        public void visitMethodInsn(
                                                int opcode,
                                                String owner,
                                                String called,
                                                String type,
                                                boolean ofInterface) {
                                            found[0] |= called.equals(BOX)
                                                    && owner.equals(
                                                            box.getName().replace('.', '/'));
                                        }
                                    };
                                }
                            },
                            ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
        } catch (IOException | RuntimeException e) {
            // A version that ASM does not read.
            return otherwise;
        }
        return found[0];
    }

    /** What a value holds. */
    public Type held() {
        return held;
    }

    public @Nullable Object box(@Nullable Object value) {
        return box.isInstance(value) || value == null && !holdsNull ? value : boxing.on(null, value);
    }

    public @Nullable Object unbox(@Nullable Object value) {
        return box.isInstance(value) ? unboxing.on(value) : value;
    }
}
