package io.idempotenttrace.core.classfile;

import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether to make an object does more than to make it: its constructor opens a file, counts in a static field, or adds the object to a list
 * that a static field holds. Only what is seen to do so is found: code of libraries, a lambda, and a method of which only an interface
 * is known, are taken to do nothing of the kind, since most classes that are read from JSON do nothing but assign and check.
 */
public final class OutsideEffects {

    /** How many methods are followed from one constructor or setter. */
    private static final int MOST_CALLS = 300;

    /** What changes the object that it is called on, by the beginning of its name. */
    private static final List<String> CHANGING = List.of(
            "accumulate",
            "add",
            "clear",
            "compareAnd",
            "compute",
            "decrement",
            "emit",
            "enqueue",
            "execute",
            "fire",
            "getAnd",
            "increment",
            "insert",
            "merge",
            "offer",
            "poll",
            "pop",
            "publish",
            "push",
            "put",
            "register",
            "remove",
            "save",
            "schedule",
            "send",
            "set",
            "submit",
            "update");

    /** A cache that keeps the one object for each value is filled by these. */
    private static final Set<String> FILLING_CACHES = Set.of("computeIfAbsent", "putIfAbsent");

    /** What works outside of the JVM, or on another thread, by the class and the beginning of the method's name. */
    private static final Map<String, List<String>> WORKING = Map.ofEntries(
            Map.entry("java/nio/file/Files", List.of("copy", "create", "delete", "move", "new", "set", "write")),
            Map.entry("java/io/File", List.of("createNewFile", "createTempFile", "delete", "mkdir", "renameTo")),
            Map.entry("java/io/FileInputStream", List.of("<init>")),
            Map.entry("java/io/FileOutputStream", List.of("<init>")),
            Map.entry("java/io/FileReader", List.of("<init>")),
            Map.entry("java/io/FileWriter", List.of("<init>")),
            Map.entry("java/io/RandomAccessFile", List.of("<init>")),
            Map.entry("java/io/PrintStream", List.of("append", "format", "print", "write")),
            Map.entry("java/lang/ProcessBuilder", List.of("start")),
            Map.entry("java/lang/Runtime", List.of("addShutdownHook", "exec", "exit", "halt")),
            Map.entry("java/lang/System", List.of("exit", "set")),
            Map.entry("java/lang/Thread", List.of("start")),
            Map.entry("java/net/DatagramSocket", List.of("<init>")),
            Map.entry("java/net/ServerSocket", List.of("<init>")),
            Map.entry("java/net/Socket", List.of("<init>")),
            Map.entry("java/net/URL", List.of("open")),
            Map.entry("java/net/http/HttpClient", List.of("send")),
            Map.entry("java/nio/channels/FileChannel", List.of("open")),
            Map.entry("java/nio/channels/ServerSocketChannel", List.of("open")),
            Map.entry("java/nio/channels/SocketChannel", List.of("open")),
            Map.entry("java/sql/DriverManager", List.of("getConnection")),
            Map.entry("java/util/Timer", List.of("<init>", "schedule")),
            Map.entry("java/util/concurrent/CompletableFuture", List.of("runAsync", "supplyAsync")),
            Map.entry("java/util/concurrent/Executor", List.of("execute")),
            Map.entry("java/util/concurrent/ExecutorService", List.of("execute", "invoke", "submit")));

    /** The first two parts of the package of the class whose objects are made. */
    private final String own;

    private boolean found;
    private int calls;

    private OutsideEffects(String own) {
        this.own = own;
    }

    /** Whether one of these, when it is called, is seen to do more than to make and to fill its object. */
    public static boolean areIn(Iterable<? extends Executable> called) {
        for (Executable executable : called) {
            if (isIn(executable)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isIn(Executable called) {
        Class<?> declaring = called.getDeclaringClass();
        if (SuperTypes.isPlatform(declaring)) {
            return false;
        }
        CompiledClass type = CompiledClass.of(declaring);
        ClassFile file = type.file(declaring.getName().replace('.', '/'));
        String name = called instanceof Constructor ? "<init>" : called.getName();
        Class<?> returned = called instanceof Method method ? method.getReturnType() : void.class;
        ClassFile.Method code = file == null
                ? null
                : file.method(
                        name,
                        java.lang.invoke.MethodType.methodType(returned, called.getParameterTypes())
                                .toMethodDescriptorString());
        if (file == null || code == null) {
            return false;
        }
        OutsideEffects effects =
                new OutsideEffects(ownPackages(declaring.getName().replace('.', '/')));
        boolean fixed = Modifier.isStatic(called.getModifiers());
        Value[] arguments = new Value[called.getParameterCount() + (fixed ? 0 : 1)];
        Arrays.fill(arguments, Value.UNKNOWN);
        for (int i = 0; i < called.getParameterCount(); i++) {
            Class<?> parameter = called.getParameterTypes()[i];
            arguments[i + (fixed ? 0 : 1)] = Value.UNKNOWN.wide(parameter == long.class || parameter == double.class);
        }
        if (!fixed) {
            arguments[0] = Value.THIS;
        }
        Getter.returned(type, file, code, arguments, 0, new Getter.Met(effects));
        return effects.found;
    }

    private static String ownPackages(String type) {
        int first = type.indexOf('/');
        int second = first < 0 ? -1 : type.indexOf('/', first + 1);
        return type.substring(0, Math.max(first, second) + 1);
    }

    /** Whether the code of that class is followed: a library fills caches of its own, and finds what its loggers print to. */
    boolean follows(String owner) {
        return ownPackages(owner).equals(own);
    }

    /** Whether one more method may be followed. */
    boolean follows() {
        return !found && calls++ < MOST_CALLS;
    }

    /** What a static field holds, which others have too; constants of compilers and of tools that measure coverage are left out. */
    static Value shared(ClassFile.Reference field, Value otherwise) {
        return field.name().startsWith("$") ? otherwise : Value.of(Value.Kind.CONSTANT, field.owner());
    }

    static boolean isShared(@Nullable Value value) {
        return value != null
                && value.sources().stream()
                        .anyMatch(source -> source.kind() == Value.Kind.CONSTANT && source.field() != null);
    }

    void writesStatic(ClassFile.Reference field) {
        found |= !field.name().startsWith("$");
    }

    void writes(Value owner) {
        found |= isShared(owner);
    }

    /**
     * A call of a method of which the code is not followed.
     *
     * @param receiver null for a static method
     */
    void calls(ClassFile.Reference called, @Nullable Value receiver, Value[] arguments) {
        List<String> working = WORKING.get(called.owner());
        found |= working != null && working.stream().anyMatch(called.name()::startsWith);
        Value changed = receiver != null ? receiver : arguments.length > 0 ? arguments[0] : null;
        found |= isShared(changed)
                && CHANGING.stream().anyMatch(called.name()::startsWith)
                && !FILLING_CACHES.contains(called.name());
    }
}
