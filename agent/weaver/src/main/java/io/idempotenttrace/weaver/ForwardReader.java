package io.idempotenttrace.weaver;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.bytebuddy.jar.asm.Handle;
import net.bytebuddy.jar.asm.Label;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.Type;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether a method's body is one call that passes all of the method's parameters on. It follows the values on the operand stack
 * through a body without branches. What may stand beside the call changes no value and does no work: null checks, boxes, casts,
 * constants. Anything else makes the method one of its own.
 *
 * <p>A parameter that is not passed on would be missing in the payload of the called method, and a value that is computed would be
 * computed anew on each call. Neither method is a forwarder.
 */
final class ForwardReader extends MethodVisitor {

    /** What is known of a value on the stack. */
    private enum Kind {
        SELF,
        PARAMETER,
        CONSTANT,
        SINGLETON,
        FIELD,
        MEMBER,
        RESULT
    }

    /**
     * A value.
     *
     * @param index which parameter it is
     * @param name the field that it was read from
     */
    private record Value(Kind kind, int index, String name) {}

    private static final Value SELF = new Value(Kind.SELF, 0, "");
    private static final Value CONSTANT = new Value(Kind.CONSTANT, 0, "");
    private static final Value SINGLETON = new Value(Kind.SINGLETON, 0, "");
    private static final Value MEMBER = new Value(Kind.MEMBER, 0, "");
    private static final Value RESULT = new Value(Kind.RESULT, 0, "");

    private static final String GROOVY_DYNAMIC = "org/codehaus/groovy/vmplugin/";
    private static final String KOTLIN_DELEGATE = "$$delegate_";
    private static final Set<String> BOXES = Set.of(
            "java/lang/Boolean",
            "java/lang/Character",
            "java/lang/Byte",
            "java/lang/Short",
            "java/lang/Integer",
            "java/lang/Long",
            "java/lang/Float",
            "java/lang/Double");
    /** Static methods without parameters that give the same empty value each time. */
    private static final Set<String> EMPTY_VALUES = Set.of(
            "java/util/List.of",
            "java/util/Set.of",
            "java/util/Map.of",
            "java/util/Collections.emptyList",
            "java/util/Collections.emptySet",
            "java/util/Collections.emptyMap",
            "java/util/Optional.empty",
            "kotlin/collections/CollectionsKt.emptyList",
            "kotlin/collections/SetsKt.emptySet",
            "kotlin/collections/MapsKt.emptyMap");

    private final String owner;
    private final String methodDescriptor;
    /** Whether the object is in the first local variable. */
    private final boolean hasSelf;

    private final Type[] parameters;
    private final Type returned;
    private final Map<Integer, Integer> parameterOfSlot = new HashMap<>();
    private final Set<String> ownConstants;
    private final List<Value> stack = new ArrayList<>();
    private boolean possible = true;
    private boolean ended;
    private boolean dynamic;
    private @Nullable ForwardedCall call;
    private @Nullable Type calledReturns;

    /**
     * @param owner the internal name of the method's class
     * @param takesSelf whether its first parameter is the object that it stands for: a compiler's accessor
     * @param ownConstants the static final fields of that class
     */
    ForwardReader(String owner, int access, boolean takesSelf, String descriptor, Set<String> ownConstants) {
        super(Opcodes.ASM9);
        this.owner = owner;
        this.methodDescriptor = descriptor;
        Type[] all = Type.getArgumentTypes(descriptor);
        boolean isStatic = (access & Opcodes.ACC_STATIC) != 0;
        this.hasSelf = !isStatic || takesSelf && all.length > 0;
        this.parameters = isStatic && hasSelf ? Arrays.copyOfRange(all, 1, all.length) : all;
        this.returned = Type.getReturnType(descriptor);
        this.ownConstants = ownConstants;
        int slot = hasSelf ? 1 : 0;
        for (int i = 0; i < parameters.length; i++) {
            parameterOfSlot.put(slot, i);
            slot += parameters[i].getSize();
        }
    }

    /** Null if the method is no forwarder. */
    @Nullable
    ForwardedCall call() {
        return possible && ended ? call : null;
    }

    private void refuse() {
        possible = false;
    }

    private void push(Value value) {
        stack.add(value);
    }

    private Value pop() {
        if (stack.isEmpty()) {
            refuse();
            return CONSTANT;
        }
        return stack.remove(stack.size() - 1);
    }

