package io.idempotenttrace.weaver;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;
import net.bytebuddy.jar.asm.Handle;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import org.jspecify.annotations.Nullable;

/**
 * Which methods of one class reach a call of interest: by themselves, or by methods of the class that they call and nobody overrides, such
 * as a private one or the body of a lambda. Methods are known by name and descriptor, one behind the other.
 */
final class MethodCalls {

    private static final int NOT_OVERRIDDEN =
            Opcodes.ACC_PRIVATE | Opcodes.ACC_STATIC | Opcodes.ACC_FINAL | Opcodes.ACC_SYNTHETIC;

    private final String internalName;
    /** Of each method, the methods of interest that it calls. */
    private final Map<String, Set<String>> wanted = new HashMap<>();
    /** Of each method, what it calls of its own class. */
    private final Map<String, Set<String>> own = new HashMap<>();

    private final Set<String> notOverridden = new HashSet<>();
    /** By these, compilers let an inner class call what only its outer class may, such as {@code super.emit}. */
    private final Set<String> accessors = new HashSet<>();
    /** Methods that use an inner class: it may call an accessor. */
    private final Set<String> usersOfInner = new HashSet<>();

    MethodCalls(String internalName) {
        this.internalName = internalName;
    }

    /**
     * Notes the calls of a method.
     *
     * @param isWanted whether a method, by its owner and its name and descriptor, is one of interest
     * @param next is told of the method's code after it; may be null
     */
    MethodVisitor of(int access, String method, BiPredicate<String, String> isWanted, @Nullable MethodVisitor next) {
        if ((access & NOT_OVERRIDDEN) != 0) {
            notOverridden.add(method);
        }
        boolean isSynthetic = (access & Opcodes.ACC_SYNTHETIC) != 0;
        if (isSynthetic && (access & Opcodes.ACC_STATIC) != 0 && method.startsWith("access$")) {
            accessors.add(method);
        }
        return new MethodVisitor(Opcodes.ASM9, next) {
            @Override
            public void visitMethodInsn(
                    int opcode, String owner, String called, String descriptor, boolean isInterface) {
                calls(owner, called + descriptor);
                super.visitMethodInsn(opcode, owner, called, descriptor, isInterface);
            }

            @Override
            public void visitInvokeDynamicInsn(String name, String descriptor, Handle bootstrap, Object... arguments) {
                for (Object argument : arguments) {
                    // The body of a lambda, or the method of a reference.
                    if (argument instanceof Handle handle) {
                        calls(handle.getOwner(), handle.getName() + handle.getDesc());
                    }
                }
                super.visitInvokeDynamicInsn(name, descriptor, bootstrap, arguments);
            }

            @Override
            public void visitTypeInsn(int opcode, String type) {
                uses(type);
                super.visitTypeInsn(opcode, type);
            }

            @Override
            public void visitFieldInsn(int opcode, String owner, String name, String descriptor) {
                uses(owner);
                super.visitFieldInsn(opcode, owner, name, descriptor);
            }

            private void calls(String owner, String called) {
                if (isWanted.test(owner, called)) {
                    wanted.computeIfAbsent(method, name -> new HashSet<>()).add(called);
                }
                if (owner.equals(internalName)) {
                    own.computeIfAbsent(method, name -> new HashSet<>()).add(called);
                }
                uses(owner);
            }

            private void uses(String type) {
                if (type.startsWith(internalName + '$')) {
                    usersOfInner.add(method);
                }
            }
        };
    }

    /** Whether one of those methods reaches a call of the wanted one. */
    boolean reach(Set<String> methods, String called) {
        Set<String> reached = new HashSet<>(methods);
        Deque<String> left = new ArrayDeque<>(methods);
        while (!left.isEmpty()) {
            String method = left.remove();
            if (wanted.getOrDefault(method, Set.of()).contains(called)) {
                return true;
            }
            Set<String> next = new HashSet<>(own.getOrDefault(method, Set.of()));
            next.retainAll(notOverridden);
            if (usersOfInner.contains(method)) {
                next.addAll(accessors);
            }
            next.removeAll(reached);
            reached.addAll(next);
            left.addAll(next);
        }
        return false;
    }
}
