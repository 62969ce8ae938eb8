package io.idempotenttrace.core.classfile;

import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The code of a class and its supertypes, as their class files have it: what a getter returns, and what a field is used for. Where
 * a class file can't be had, every answer is that nothing is known. Made for one class, asked, and dropped; not safe for use by
 * several threads.
 */
public final class CompiledClass {

    /** How many calls of own methods are followed from a getter. */
    static final int DEEPEST = 5;

    private static final ClassLoader NO_APPLICATION = ClassLoader.getPlatformClassLoader();

    /** A class or interface with its file, which is read when it is first asked for. */
    static final class Level {

        private final Class<?> type;
        private @Nullable ClassFile file;
        private boolean looked;

        Level(Class<?> type) {
            this.type = type;
        }

        /** Null where it can't be had. */
        @Nullable
        ClassFile file() {
            if (!looked) {
                file = ClassFile.of(type);
                looked = true;
            }
            return file;
        }

        String internalName() {
            return type.getName().replace('.', '/');
        }

        boolean isApplication() {
            return type.getClassLoader() != null;
        }
    }

    /** A method with code, and where it is. */
    record Found(Level level, ClassFile file, ClassFile.Method method) {}

    /** The class and its superclasses from itself upwards, then the interfaces; by their names with slashes. */
    private final Map<String, Level> levels = new LinkedHashMap<>();

    /** Files of other classes, by their names with slashes; null for those that can't be had. */
    private final Map<String, @Nullable ClassFile> others = new HashMap<>();

    private CompiledClass(Class<?> type) {
        for (Class<?> level = type; level != null && level != Object.class; level = level.getSuperclass()) {
            add(level);
        }
        for (Level level : List.copyOf(levels.values())) {
            addInterfaces(level.type);
        }
    }

    public static CompiledClass of(Class<?> type) {
        return new CompiledClass(type);
    }

    private void addInterfaces(Class<?> type) {
        for (Class<?> implemented : type.getInterfaces()) {
            if (!levels.containsKey(implemented.getName().replace('.', '/'))) {
                add(implemented);
                addInterfaces(implemented);
            }
        }
    }

    private void add(Class<?> type) {
        levels.put(type.getName().replace('.', '/'), new Level(type));
    }

    /** How a field is named in answers. */
    public static String name(Field field) {
        return field.getDeclaringClass().getName() + '.' + field.getName();
    }

    /** Whether the class file of the class that declares the field is known. */
    public boolean knows(Class<?> declaring) {
        return file(declaring) != null;
    }

    private @Nullable ClassFile file(Class<?> declaring) {
        Level level = levels.get(declaring.getName().replace('.', '/'));
        return level == null ? null : level.file();
    }

    /** The method's name and descriptor: what one that overrides it has too, or a bridge to it. */
    public static String signature(Method method) {
        return method.getName() + descriptor(method);
    }

    private static String descriptor(Method method) {
        return MethodType.methodType(method.getReturnType(), method.getParameterTypes())
                .toMethodDescriptorString();
    }

    // Getters

    /** What the getter returns; null where its code is not known. */
    public @Nullable ReturnedValue returnedBy(Method getter) {
        ClassFile.Reference reference = new ClassFile.Reference(
                getter.getDeclaringClass().getName().replace('.', '/'), getter.getName(), descriptor(getter));
        Found found = find(reference, /* exactly= */ false);
        if (found == null) {
            return null;
        }
        Getter.Met met = new Getter.Met();
        return ReturnedValue.of(Getter.returned(this, found.file, found.method, new Value[] {Value.THIS}, 0, met), met);
    }

    /** The file of a class of the application or its libraries that is none of these; null where it can't be had. */
    @Nullable
    ClassFile another(String owner) {
        if (owner.startsWith("[") || owner.startsWith("java/") || isLevel(owner)) {
            return null;
        }
        if (!others.containsKey(owner)) {
            others.put(owner, ClassFile.of(owner, levels.values().iterator().next().type));
        }
        return others.get(owner);
    }

    Iterable<Level> levels() {
        return levels.values();
    }

    /** The file of the class itself, a supertype or another one of the application; null where it can't be had. */
    @Nullable
    ClassFile file(String owner) {
        Level level = levels.get(owner);
        return level == null ? another(owner) : level.file();
    }

    boolean isLevel(String owner) {
        return levels.containsKey(owner);
    }

