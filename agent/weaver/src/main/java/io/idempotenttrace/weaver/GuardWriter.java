package io.idempotenttrace.weaver;

import io.idempotenttrace.bridge.GuardBootstrap;
import io.idempotenttrace.bridge.GuardPoint;
import io.idempotenttrace.bridge.GuardedCall;
import io.idempotenttrace.bridge.SuppressedCall;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.bytebuddy.jar.asm.Handle;
import net.bytebuddy.jar.asm.Label;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.Type;

/**
 * Copies one method and writes the guard around its body. As source, of a method that returns R:
 * <pre>
 * GuardedCall call = guardPoint.enter(new Object[] {arguments});      // guardPoint is a constant of the call site; this comes last
 * if (call instanceof SuppressedCall) return (R) call.end(null, null);
 * try {
 *     body; each of its returns leaves the range of the try before:
 *         return (R) GuardedCall.returned(value, call);
 * } catch (Throwable thrown) {
 *     throw GuardedCall.thrown(thrown, call);
 * }
 * </pre>
 * What the guard throws leaves the method as it is: no handler covers it, neither ours nor one of the body's.
 *
 * <p>The body keeps its local variables; the guard's one comes behind them. So its stack map frames stay as they are but for the
 * call behind them, no frame is computed, and no class is loaded or looked up to merge two types. A return may leave other values
 * below its own on the stack: what is written before it has no branch, so that nobody needs to know them.
 */
final class GuardWriter extends MethodVisitor {

    private static final int API = Opcodes.ASM9;
    private static final String POINT = Type.getInternalName(GuardPoint.class);
    private static final String CALL = Type.getInternalName(GuardedCall.class);
    private static final String SUPPRESSED = Type.getInternalName(SuppressedCall.class);
    private static final String THROWABLE = "java/lang/Throwable";
    private static final Handle BOOTSTRAP = new Handle(
            Opcodes.H_INVOKESTATIC,
            Type.getInternalName(GuardBootstrap.class),
            "link",
            "(Ljava/lang/invoke/MethodHandles$Lookup;Ljava/lang/String;Ljava/lang/invoke/MethodType;Ljava/lang/String;I)"
                    + "Ljava/lang/invoke/CallSite;",
            false);
    /** The array, itself again, an index, and a value of two slots, boxed. */
    private static final int ENTRY_STACK = 6;
    /** What a return needs above what it returns: the call, and its own value boxed, in place of one of no slot. */
    private static final int EXIT_STACK = 2;

    private final boolean isStatic;
    /** Whether the body may have to run after the method has returned, or may return its object: then the guard has to know that. */
    private final boolean passesReceiver;

    private final String owner;
    private final Type[] parameters;
    private final Type returned;
    /** What the call site's bootstrap method is told about the method. */
    private final String specification;
    /** Whether a call is refused that can't be guarded. */
    private final boolean refuses;

    private final int firstLine;
    /** The slot of the call, behind the body's own. */
    private final int callSlot;

    private final Label suppressed = new Label();
    private final Label thrown = new Label();
    /** Where the handler's current range begins: a return ends it, and what follows begins another. */
    private Label rangeStart = new Label();

    private final List<Label> ranges = new ArrayList<>();

    /**
     * A visitor that takes the method's events and passes those of the guarded method on.
     *
     * @param copy takes the guarded method; it must not need to compute frames
     * @param owner the class's internal name
     * @param refuses what the bridge does with a call where the engine can't be asked: refuses it, or runs its body
     */
    GuardWriter(MethodVisitor copy, String owner, AnnotatedMethods.Found method, boolean refuses) {
        super(API, copy);
        this.isStatic = (method.access() & Opcodes.ACC_STATIC) != 0;
        this.owner = owner;
        this.parameters = Type.getArgumentTypes(method.specification().descriptor());
        this.returned = Type.getReturnType(method.specification().descriptor());
        this.passesReceiver = !isStatic && passesReceiver(method.specification());
        this.specification = method.specification().toText();
        this.refuses = refuses;
        this.firstLine = method.firstLine();
        this.callSlot = method.maxLocals();
    }

