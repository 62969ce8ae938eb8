package io.idempotenttrace.weaver;

import io.idempotenttrace.bridge.DriverCalls;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.bytebuddy.jar.asm.Label;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.Type;

/**
 * Copies one method of a driver and writes into it what it tells the engine. As source, of a method that ends a transaction:
 * <pre>
 * DriverCalls.ending(this, how);
 * try {
 *     body; each of its returns leaves the range of the try before:
 *         DriverCalls.returned(this, how);
 *         return;
 * } catch (Throwable thrown) {
 *     DriverCalls.threw(this, how);
 *     throw thrown;
 * }
 * </pre>
 * A method that executes only begins with a call. As in {@link GuardWriter}, the one local variable of ours lies behind the body's own, so
 * that stack map frames stay as they are but for it. It holds the object, whose own slot the body may use for something else.
 */
final class DriverMethodWriter extends MethodVisitor {

    private static final String CALLS = Type.getInternalName(DriverCalls.class);
    private static final String THROWABLE = "java/lang/Throwable";
    private static final String OF_TWO_OBJECTS = "(Ljava/lang/Object;Ljava/lang/Object;)V";
    /** The object, and what it is told with; the handler has the exception below them. */
    private static final int STACK = 2;

    private final String owner;
    private final DriverMethod kind;
    private final int ownSlot;
    private final boolean tellsItsEnd;

    private final Label thrown = new Label();
    /** Beginnings and ends of what the handler covers. */
    private final List<Label> ranges = new ArrayList<>();

    private Label rangeStart = new Label();

    /**
     * A visitor that takes the method's events and passes those of the woven method on.
     *
     * @param copy takes the woven method; it must not need to compute frames
     * @param owner the class's internal name
     * @param maxLocals of the method as it is
     */
    DriverMethodWriter(MethodVisitor copy, String owner, DriverMethod kind, int maxLocals) {
        super(Opcodes.ASM9, copy);
        this.owner = owner;
        this.kind = kind;
        this.ownSlot = maxLocals;
        this.tellsItsEnd = kind.how >= 0;
    }

    private boolean keepsItsObject() {
        return tellsItsEnd || kind == DriverMethod.SAVEPOINT;
    }

    @Override
    public void visitCode() {
        super.visitCode();
        super.visitVarInsn(Opcodes.ALOAD, 0);
        if (keepsItsObject()) {
            super.visitInsn(Opcodes.DUP);
            super.visitVarInsn(Opcodes.ASTORE, ownSlot);
        }
        switch (kind) {
            case EXECUTE, CHANGE -> tell("executing", "(Ljava/lang/Object;)V");
            case ROLLBACK_TO_SAVEPOINT -> {
                super.visitVarInsn(Opcodes.ALOAD, 1);
                tell("rollingBack", OF_TWO_OBJECTS);
            }
            case SWITCH -> {
                super.visitVarInsn(Opcodes.ILOAD, 1);
                tell("switching", "(Ljava/lang/Object;Z)V");
            }
            case SAVEPOINT -> super.visitInsn(Opcodes.POP);
            default -> {
                super.visitInsn(Opcodes.ICONST_0 + kind.how);
                tell("ending", "(Ljava/lang/Object;I)V");
            }
        }
        super.visitLabel(rangeStart);
    }

    private void tell(String method, String descriptor) {
        super.visitMethodInsn(Opcodes.INVOKESTATIC, CALLS, method, descriptor, false);
    }

    @Override
    public void visitInsn(int opcode) {
        if (tellsItsEnd && opcode == Opcodes.RETURN) {
            endRange();
            tellEnd("returned");
            super.visitInsn(opcode);
            rangeStart = new Label();
            super.visitLabel(rangeStart);
            return;
        }
        if (kind == DriverMethod.SAVEPOINT && opcode == Opcodes.ARETURN) {
            super.visitInsn(Opcodes.DUP);
            super.visitVarInsn(Opcodes.ALOAD, ownSlot);
            tell("savepoint", OF_TWO_OBJECTS);
        }
        super.visitInsn(opcode);
    }

    private void endRange() {
        Label end = new Label();
        super.visitLabel(end);
        ranges.add(rangeStart);
        ranges.add(end);
    }

    private void tellEnd(String method) {
        super.visitVarInsn(Opcodes.ALOAD, ownSlot);
        super.visitInsn(Opcodes.ICONST_0 + kind.how);
        tell(method, "(Ljava/lang/Object;I)V");
    }

    @Override
    public void visitFrame(int type, int localCount, Object[] locals, int stackCount, Object[] stack) {
        if (keepsItsObject()) {
            frame(Arrays.asList(locals).subList(0, localCount), Arrays.copyOf(stack, stackCount));
        } else {
            super.visitFrame(type, localCount, locals, stackCount, stack);
        }
    }

    /** A stack map frame: the body's local variables, unused slots up to ours, and ours. */
    private void frame(List<Object> bodyLocals, Object... stack) {
        List<Object> locals = new ArrayList<>(bodyLocals);
        int slots = 0;
        for (Object local : bodyLocals) {
            slots += local == Opcodes.LONG || local == Opcodes.DOUBLE ? 2 : 1;
        }
        for (; slots < ownSlot; slots++) {
            locals.add(Opcodes.TOP);
        }
        locals.add(owner);
        super.visitFrame(Opcodes.F_NEW, locals.size(), locals.toArray(), stack.length, stack);
    }

    @Override
    public void visitMaxs(int maxStack, int maxLocals) {
        if (tellsItsEnd) {
            endRange();
            super.visitLabel(thrown);
            frame(List.of(), THROWABLE);
            tellEnd("threw");
            super.visitInsn(Opcodes.ATHROW);
            // Behind the body's own handlers: those come first. A range without instructions can't be covered (JVMS
            // 4.7.3).
            for (int i = 0; i < ranges.size(); i += 2) {
                if (ranges.get(i).getOffset() < ranges.get(i + 1).getOffset()) {
                    super.visitTryCatchBlock(ranges.get(i), ranges.get(i + 1), thrown, THROWABLE);
                }
            }
        }
        super.visitMaxs(Math.max(maxStack, 1) + STACK, keepsItsObject() ? ownSlot + 1 : maxLocals);
    }
}