    /** @param exactly whether the owner's method is meant, or one that overrides it in a subclass */
    @Nullable
    Found find(ClassFile.Reference called, boolean exactly) {
        Level owner = levels.get(called.owner());
        ClassFile declaring = owner == null ? null : owner.file();
        ClassFile.Method own = declaring == null ? null : declaring.method(called.name(), called.descriptor());
        if (owner != null && declaring != null && own != null && own.isPrivate()) {
            // A private method is called by INVOKEVIRTUAL too, and nothing overrides it (JVMS 5.4.6).
            return new Found(owner, declaring, own);
        }
        boolean reached = !exactly;
        for (Map.Entry<String, Level> entry : levels.entrySet()) {
            reached |= entry.getKey().equals(called.owner());
            Level level = entry.getValue();
            ClassFile file = reached ? level.file() : null;
            ClassFile.Method method = file == null ? null : file.method(called.name(), called.descriptor());
            if (file != null && method != null) {
                return new Found(level, file, method);
            }
            if (reached && file == null && !level.type.isInterface()) {
                // It may be there, overriding what is found further up.
                return null;
            }
        }
        return null;
    }

    /** The field that an instruction names, as {@link #name} does; null if it is none of these classes. */
    @Nullable
    String fieldOf(ClassFile.Reference member) {
        Level level = levels.get(member.owner());
        for (Class<?> declaring = level == null ? null : level.type;
                declaring != null;
                declaring = declaring.getSuperclass()) {
            try {
                return name(declaring.getDeclaredField(member.name()));
            } catch (NoSuchFieldException e) {
                // Inherited.
            }
        }
        return null;
    }

    /** The declared type of a field that an answer names; null if it is none of these classes. */
    @Nullable
    Class<?> typeOf(String field) {
        int dot = field.lastIndexOf('.');
        Level level = levels.get(field.substring(0, dot).replace('.', '/'));
        try {
            return level == null
                    ? null
                    : level.type.getDeclaredField(field.substring(dot + 1)).getType();
        } catch (NoSuchFieldException e) {
            return null;
        }
    }

    static MethodType signature(String descriptor) {
        // Only its shape counts: types of the application that the platform's loader lacks are replaced.
        return MethodType.fromMethodDescriptorString(
                descriptor.replaceAll("L[^;]+;", "Ljava/lang/Object;"), NO_APPLICATION);
    }

    // Uses of fields

    /** Whether the compiler knew its value: then it is the same in all objects. */
    public boolean isConstant(Field field) {
        ClassFile file = file(field.getDeclaringClass());
        return file != null && file.isConstant(field.getName());
    }

    /**
     * Whether it only keeps what the object's other fields give: a private field that nothing writes but hashCode, toString, or what
     * Scala computes a lazy value by; or an int for a hash code that nothing reads but hashCode and equals, that constructors make of
     * what other fields hold ({@link ComputedField}), and that others only reset or hand to a copy.
     */
    public boolean isDerived(Field field) {
        List<Use> uses = usesOf(field);
        if (uses == null) {
            return false;
        }
        boolean forHashCode = isForHashCode(field);
        boolean written = false;
        boolean onlyInHashCode = forHashCode;
        boolean onlyComputed = !Modifier.isFinal(field.getModifiers());
        boolean readByHashCode = false;
        for (Use use : uses) {
            if (use.writes) {
                boolean lazily = isHashCode(use.method)
                        || isToString(use.method)
                        || use.method.name().contains("$lzycompute");
                onlyComputed &= lazily || use.method.name().equals("<init>") && use.ofConstant;
                written |= lazily;
                onlyInHashCode &= use.method.name().equals("<init>")
                        ? forHashCode && ComputedField.isOfOthers(this, field, use.method)
                        : isHashCode(use.method) || use.ofConstant;
            } else {
                onlyInHashCode &= isHashCode(use.method)
                        || use.method.name().equals("equals")
                        || use.method.name().equals("<init>");
                readByHashCode |= isHashCode(use.method);
            }
        }
        return onlyComputed && written || onlyInHashCode && readByHashCode;
    }

    private static boolean isForHashCode(Field field) {
        return field.getType() == int.class
                && field.getName().toLowerCase(java.util.Locale.ROOT).contains("hash");
    }

    /** Whether what is in the field is state of the object, as far as the field itself tells. */
    boolean keeps(ClassFile.Reference reference) {
        String field = fieldOf(reference);
        for (Level level : levels.values()) {
            for (Field declared : level.type.getDeclaredFields()) {
                if (name(declared).equals(field)) {
                    return !Modifier.isTransient(declared.getModifiers()) && !isForHashCode(declared);
                }
            }
        }
        return false;
    }