    /**
     * Whether a call of the method, if it is not static, hands on the object that it is called on, behind the arguments. By the name of its
     * type alone: an application may have a future of its own.
     */
    static boolean passesReceiver(MethodSpecification method) {
        Type type = Type.getReturnType(method.descriptor());
        return method.isSuspending()
                || type.getSort() == Type.OBJECT && !type.getInternalName().startsWith("java/lang/");
    }

    @Override
    public void visitCode() {
        super.visitCode();
        if (firstLine != 0) {
            // A stack trace that comes from the guard names a line of the method, as one from its body does.
            Label start = new Label();
            super.visitLabel(start);
            super.visitLineNumber(firstLine, start);
        }
        super.visitInvokeDynamicInsn("guardPoint", "()L" + POINT + ";", BOOTSTRAP, specification, refuses ? 1 : 0);
        push(parameters.length + (passesReceiver ? 1 : 0));
        super.visitTypeInsn(Opcodes.ANEWARRAY, "java/lang/Object");
        int slot = isStatic ? 0 : 1;
        for (int i = 0; i < parameters.length; i++) {
            super.visitInsn(Opcodes.DUP);
            push(i);
            super.visitVarInsn(parameters[i].getOpcode(Opcodes.ILOAD), slot);
            box(parameters[i]);
            super.visitInsn(Opcodes.AASTORE);
            slot += parameters[i].getSize();
        }
        if (passesReceiver) {
            super.visitInsn(Opcodes.DUP);
            push(parameters.length);
            super.visitVarInsn(Opcodes.ALOAD, 0);
            super.visitInsn(Opcodes.AASTORE);
        }
        super.visitMethodInsn(Opcodes.INVOKEVIRTUAL, POINT, "enter", "([Ljava/lang/Object;)L" + CALL + ";", false);
        super.visitInsn(Opcodes.DUP);
        super.visitVarInsn(Opcodes.ASTORE, callSlot);
        super.visitTypeInsn(Opcodes.INSTANCEOF, SUPPRESSED);
        super.visitJumpInsn(Opcodes.IFNE, suppressed);
        super.visitLabel(rangeStart);
    }

    @Override
    public void visitInsn(int opcode) {
        if (opcode >= Opcodes.IRETURN && opcode <= Opcodes.RETURN) {
            leaveBody();
        } else {
            super.visitInsn(opcode);
        }
    }

    private void leaveBody() {
        Label rangeEnd = new Label();
        super.visitLabel(rangeEnd);
        if (returned.equals(Type.VOID_TYPE)) {
            super.visitInsn(Opcodes.ACONST_NULL);
        } else {
            box(returned);
        }
        super.visitVarInsn(Opcodes.ALOAD, callSlot);
        super.visitMethodInsn(
                Opcodes.INVOKESTATIC, CALL, "returned", "(Ljava/lang/Object;L" + CALL + ";)Ljava/lang/Object;", false);
        returnUnboxed();
        endRange(rangeEnd);
        rangeStart = new Label();
        super.visitLabel(rangeStart);
    }

    private void endRange(Label rangeEnd) {
        ranges.add(rangeStart);
        ranges.add(rangeEnd);
    }

    @Override
    public void visitFrame(int type, int localCount, Object[] locals, int stackCount, Object[] stack) {
        frame(Arrays.asList(locals).subList(0, localCount), new Object[] {CALL}, Arrays.copyOf(stack, stackCount));
    }

    @Override
    public void visitMaxs(int maxStack, int maxLocals) {
        Label bodyEnd = new Label();
        super.visitLabel(bodyEnd);
        endRange(bodyEnd);
        super.visitLabel(suppressed);
        writeSuppressed();
        super.visitLabel(thrown);
        writeThrown();
        // Behind the body's own handlers: those come first. A range without instructions can't be covered (JVMS 4.7.3).
        for (int i = 0; i < ranges.size(); i += 2) {
            if (ranges.get(i).getOffset() < ranges.get(i + 1).getOffset()) {
                super.visitTryCatchBlock(ranges.get(i), ranges.get(i + 1), thrown, THROWABLE);
            }
        }
        super.visitMaxs(Math.max(maxStack + EXIT_STACK, ENTRY_STACK), callSlot + 1);
    }

