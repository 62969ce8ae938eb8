package io.idempotenttrace.core.classfile;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.BaseStream;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a class that are read when some of its methods are called: by them, by own methods that they call, by the lambdas and
 * method references that they make, and by classes of its package, or nested in its classes, that they make or call, as an iterator. What
 * a method that is not called makes, such as a builder, counts for nothing.
 *
 * <p>A field that is read may hold what runs code itself: {@code view = () -> items.iterator()} in a constructor. So what is made where
 * such a field is written counts too.
 */
final class ReachableReads {

    /** Code that is called, in a class of the object or in another one. */
    private record Code(ClassFile file, ClassFile.Method method) {}

    /** Thrown where code that is called is not known. */
    private static final class Unknown extends Exception {

        private static final long serialVersionUID = 1L;

        Unknown() {
            super(null, null, false, false);
        }
    }

    private final CompiledClass type;
    private final Set<@Nullable String> read = new HashSet<>();
    private final Set<Code> followed = new HashSet<>();
    private final Deque<Code> open = new ArrayDeque<>();
    private final Set<String> made = new HashSet<>();

    private ReachableReads(CompiledClass type) {
        this.type = type;
    }

    /**
     * @param roots the methods, each by its name and descriptor
     * @return the fields as {@link CompiledClass#name} names them; null where code that is called is not known
     */
    static @Nullable Set<@Nullable String> from(CompiledClass type, Set<String> roots) {
        ReachableReads reads = new ReachableReads(type);
        try {
            for (CompiledClass.Level level : type.levels()) {
                ClassFile file = known(level.file());
                for (ClassFile.Method method : file.methods()) {
                    if (roots.contains(method.name() + method.descriptor())) {
                        reads.follow(file, method);
                    }
                }
            }
            while (!reads.open.isEmpty()) {
                reads.walk(reads.open.remove());
            }
            return reads.read;
        } catch (Unknown e) {
            return null;
        }
    }

    private static ClassFile known(@Nullable ClassFile file) throws Unknown {
        if (file == null) {
            throw new Unknown();
        }
        return file;
    }

    private void follow(ClassFile file, ClassFile.Method method) {
        Code code = new Code(file, method);
        if (followed.add(code)) {
            open.add(code);
        }
    }

    private void walk(Code code) throws Unknown {
        Instructions instructions = new Instructions(code.file, code.method);
        while (instructions.next()) {
            switch (instructions.opcode()) {
                case Instructions.GETFIELD -> read(instructions.reference());
                case Instructions.GETSTATIC -> useSingleton(instructions.reference());
                case Instructions.INVOKEVIRTUAL, Instructions.INVOKEINTERFACE ->
                    call(instructions.reference(), /* exactly= */ false);
                case Instructions.INVOKESPECIAL, Instructions.INVOKESTATIC ->
                    call(instructions.reference(), /* exactly= */ true);
                case Instructions.NEW -> make(code.file.className(code.file.u2(instructions.operands())));
                case Instructions.INVOKEDYNAMIC -> refer(code.file, code.file.u2(instructions.operands()));
                default -> {
                    // Neither reads a field nor runs code.
                }
            }
        }
    }

    private void read(ClassFile.Reference used) throws Unknown {
        String field = type.isLevel(used.owner()) ? type.fieldOf(used) : null;
        if (field != null && read.add(field)) {
            makeWhatItHolds(field);
        }
    }

    /** As Kotlin's lambdas and Scala's objects are used: a static field of the class that it has an object of. */
    private void useSingleton(ClassFile.Reference used) throws Unknown {
        if (used.descriptor().equals('L' + used.owner() + ';')) {
            make(used.owner());
        }
    }

    /** Calls a method of the object, or a static one of another class. */
    private void call(ClassFile.Reference called, boolean exactly) throws Unknown {
        if (called.name().equals("<init>")) {
            // Of a new object: of the object's own class it is another one, of another class it is made.
            return;
        }
        if (type.isLevel(called.owner())) {
            CompiledClass.Found found = type.find(called, exactly);
            if (found != null) {
                follow(found.file(), found.method());
            }
        } else if (exactly) {
            ClassFile other = near(called.owner());
            ClassFile.Method method = other == null ? null : other.method(called.name(), called.descriptor());
            if (other != null && method != null) {
                follow(other, method);
            }
        }
    }