    @Override
    public void visitVarInsn(int opcode, int slot) {
        Integer parameter = parameterOfSlot.get(slot);
        if (opcode > Opcodes.ALOAD || call != null) {
            refuse();
        } else if (hasSelf && slot == 0) {
            push(SELF);
        } else if (parameter != null) {
            push(new Value(Kind.PARAMETER, parameter, ""));
        } else {
            refuse();
        }
    }

    @Override
    public void visitInsn(int opcode) {
        if (opcode >= Opcodes.ACONST_NULL && opcode <= Opcodes.DCONST_1) {
            push(CONSTANT);
        } else if (opcode >= Opcodes.IRETURN && opcode <= Opcodes.RETURN) {
            end(opcode);
        } else if (opcode == Opcodes.POP) {
            drop();
        } else if (opcode != Opcodes.NOP && !isWidening(opcode)) {
            refuse();
        }
    }

    /** Groovy drops a null of its own behind a call without result, and the result of a dynamic call that the method does not return. */
    private void drop() {
        Value dropped = pop();
        if (dropped.equals(RESULT) && dynamic && returned.equals(Type.VOID_TYPE)) {
            calledReturns = Type.VOID_TYPE;
        } else if (!dropped.equals(CONSTANT)) {
            refuse();
        }
    }

    private static boolean isWidening(int opcode) {
        return opcode == Opcodes.I2L || opcode == Opcodes.I2D || opcode == Opcodes.F2D;
    }

    private void end(int opcode) {
        if (call == null || ended) {
            refuse();
            return;
        }
        ended = true;
        if (opcode == Opcodes.RETURN) {
            possible &= stack.isEmpty() && Type.VOID_TYPE.equals(calledReturns);
        } else if (Type.VOID_TYPE.equals(calledReturns)) {
            // Kotlin's Unit or Groovy's null.
            possible &=
                    pop().kind == Kind.CONSTANT || returned.getInternalName().equals("kotlin/Unit");
        } else {
            possible &= pop().equals(RESULT) && stack.isEmpty();
        }
    }

    @Override
    public void visitIntInsn(int opcode, int operand) {
        if (opcode == Opcodes.NEWARRAY) {
            refuse();
        } else {
            push(CONSTANT);
        }
    }

    @Override
    public void visitLdcInsn(Object value) {
        push(CONSTANT);
    }

    @Override
    public void visitTypeInsn(int opcode, String type) {
        if (opcode != Opcodes.CHECKCAST) {
            refuse();
        }
    }

    @Override
    public void visitFieldInsn(int opcode, String fieldOwner, String name, String descriptor) {
        if (opcode == Opcodes.GETSTATIC) {
            String type = descriptor.startsWith("L") ? descriptor.substring(1, descriptor.length() - 1) : "";
            if (type.equals(fieldOwner) || type.startsWith(fieldOwner + '$')) {
                // An enum's constant, a Scala object, or the companion that is nested in the class.
                push(SINGLETON);
            } else if (fieldOwner.equals(owner) && ownConstants.contains(name) || BOXES.contains(fieldOwner)) {
                push(CONSTANT);
            } else {
                refuse();
            }
        } else if (opcode == Opcodes.GETFIELD && pop().equals(SELF)) {
            push(new Value(Kind.FIELD, 0, name));
        } else {
            refuse();
        }
    }

    @Override
    public void visitMethodInsn(int opcode, String calledOwner, String name, String descriptor, boolean isInterface) {
        Type[] arguments = Type.getArgumentTypes(descriptor);
        boolean isCallStatic = opcode == Opcodes.INVOKESTATIC;
        if (calledOwner.equals("kotlin/jvm/internal/Intrinsics") && name.startsWith("check")) {
            for (int i = 0; i < arguments.length; i++) {
                pop();
            }
        } else if (isCallStatic && arguments.length == 0 && EMPTY_VALUES.contains(calledOwner + '.' + name)) {
            push(CONSTANT);
        } else if (isCallStatic && name.equals("createPojoWrapper")) {
            // Groovy tells a dynamic call the static type of an argument.
            pop();
        } else if (!keepsValue(isCallStatic, calledOwner, name, arguments.length)) {
            if (!isCallStatic && arguments.length == 0 && calledOwner.equals(owner) && call == null && isSelfOnTop()) {
                pop();
                push(MEMBER);
            } else {
                called(isCallStatic, calledOwner, name, descriptor, arguments);
            }
        }
    }

    private boolean isSelfOnTop() {
        // A method without parameters that calls another one without parameters is told apart by what is left to pass
        // on.
        return !stack.isEmpty()
                && stack.get(stack.size() - 1).equals(SELF)
                && (parameters.length > 0 || stack.size() > 1);
    }

