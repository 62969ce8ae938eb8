package io.idempotenttrace.weaver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.bridge.GuardBootstrap;
import io.idempotenttrace.bridge.GuardLinker;
import io.idempotenttrace.bridge.GuardPoint;
import io.idempotenttrace.bridge.GuardedCall;
import io.idempotenttrace.bridge.SuppressedCall;
import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.Label;
import net.bytebuddy.jar.asm.MethodTooLargeException;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The code around a body, without an engine behind it: what the guard is told, and what the method does by its answers. */
class GuardWriterTest {

    /** Stands in for the engine: says what each call does, and notes what it is told. */
    private static final class Recorder extends GuardPoint {

        private final List<Object> seen = new ArrayList<>();
        private GuardedCall answer;
        private RuntimeException refusal;

        @Override
        public GuardedCall enter(Object[] arguments) {
            seen.add(Arrays.asList(arguments));
            if (refusal != null) {
                throw refusal;
            }
            return answer;
        }

        private void own() {
            answer = new GuardedCall() {
                @Override
                public Object end(Object returned, Throwable thrown) {
                    seen.add(thrown != null ? thrown.getMessage() : returned);
                    return returned;
                }
            };
        }
    }

    /** Defines woven classes, with the bridge and everything else from this test's loader. */
    private static final class Weaving extends ClassLoader {

        Weaving() {
            super(GuardWriterTest.class.getClassLoader());
        }

        Class<?> define(String name, byte[] classFile) {
            return defineClass(name, classFile, 0, classFile.length);
        }
    }

    private final Recorder guard = new Recorder();

    @BeforeEach
    void answerInPlaceOfTheEngine() {
        GuardBootstrap.connect(new GuardLinker() {
            @Override
            public GuardPoint link(MethodHandles.Lookup caller, String specification) {
                return guard;
            }
        });
    }

    /** Every method of that class file that has a body, as if each were annotated. */
    private static List<AnnotatedMethods.Found> bodies(byte[] classFile) {
        List<AnnotatedMethods.Found> bodies = new ArrayList<>();
        ClassReader reader = ClassFiles.reader(classFile);
        reader.accept(
                new ClassVisitor(Opcodes.ASM9) {
                    @Override
                    public MethodVisitor visitMethod(
                            int access, String name, String descriptor, String signature, String[] exceptions) {
                        return name.startsWith("<")
                                ? null
                                : new MethodVisitor(Opcodes.ASM9) {
                                    @Override
                                    public void visitMaxs(int maxStack, int maxLocals) {
                                        bodies.add(new AnnotatedMethods.Found(
                                                52,
                                                access,
                                                0,
                                                maxLocals,
                                                /* namesMissing= */ false,
                                                new MethodSpecification(
                                                        reader.getClassName().replace('/', '.'),
                                                        name,
                                                        descriptor,
                                                        "",
                                                        "",
                                                        "",
                                                        List.of(),
                                                        List.of(),
                                                        List.of(),
                                                        "DEFAULT",
                                                        "DEFAULT",
                                                        "DEFAULT",
                                                        "DEFAULT",
                                                        false,
                                                        List.of(),
                                                        "")));
                                    }
                                };
                    }
                },
                0);
        return bodies;
    }

    private static byte[] weaveAll(byte[] classFile) {
        List<AnnotatedMethods.Found> bodies = bodies(classFile);
        return bodies.isEmpty() ? classFile : ClassWeaver.weave(classFile, bodies, method -> false);
    }

    private static byte[] bytesOf(Class<?> type) throws IOException {
        try (InputStream in =
                type.getResourceAsStream(type.getName().substring(type.getName().lastIndexOf('.') + 1) + ".class")) {
            return in.readAllBytes();
        }
    }

    private static Class<?> woven(Class<?> type) throws IOException {
        return new Weaving().define(type.getName(), weaveAll(bytesOf(type)));
    }