    private void writeSuppressed() {
        List<Object> arguments = new ArrayList<>();
        if (!isStatic) {
            arguments.add(owner);
        }
        for (Type parameter : parameters) {
            arguments.add(frameType(parameter));
        }
        frame(arguments, CALL);
        super.visitVarInsn(Opcodes.ALOAD, callSlot);
        super.visitInsn(Opcodes.ACONST_NULL);
        super.visitInsn(Opcodes.ACONST_NULL);
        endCall();
        returnUnboxed();
    }

    private void writeThrown() {
        frame(List.of(), new Object[] {CALL}, THROWABLE);
        super.visitVarInsn(Opcodes.ALOAD, callSlot);
        super.visitMethodInsn(
                Opcodes.INVOKESTATIC,
                CALL,
                "thrown",
                "(Ljava/lang/Throwable;L" + CALL + ";)Ljava/lang/Throwable;",
                false);
        super.visitInsn(Opcodes.ATHROW);
    }

    private void endCall() {
        super.visitMethodInsn(
                Opcodes.INVOKEVIRTUAL,
                CALL,
                "end",
                "(Ljava/lang/Object;Ljava/lang/Throwable;)Ljava/lang/Object;",
                false);
    }

    /** Returns the object on the stack as what the method returns. */
    private void returnUnboxed() {
        if (returned.equals(Type.VOID_TYPE)) {
            super.visitInsn(Opcodes.POP);
        } else if (returned.getSort() < Type.ARRAY) {
            String box = boxOf(returned);
            super.visitTypeInsn(Opcodes.CHECKCAST, box);
            super.visitMethodInsn(
                    Opcodes.INVOKEVIRTUAL,
                    box,
                    returned.getClassName() + "Value",
                    "()" + returned.getDescriptor(),
                    false);
        } else {
            super.visitTypeInsn(Opcodes.CHECKCAST, returned.getInternalName());
        }
        super.visitInsn(returned.getOpcode(Opcodes.IRETURN));
    }

    private void box(Type type) {
        if (type.getSort() < Type.ARRAY) {
            String box = boxOf(type);
            super.visitMethodInsn(
                    Opcodes.INVOKESTATIC, box, "valueOf", "(" + type.getDescriptor() + ")L" + box + ";", false);
        }
    }

    private static String boxOf(Type primitive) {
        return switch (primitive.getSort()) {
            case Type.BOOLEAN -> "java/lang/Boolean";
            case Type.CHAR -> "java/lang/Character";
            case Type.BYTE -> "java/lang/Byte";
            case Type.SHORT -> "java/lang/Short";
            case Type.INT -> "java/lang/Integer";
            case Type.LONG -> "java/lang/Long";
            case Type.FLOAT -> "java/lang/Float";
            default -> "java/lang/Double";
        };
    }

    private void push(int number) {
        if (number <= 5) {
            super.visitInsn(Opcodes.ICONST_0 + number);
        } else {
            // A method has no more than 255 parameters.
            super.visitIntInsn(Opcodes.SIPUSH, number);
        }
    }

    private void frame(List<Object> bodyLocals, Object... guardLocals) {
        frame(bodyLocals, guardLocals, new Object[0]);
    }

    /** A stack map frame: the body's local variables, unused slots up to the guard's, and the guard's. */
    private void frame(List<Object> bodyLocals, Object[] guardLocals, Object... stack) {
        List<Object> locals = new ArrayList<>(bodyLocals);
        int slots = 0;
        for (Object local : bodyLocals) {
            slots += local == Opcodes.LONG || local == Opcodes.DOUBLE ? 2 : 1;
        }
        for (; slots < callSlot; slots++) {
            locals.add(Opcodes.TOP);
        }
        locals.addAll(Arrays.asList(guardLocals));
        super.visitFrame(Opcodes.F_NEW, locals.size(), locals.toArray(), stack.length, stack);
    }

    private static Object frameType(Type type) {
        return switch (type.getSort()) {
            case Type.BOOLEAN, Type.CHAR, Type.BYTE, Type.SHORT, Type.INT -> Opcodes.INTEGER;
            case Type.LONG -> Opcodes.LONG;
            case Type.FLOAT -> Opcodes.FLOAT;
            case Type.DOUBLE -> Opcodes.DOUBLE;
            default -> type.getInternalName();
        };
    }
}