    private static boolean isHashCode(ClassFile.Method method) {
        return method.name().equals("hashCode") && method.descriptor().equals("()I");
    }

    private static boolean isToString(ClassFile.Method method) {
        return method.name().equals("toString") && method.descriptor().equals("()Ljava/lang/String;");
    }

    /** Whether it holds nothing but a new Object, to synchronize on. */
    public boolean isMonitor(Field field) {
        List<Use> uses = field.getType() == Object.class ? usesOf(field) : null;
        if (uses == null) {
            return false;
        }
        boolean written = false;
        for (Use use : uses) {
            if (use.writes) {
                written = true;
                if (!use.ofNewObject) {
                    return false;
                }
            }
        }
        return written;
    }

    /** Whether no code but constructors uses it: an inner class's reference to an outer object that it never asks. */
    public boolean isUnused(Field field) {
        List<Use> uses = usesOf(field);
        if (uses == null) {
            return false;
        }
        for (Use use : uses) {
            if (!use.writes && !use.method.name().equals("<init>")) {
                return false;
            }
        }
        return true;
    }

    /**
     * One instruction that reads or writes a field.
     *
     * @param ofConstant whether what is written was pushed as a constant just before
     * @param ofNewObject whether it is an Object that was made just before
     */
    private record Use(ClassFile.Method method, boolean writes, boolean ofConstant, boolean ofNewObject) {}

    /** Every use of a field that only its class and the classes nested with it can use; null where others can, or code is not known. */
    private @Nullable List<Use> usesOf(Field field) {
        Class<?> declaring = field.getDeclaringClass();
        ClassFile file = file(declaring);
        if (file == null || !Modifier.isPrivate(field.getModifiers()) && !field.isSynthetic()) {
            return null;
        }
        List<Use> uses = new ArrayList<>();
        String owner = declaring.getName().replace('.', '/');
        addUses(file, owner, field.getName(), uses);
        for (ClassFile nested : nestOf(declaring)) {
            if (nested == null) {
                return null;
            }
            addUses(nested, owner, field.getName(), uses);
        }
        return uses;
    }

    private final Map<Class<?>, List<@Nullable ClassFile>> nests = new HashMap<>();

    /** The files of the other classes of its nest, with a null for each that can't be had. */
    private List<@Nullable ClassFile> nestOf(Class<?> declaring) {
        List<@Nullable ClassFile> known = nests.get(declaring);
        if (known == null) {
            known = new ArrayList<>();
            Class<?> host = declaring.getNestHost();
            ClassFile hostFile = host == declaring ? file(declaring) : ClassFile.of(host);
            if (host != declaring) {
                known.add(hostFile);
            }
            for (String member : hostFile == null ? List.<String>of() : hostFile.nestMembers()) {
                if (!member.equals(declaring.getName().replace('.', '/'))) {
                    known.add(ClassFile.of(member, declaring));
                }
            }
            nests.put(declaring, known);
        }
        return known;
    }

    private static void addUses(ClassFile file, String owner, String field, List<Use> uses) {
        for (ClassFile.Method method : file.methods()) {
            Instructions code = new Instructions(file, method);
            boolean constantBefore = false;
            boolean newObjectBefore = false;
            boolean readBefore = false;
            while (code.next()) {
                int opcode = code.opcode();
                boolean writes = opcode == Instructions.PUTFIELD;
                boolean used = (writes || opcode == Instructions.GETFIELD)
                        && code.reference().name().equals(field)
                        && code.reference().owner().equals(owner);
                if (used && writes && readBefore) {
                    // Of one object into the same field of another: copied, and used by neither.
                    uses.remove(uses.size() - 1);
                } else if (used) {
                    uses.add(new Use(method, writes, constantBefore, newObjectBefore));
                }
                readBefore = used && !writes;
                constantBefore = Instructions.pushesConstant(opcode);
                newObjectBefore = opcode == Instructions.INVOKESPECIAL
                        && code.reference().owner().equals("java/lang/Object")
                        && code.reference().name().equals("<init>");
            }
        }
    }

    // Reachable code

    /**
     * The fields that are read when one of these methods is called, as {@link #name} names them; null where code that is called is not
     * known.
     *
     * @param roots methods as {@link #signature(Method)} gives them
     */
    public @Nullable Set<@Nullable String> readFrom(Set<String> roots) {
        return ReachableReads.from(this, roots);
    }
}