    /** Of an instruction that makes a lambda or a method reference: what that will call. */
    private void refer(ClassFile file, int dynamic) throws Unknown {
        for (ClassFile.Handle handle : file.bootstrapHandles(dynamic)) {
            if (handle.isOfField()) {
                if (handle.readsField()) {
                    read(handle.member());
                }
            } else if (handle.member().name().equals("<init>")) {
                make(handle.member().owner());
            } else {
                call(handle.member(), handle.isExact());
            }
        }
    }

    /** An object of another class: any method of it may be called. */
    private void make(String owner) throws Unknown {
        ClassFile file = type.isLevel(owner) || !made.add(owner) ? null : near(owner);
        if (file == null) {
            return;
        }
        for (ClassFile.Method method : file.methods()) {
            follow(file, method);
        }
        make(file.superName());
    }

    /** A class of the object's package, or nested in one of its classes: it can use more of it than others can. Null for one that is neither. */
    private @Nullable ClassFile near(String owner) throws Unknown {
        boolean own = true;
        for (CompiledClass.Level level : type.levels()) {
            String name = level.internalName();
            if (owner.startsWith(name + '$') && level.isApplication()) {
                return known(type.another(owner));
            }
            if (own && packageOf(name).equals(packageOf(owner))) {
                return type.another(owner);
            }
            // Packages of supertypes may be those of a library, with hundreds of classes that call each other.
            own = false;
        }
        return null;
    }

    private static String packageOf(String name) {
        return name.substring(0, name.lastIndexOf('/') + 1);
    }

    private void makeWhatItHolds(String field) throws Unknown {
        Class<?> held = type.typeOf(field);
        if (held == null || held.isPrimitive() || held.isArray() || held.isEnum() || held == String.class) {
            return;
        }
        String owner = field.substring(0, field.lastIndexOf('.')).replace('.', '/');
        ClassFile file = type.file(owner);
        if (file == null) {
            return;
        }
        for (ClassFile.Method method : file.methods()) {
            makeWhatIsWritten(file, method, owner, field.substring(owner.length() + 1), held);
        }
    }

    /** What is made since the last field was written is taken for a part of the expression whose value the field gets. */
    private void makeWhatIsWritten(ClassFile file, ClassFile.Method method, String owner, String field, Class<?> held)
            throws Unknown {
        List<String> objects = new ArrayList<>();
        List<Integer> lambdas = new ArrayList<>();
        Instructions instructions = new Instructions(file, method);
        while (instructions.next()) {
            switch (instructions.opcode()) {
                case Instructions.NEW -> objects.add(file.className(file.u2(instructions.operands())));
                case Instructions.INVOKEDYNAMIC -> {
                    if (mayHold(held, instructions.reference().descriptor())) {
                        lambdas.add(file.u2(instructions.operands()));
                    }
                }
                case Instructions.PUTFIELD -> {
                    ClassFile.Reference written = instructions.reference();
                    if (written.name().equals(field) && written.owner().equals(owner)) {
                        for (String made : objects) {
                            make(made);
                        }
                        for (int lambda : lambdas) {
                            refer(file, lambda);
                        }
                    }
                    objects.clear();
                    lambdas.clear();
                }
                default -> {
                    // Makes nothing.
                }
            }
        }
    }

    /** Whether the lambda may be the field's value, or be in it, as the supplier of a lazy value. */
    private static boolean mayHold(Class<?> held, String madeDescriptor) {
        boolean elements = Iterable.class.isAssignableFrom(held)
                || Map.class.isAssignableFrom(held)
                || BaseStream.class.isAssignableFrom(held);
        return !elements || madeDescriptor.endsWith(')' + held.descriptorString());
    }
}