    private static Object call(Class<?> type, String name, Object... arguments) throws Throwable {
        Method method = Arrays.stream(type.getDeclaredMethods())
                .filter(each -> each.getName().equals(name))
                .findFirst()
                .orElseThrow();
        method.setAccessible(true);
        try {
            return method.invoke(null, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    /** Bodies with what makes frames and local variables hard. */
    static final class Bodies {

        private Bodies() {}

        static boolean ofBoolean(boolean value) {
            return value;
        }

        static byte ofByte(byte value) {
            return value;
        }

        static char ofChar(char value) {
            return value;
        }

        static short ofShort(short value) {
            return value;
        }

        static int ofInt(int value) {
            return value;
        }

        static long ofLong(long value) {
            return value;
        }

        static float ofFloat(float value) {
            return value;
        }

        static double ofDouble(double value) {
            return value;
        }

        static int[][] ofArray(int[][] value) {
            return value;
        }

        static String ofText(String value) {
            return value;
        }

        static String wideArguments(long a, double b, int c, long d, String e) {
            double sum = a + b + c + d;
            long half = (long) sum / 2;
            return e + half;
        }

        static int loopAtTheStart(int count) {
            while (true) {
                if (count > 9) {
                    return count;
                }
                count++;
            }
        }

        static int handlersInside(String text) {
            int result = 0;
            for (String part : text.split(",")) {
                try {
                    result += Integer.parseInt(part);
                } catch (NumberFormatException e) {
                    result += 100;
                } finally {
                    result++;
                }
            }
            synchronized (text) {
                switch (result % 3) {
                    case 0:
                        return result;
                    case 1:
                        long more = result;
                        return (int) more + 1;
                    default:
                        return -result;
                }
            }
        }

        static int returnInsideCatchAll(int value) {
            try {
                return value;
            } catch (RuntimeException e) {
                return -1;
            }
        }

        static void onlyThrows(String message) {
            throw new IllegalStateException(message);
        }

        static int mutatesItsArgument(int value) {
            value += 1;
            Object text = "x" + value;
            return text.hashCode() + value;
        }

        static int manyArguments(int a, int b, int c, int d, int e, int f, int g, int h, int i, int j) {
            return a + b + c + d + e + f + g + h + i + j;
        }

        static void nothing() {}
    }

    private record Case(String method, Object returned, Object... arguments) {

        @Override
        public String toString() {
            return method + Arrays.deepToString(arguments);
        }
    }

    static Stream<Case> bodiesAndTheirReturns() {
        int[][] array = {{1}, {2, 3}};
        return Stream.of(
                new Case("ofBoolean", true, true),
                new Case("ofByte", (byte) -3, (byte) -3),
                new Case("ofChar", 'x', 'x'),
                new Case("ofShort", (short) 300, (short) 300),
                new Case("ofInt", 7, 7),
                new Case("ofLong", 1L << 40, 1L << 40),
                new Case("ofFloat", 1.5f, 1.5f),
                new Case("ofDouble", 2.5, 2.5),
                new Case("ofArray", array, new Object[] {array}),
                new Case("ofText", "t", "t"),
                new Case("ofText", null, new Object[] {null}),
                new Case("wideArguments", "e5", 1L, 2.0, 3, 4L, "e"),
                new Case("loopAtTheStart", 10, 2),
                new Case("handlersInside", -107, "1,x,3"),
                new Case("handlersInside", 12, "9,1"),
                new Case("handlersInside", 5, "1,1"),
                new Case("returnInsideCatchAll", 4, 4),
                new Case("mutatesItsArgument", "x6".hashCode() + 6, 5),
                new Case("manyArguments", 55, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10),
                new Case("nothing", null));
    }

    @ParameterizedTest
    @MethodSource("bodiesAndTheirReturns")
    void aGuardedBodyReturnsWhatItReturnsWithoutGuard(Case each) throws Throwable {
        assertEquals(each.returned, call(Bodies.class, each.method, each.arguments));
        guard.own();
        assertEquals(each.returned, call(woven(Bodies.class), each.method, each.arguments));
        assertEquals(Arrays.asList(Arrays.asList(each.arguments), each.returned), guard.seen);
    }

    @ParameterizedTest
    @MethodSource("bodiesAndTheirReturns")
    void anUnguardedCallEndsWithoutTheGuard(Case each) throws Throwable {
        assertEquals(each.returned, call(woven(Bodies.class), each.method, each.arguments));
        assertEquals(List.of(Arrays.asList(each.arguments)), guard.seen);
    }

    @ParameterizedTest
    @MethodSource("bodiesAndTheirReturns")
    void aSuppressedCallReturnsWhatTheGuardSays(Case each) throws Throwable {
        guard.answer = new SuppressedCall(each.returned);
        assertEquals(each.returned, call(woven(Bodies.class), each.method, each.arguments));
    }

    @Test
    void whatTheBodyThrowsIsToldAndGoesOn() throws Throwable {
        guard.own();
        Class<?> type = woven(Bodies.class);
        assertEquals(
                "gone",
                assertThrows(IllegalStateException.class, () -> call(type, "onlyThrows", "gone"))
                        .getMessage());
        assertEquals(List.of(List.of("gone"), "gone"), guard.seen);
    }

    @Test
    void whatTheGuardThrowsIsCaughtByNobody() throws Throwable {
        Class<?> type = woven(Bodies.class);
        guard.refusal = new IllegalStateException("refused");
        assertSame(
                guard.refusal, assertThrows(IllegalStateException.class, () -> call(type, "returnInsideCatchAll", 1)));
        guard.refusal = null;
        RuntimeException fault = new IllegalStateException("fault at the end");
        guard.answer = new GuardedCall() {
            @Override
            public Object end(Object returned, Throwable thrown) {
                assertNull(thrown, "the guard's own fault was handed to it as the body's");
                throw fault;
            }
        };
        assertSame(fault, assertThrows(IllegalStateException.class, () -> call(type, "returnInsideCatchAll", 1)));
    }

    /** Compilers of other languages leave values behind on the stack. */
    @Test
    void aReturnMayLeaveValuesBelowItsOwn() throws Throwable {
        ClassWriter writer = new ClassWriter(0);
        writer.visit(Opcodes.V17, Opcodes.ACC_PUBLIC, "Leaves", null, "java/lang/Object", null);
        MethodVisitor code = writer.visitMethod(Opcodes.ACC_PUBLIC | Opcodes.ACC_STATIC, "leaves", "(J)J", null, null);
        Label other = new Label();
        code.visitCode();
        code.visitInsn(Opcodes.ICONST_1);
        code.visitVarInsn(Opcodes.LLOAD, 0);
        code.visitLdcInsn("below");
        code.visitVarInsn(Opcodes.LLOAD, 0);
        code.visitInsn(Opcodes.LCONST_0);
        code.visitInsn(Opcodes.LCMP);
        code.visitJumpInsn(Opcodes.IFEQ, other);
        code.visitVarInsn(Opcodes.LLOAD, 0);
        code.visitInsn(Opcodes.LRETURN);
        code.visitLabel(other);
        code.visitFrame(Opcodes.F_NEW, 1, new Object[] {Opcodes.LONG}, 3, new Object[] {
            Opcodes.INTEGER, Opcodes.LONG, "java/lang/String"
        });
        code.visitLdcInsn(5L);
        code.visitInsn(Opcodes.LRETURN);
        code.visitMaxs(8, 2);
        code.visitEnd();
        writer.visitEnd();
        Class<?> type = new Weaving().define("Leaves", weaveAll(writer.toByteArray()));
        guard.own();
        assertEquals(7L, call(type, "leaves", 7L));
        assertEquals(5L, call(type, "leaves", 0L));
    }

    /** A static method from int to int that adds that many ones, each in four bytes of code, and has that many local variables. */
    private static byte[] adding(int additions, int locals) {
        ClassWriter writer = new ClassWriter(0);
        writer.visit(Opcodes.V17, Opcodes.ACC_PUBLIC, "Adds", null, "java/lang/Object", null);
        MethodVisitor code = writer.visitMethod(Opcodes.ACC_PUBLIC | Opcodes.ACC_STATIC, "add", "(I)I", null, null);
        code.visitCode();
        code.visitVarInsn(Opcodes.ILOAD, 0);
        code.visitVarInsn(Opcodes.ISTORE, locals - 1);
        for (int i = 0; i < additions; i++) {
            code.visitVarInsn(Opcodes.ILOAD, 0);
            code.visitInsn(Opcodes.ICONST_1);
            code.visitInsn(Opcodes.IADD);
            code.visitVarInsn(Opcodes.ISTORE, 0);
        }
        code.visitVarInsn(Opcodes.ILOAD, 0);
        code.visitVarInsn(Opcodes.ILOAD, locals - 1);
        code.visitInsn(Opcodes.IADD);
        code.visitInsn(Opcodes.IRETURN);
        code.visitMaxs(2, locals);
        code.visitEnd();
        writer.visitEnd();
        return writer.toByteArray();
    }

    /** Behind 255 local variables the guard's own needs the wide form of its instructions. */
    @ParameterizedTest
    @ValueSource(ints = {2, 254, 255, 256, 257, 40_000, 65_534})
    void theGuardsVariableComesBehindHoweverManyOfTheBodys(int locals) throws Throwable {
        guard.own();
        assertEquals(9, call(new Weaving().define("Adds", weaveAll(adding(1, locals))), "add", 4));
        assertEquals(List.of(List.of(4), 9), guard.seen);
    }

    /** 65,535 bytes of code are the most: what leaves no room for the guard is told by name, what does is guarded. */
    @Test
    void aMethodNearTheLimitOfTheJvmIsGuardedOrTold() throws Throwable {
        Class<?> type = new Weaving().define("Adds", weaveAll(adding(16_350, 2)));
        guard.own();
        assertEquals(16_350, call(type, "add", 0));
        MethodTooLargeException tooLarge =
                assertThrows(MethodTooLargeException.class, () -> weaveAll(adding(16_380, 2)));
        assertEquals("add", tooLarge.getMethodName());
        assertEquals("(I)I", tooLarge.getDescriptor());
    }

    static class Instances {

        private final int base;

        Instances(int base) {
            this.base = base;
        }

        synchronized int locked(int more) {
            assertTrue(Thread.holdsLock(this));
            return base + more;
        }
    }

    /** The object of a synchronized method is locked around its guard; constructors stay as they are. */
    @Test
    void aSynchronizedMethodOfAnObjectIsGuarded() throws Throwable {
        Class<?> type = woven(Instances.class);
        var constructor = type.getDeclaredConstructor(int.class);
        constructor.setAccessible(true);
        Object instance = constructor.newInstance(5);
        Method locked = type.getDeclaredMethod("locked", int.class);
        locked.setAccessible(true);
        guard.own();
        assertEquals(7, locked.invoke(instance, 2));
        assertEquals(List.of(List.of(2), 7), guard.seen);
    }

    @Test
    void aClassFileOfAFutureVersionIsReadAsTheNewestKnown() throws IOException {
        byte[] future = bytesOf(Bodies.class);
        future[6] = 0x7f;
        byte[] woven = weaveAll(future);
        assertEquals(0x7f, woven[6]);
        assertTrue(woven.length > future.length);
    }

    /** Every method of a library, through the verifier. */
    @ParameterizedTest
    @MethodSource("libraries")
    void theVerifierTakesEveryMethodOfALibrary(Class<?> one) throws Exception {
        URL jar = one.getProtectionDomain().getCodeSource().getLocation();
        int woven = 0;
        try (JarFile opened = new JarFile(jar.getPath())) {
            ClassLoader loader = new ClassLoader(GuardWriterTest.class.getClassLoader()) {
                @Override
                protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
                    synchronized (getClassLoadingLock(name)) {
                        Class<?> loaded = findLoadedClass(name);
                        var entry = opened.getEntry(name.replace('.', '/') + ".class");
                        if (loaded != null || entry == null) {
                            return loaded != null ? loaded : super.loadClass(name, resolve);
                        }
                        try (InputStream in = opened.getInputStream(entry)) {
                            byte[] bytes = weaveAll(in.readAllBytes());
                            return defineClass(name, bytes, 0, bytes.length);
                        } catch (IOException e) {
                            throw new ClassNotFoundException(name, e);
                        }
                    }
                }
            };
            for (var entry : opened.stream()
                    .filter(each -> each.getName().matches("[a-z]+/.*\\.class"))
                    .toList()) {
                String name = entry.getName()
                        .substring(0, entry.getName().length() - 6)
                        .replace('/', '.');
                try {
                    // Links the class, and so verifies it.
                    woven += Class.forName(name, false, loader).getDeclaredMethods().length;
                } catch (NoClassDefFoundError e) {
                    // A part of the library that needs another one.
                }
            }
        }
        assertTrue(woven > 500, () -> "too few methods to prove anything in " + jar);
    }

    static Stream<Class<?>> libraries() {
        return Stream.of(tools.jackson.databind.ObjectMapper.class, reactor.core.publisher.Mono.class, Test.class);
    }
}