    /** Boxes, and what else gives its only operand back in another form. */
    private static boolean keepsValue(boolean isCallStatic, String calledOwner, String name, int arguments) {
        if (isCallStatic && arguments == 1) {
            return BOXES.contains(calledOwner) && name.equals("valueOf")
                    || calledOwner.equals("scala/runtime/BoxesRunTime")
                    || calledOwner.equals("java/util/Objects") && name.equals("requireNonNull")
                    || name.equals("box-impl")
                    || name.equals("constructor-impl");
        }
        return !isCallStatic
                && arguments == 0
                && (BOXES.contains(calledOwner) && name.endsWith("Value") || name.equals("unbox-impl"));
    }

    private void called(boolean isCallStatic, String calledOwner, String name, String descriptor, Type[] arguments) {
        if (call != null || name.startsWith("<")) {
            refuse();
            return;
        }
        List<Value> passed = new ArrayList<>();
        for (int i = 0; i < arguments.length; i++) {
            passed.add(pop());
        }
        Collections.reverse(passed);
        ForwardedCall.Receiver receiver = isCallStatic ? ForwardedCall.Receiver.NONE : receiver(pop());
        if (receiver == null || !stack.isEmpty() || !passesAll(passed, name)) {
            refuse();
            return;
        }
        call = new ForwardedCall(calledOwner, name, descriptor, receiver);
        calledReturns = Type.getReturnType(descriptor);
        if (!Type.VOID_TYPE.equals(calledReturns)) {
            push(RESULT);
        }
    }

    private static ForwardedCall.@Nullable Receiver receiver(Value value) {
        return switch (value.kind) {
            case SELF -> ForwardedCall.Receiver.SELF;
            case SINGLETON -> ForwardedCall.Receiver.SINGLETON;
            case FIELD ->
                value.name.startsWith(KOTLIN_DELEGATE)
                        ? ForwardedCall.Receiver.DELEGATE
                        : ForwardedCall.Receiver.MEMBER;
            case MEMBER -> ForwardedCall.Receiver.MEMBER;
            default -> null;
        };
    }

    /** Whether the arguments are all of the method's parameters, each once, and otherwise only constants and its object. */
    private boolean passesAll(List<Value> passed, String name) {
        boolean[] seen = new boolean[parameters.length];
        int count = 0;
        for (int i = 0; i < passed.size(); i++) {
            Value value = passed.get(i);
            switch (value.kind) {
                case PARAMETER -> {
                    if (seen[value.index]) {
                        return false;
                    }
                    seen[value.index] = true;
                    count++;
                }
                case FIELD, MEMBER -> {
                    // The value inside a value class stands for its object.
                    if (i != 0 || !name.endsWith("-impl") && !name.endsWith("$extension")) {
                        return false;
                    }
                }
                case RESULT -> {
                    return false;
                }
                default -> {
                    // A constant, or the caller's object.
                }
            }
        }
        return count == parameters.length;
    }

    @Override
    public void visitInvokeDynamicInsn(String name, String descriptor, Handle bootstrap, Object... bootstrapArguments) {
        boolean groovy = bootstrap.getOwner().startsWith(GROOVY_DYNAMIC);
        if (groovy && name.equals("cast")) {
            return;
        }
        Type[] arguments = Type.getArgumentTypes(descriptor);
        if (!groovy || !name.equals("invoke") || arguments.length == 0 || arguments[0].getSort() != Type.OBJECT) {
            refuse();
            return;
        }
        // What Groovy's @Delegate makes has the parameters of what it calls.
        dynamic = true;
        called(
                /* isCallStatic= */ false,
                arguments[0].getInternalName(),
                (String) bootstrapArguments[0],
                methodDescriptor,
                Type.getArgumentTypes(methodDescriptor));
        if (call != null && stack.isEmpty()) {
            push(RESULT);
        }
    }

    @Override
    public void visitJumpInsn(int opcode, Label label) {
        refuse();
    }

    @Override
    public void visitIincInsn(int slot, int increment) {
        refuse();
    }

    @Override
    public void visitTableSwitchInsn(int min, int max, Label other, Label... labels) {
        refuse();
    }

    @Override
    public void visitLookupSwitchInsn(Label other, int[] keys, Label[] labels) {
        refuse();
    }

    @Override
    public void visitMultiANewArrayInsn(String descriptor, int dimensions) {
        refuse();
    }

    @Override
    public void visitTryCatchBlock(Label start, Label end, Label handler, String type) {
        refuse();
    }
}
