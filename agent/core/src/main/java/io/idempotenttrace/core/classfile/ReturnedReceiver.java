package io.idempotenttrace.core.classfile;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Whether a method returns the object that it is called on, and nothing else, as fluent methods do. Its code must load the receiver
 * right before each return, or a variable to which it was assigned before, as {@code finally} and Kotlin's {@code apply} are compiled. Any
 * other code is taken for a method that may return something else.
 */
public final class ReturnedReceiver {

    private static final int CHECKCAST = 0xc0;
    private static final int ARETURN = 0xb0;
    private static final int MONITOREXIT = 0xc3;

    private enum Kind {
        LOAD,
        STORE,
        CAST,
        UNLOCK,
        RETURN,
        OTHER
    }

    /** @param slot the local variable that is loaded or stored as a reference */
    private record Step(int at, Kind kind, int slot) {}

    private record Branch(int source, int target) {}

    private final List<Step> steps = new ArrayList<>();
    /** Where exceptions lead. */
    private final Set<Integer> handlers;

    private final List<Branch> branches = new ArrayList<>();

    private ReturnedReceiver(ClassFile file, ClassFile.Method method) {
        handlers = method.handlers();
        Instructions code = new Instructions(file, method);
        while (code.next()) {
            steps.add(step(file, code));
            addBranches(file, code);
        }
    }

    /**
     * @param classFile of the class that declares the method
     * @param descriptor as the class file has it
     */
    public static boolean isAll(byte[] classFile, String method, String descriptor) {
        try {
            return isAll(new ClassFile(classFile), method, descriptor);
        } catch (RuntimeException e) {
            // A class file of an unknown kind.
            return false;
        }
    }

    /** As {@link #isAll(byte[], String, String)}; false where the class file can't be had. */
    public static boolean isAll(Class<?> declaring, String method, String descriptor) {
        ClassFile file = ClassFile.of(declaring);
        try {
            return file != null && isAll(file, method, descriptor);
        } catch (RuntimeException e) {
            return false;
        }
    }

    private static boolean isAll(ClassFile file, String name, String descriptor) {
        ClassFile.Method method = file.method(name, descriptor);
        return method != null && !method.isStatic() && new ReturnedReceiver(file, method).isAll();
    }

    private boolean isAll() {
        boolean returns = false;
        for (int i = 0; i < steps.size(); i++) {
            if (steps.get(i).kind == Kind.RETURN) {
                returns = true;
                if (!isReceiverBefore(i)) {
                    return false;
                }
            }
        }
        return returns;
    }

    /** Whether the value that the step takes is the receiver. */
    private boolean isReceiverBefore(int index) {
        if (index == 0 || isEntered(index, index)) {
            return false;
        }
        Step before = steps.get(index - 1);
        if (before.kind == Kind.UNLOCK) {
            // Of a synchronized block, which is left with the value on the stack.
            return index > 1 && steps.get(index - 2).kind == Kind.LOAD && isReceiverBefore(index - 2);
        }
        return before.kind == Kind.CAST
                ? isReceiverBefore(index - 1)
                : before.kind == Kind.LOAD && holdsReceiver(before.slot, index - 1);
    }

    /** Whether a variable holds the receiver where it is loaded: by the store before it, through which each way leads that leads there. */
    private boolean holdsReceiver(int slot, int load) {
        for (int i = load - 1; i >= 0; i--) {
            Step step = steps.get(i);
            if (step.kind == Kind.STORE && step.slot == slot) {
                return !isEntered(i + 1, load) && isReceiverBefore(i);
            }
        }
        // No way leads back to a store behind it, which would be of another object.
        return slot == 0 && steps.stream().noneMatch(step -> step.kind == Kind.STORE && step.slot == 0);
    }

    /** Whether one of the steps, the first and the last included, is where a branch from elsewhere leads, or an exception. */
    private boolean isEntered(int first, int last) {
        int from = steps.get(first).at;
        int to = steps.get(last).at;
        return handlers.stream().anyMatch(at -> at >= from && at <= to)
                || branches.stream()
                        .anyMatch(branch -> branch.target >= from
                                && branch.target <= to
                                && (branch.source < from || branch.source > to || first == last));
    }

    private static Step step(ClassFile file, Instructions code) {
        int opcode = code.opcode();
        int operands = code.operands();
        boolean wide = opcode == Instructions.WIDE;
        int plain = wide ? file.u1(operands) : opcode;
        int at = code.at();
        if (plain == 0x19) {
            return new Step(at, Kind.LOAD, wide ? file.u2(operands + 1) : file.u1(operands));
        } else if (plain >= 0x2a && plain <= 0x2d) {
            return new Step(at, Kind.LOAD, plain - 0x2a);
        } else if (plain == 0x3a) {
            return new Step(at, Kind.STORE, wide ? file.u2(operands + 1) : file.u1(operands));
        } else if (plain >= 0x4b && plain <= 0x4e) {
            return new Step(at, Kind.STORE, plain - 0x4b);
        }
        return new Step(
                at,
                switch (opcode) {
                    case CHECKCAST -> Kind.CAST;
                    case MONITOREXIT -> Kind.UNLOCK;
                    case ARETURN -> Kind.RETURN;
                    default -> Kind.OTHER;
                },
                /* slot= */ -1);
    }

    private void addBranches(ClassFile file, Instructions code) {
        int opcode = code.opcode();
        if (opcode >= 0x99 && opcode <= 0xa8 || opcode == 0xc6 || opcode == 0xc7) {
            branches.add(new Branch(code.at(), code.at() + file.i2(code.operands())));
        } else if (opcode == 0xc8 || opcode == 0xc9) {
            branches.add(new Branch(code.at(), code.at() + file.i4(code.operands())));
        } else if (opcode == Instructions.TABLESWITCH || opcode == Instructions.LOOKUPSWITCH) {
            int table = code.switchTable();
            branches.add(new Branch(code.at(), code.at() + file.i4(table)));
            boolean dense = opcode == Instructions.TABLESWITCH;
            int count = dense ? file.i4(table + 8) - file.i4(table + 4) + 1 : file.i4(table + 4);
            for (int i = 0; i < count; i++) {
                branches.add(
                        new Branch(code.at(), code.at() + file.i4(dense ? table + 12 + 4 * i : table + 12 + 8 * i)));
            }
        }
    }
}
