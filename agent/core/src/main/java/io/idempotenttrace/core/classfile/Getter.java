package io.idempotenttrace.core.classfile;

import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Follows the values through the code of a getter from its first instruction to its last, each once, to see what it returns. Where
 * branches meet, a value may come from either. A loop ends it: then nothing is known. So does any instruction that getters don't
 * have.
 */
final class Getter {

    /** The code is none that is followed here. */
    private static final class NotSimple extends Exception {

        private static final long serialVersionUID = 1L;

        NotSimple() {
            super(null, null, false, false);
        }
    }

    /**
     * What was met on the way.
     *
     * @param read the fields that were read
     * @param tested the fields that branches depend on; null for anything else
     * @param written the fields that were written, and may hold something though they were null before
     * @param effects is told what the code does to others; null where only the returned value is of interest. With it, loops are gone
     *     through once, and code of other classes is followed too
     */
    record Met(
            Set<String> read,
            Set<@Nullable String> tested,
            Set<String> written,
            @Nullable OutsideEffects effects) {

        Met() {
            this(/* effects= */ null);
        }

        Met(@Nullable OutsideEffects effects) {
            this(new HashSet<>(), new HashSet<>(), new HashSet<>(), effects);
        }
    }

    /** Local variables and stack between two instructions. */
    private static final class State {

        /** Null where nothing was stored yet. */
        final @Nullable Value[] locals;

        final List<Value> stack = new ArrayList<>();
        /** The fields that are null or empty if the code gets here. */
        final Set<String> absent = new HashSet<>();

        State(@Nullable Value[] locals) {
            this.locals = locals.clone();
        }

        State copy() {
            State copy = new State(locals);
            copy.stack.addAll(stack);
            copy.absent.addAll(absent);
            return copy;
        }

        State merged(State other) throws NotSimple {
            if (stack.size() != other.stack.size()) {
                throw new NotSimple();
            }
            State merged = new State(locals);
            for (int i = 0; i < locals.length; i++) {
                Value mine = locals[i];
                Value others = other.locals[i];
                merged.locals[i] = mine == null || others == null ? null : either(mine, other, others);
            }
            for (int i = 0; i < stack.size(); i++) {
                merged.stack.add(either(stack.get(i), other, other.stack.get(i)));
            }
            merged.absent.addAll(absent);
            merged.absent.retainAll(other.absent);
            return merged;
        }

        private Value either(Value mine, State other, Value others) {
            return mine.equals(others) ? mine : mine.where(absent).or(others.where(other.absent));
        }
    }

    private final CompiledClass type;
    private final ClassFile file;
    private final ClassFile.Method method;
    private final Instructions code;
    private final int depth;
    private final Met met;
    private Set<Value.Source> returned = Set.of();
    private final Map<Integer, State> branched = new HashMap<>();
    /** Null behind a jump or a return, until a branch leads there. */
    private @Nullable State state;

    private Getter(CompiledClass type, ClassFile file, ClassFile.Method method, int depth, Met met) {
        this.type = type;
        this.file = file;
        this.method = method;
        this.depth = depth;
        this.met = met;
        code = new Instructions(file, method);
    }

    /**
     * Where the returned value may come from.
     *
     * @param arguments with the object itself first, unless the method is static
     * @param met gets the fields that are read and tested on the way
     */
    static Set<Value.Source> returned(
            CompiledClass type, ClassFile file, ClassFile.Method method, Value[] arguments, int depth, Met met) {
        if (met.effects != null && !met.effects.follows()) {
            return Value.UNKNOWN.sources();
        }
        Getter getter = new Getter(type, file, method, depth, met);
        try {
            getter.follow(arguments);
            return getter.returned;
        } catch (NotSimple | RuntimeException e) {
            // A RuntimeException: code that is no javac's, or a class file that is damaged.
            return Value.UNKNOWN.sources();
        }
    }

    private void follow(Value[] arguments) throws NotSimple {
        @Nullable Value[] locals = new @Nullable Value[method.maxLocals()];
        int slot = 0;
        for (Value argument : arguments) {
            locals[slot] = argument;
            slot += argument.wide() ? 2 : 1;
        }
        State start = new State(locals);
        state = start;
        while (code.next()) {
            arrive(start);
            if (state != null) {
                step(code.opcode());
            }
        }
    }

    private void arrive(State start) throws NotSimple {
        State other = branched.remove(code.at());
        if (method.handlers().contains(code.at())) {
            // Any local variable may have changed before the exception.
            @Nullable Value[] locals = new @Nullable Value[start.locals.length];
            Arrays.fill(locals, Value.UNKNOWN);
            locals[0] = start.locals.length > 0 ? start.locals[0] : null;
            other = new State(locals);
            other.stack.add(Value.UNKNOWN);
        }
        if (other != null) {
            state = state == null ? other : state.merged(other);
        }
    }

    private void branch(int target) throws NotSimple {
        branch(target, state().copy());
    }

    private void branch(int target, State taken) throws NotSimple {
        if (target <= code.at()) {
            if (met.effects != null) {
                return;
            }
            throw new NotSimple();
        }
        State known = branched.get(target);
        branched.put(target, known == null ? taken : known.merged(taken));
    }

    // Instructions

    private void step(int opcode) throws NotSimple {
        if (opcode == 0x00 || opcode == 0xc0) {
            // nop, checkcast: nothing changes
            return;
        } else if (Instructions.pushesConstant(opcode)) {
            boolean wide = opcode == 0x09 || opcode == 0x0a || opcode == 0x0e || opcode == 0x0f || opcode == 0x14;
            push(opcode == 0x03 ? Value.ZERO : opcode == 0x04 ? Value.ONE : Value.CONSTANT.wide(wide));
        } else if (opcode <= 0x2d) {
            push(local(opcode <= 0x19 ? file.u1(code.operands()) : (opcode - 0x1a) % 4));
        } else if (opcode <= 0x35) {
            pop(2);
            push(Value.UNKNOWN.wide(opcode == 0x2f || opcode == 0x31));
        } else if (opcode <= 0x4e) {
            state().locals[opcode <= 0x3a ? file.u1(code.operands()) : (opcode - 0x3b) % 4] = pop();
        } else if (opcode <= 0x56) {
            pop(2);
            writes(pop());
        } else if (opcode <= 0x5f) {
            shuffle(opcode);
        } else if (opcode <= 0x98) {
            compute(opcode);
        } else if (opcode <= 0xa7 || opcode == 0xc6 || opcode == 0xc7) {
            Set<String> absentBehind = Set.of();
            Set<String> absentThere = Set.of();
            if (opcode >= 0x9f && opcode <= 0xa6) {
                test(pop());
                test(pop());
            } else if (opcode == 0xc6 || opcode == 0xc7) {
                // Whether there is a value does not tell which.
                Value value = pop();
                test(value.field() == null ? value : Value.CONSTANT);
                absentThere = opcode == 0xc6 ? value.absentWithIt() : Set.of();
                absentBehind = opcode == 0xc7 ? value.absentWithIt() : Set.of();
            } else if (opcode != 0xa7) {
                Value value = pop();
                test(value);
                absentThere = value.absentIf(/* zero= */ opcode == 0x99 || opcode == 0x9e);
                absentBehind = value.absentIf(/* zero= */ opcode == 0x9a || opcode == 0x9d);
                if (opcode == 0x9b || opcode == 0x9c) {
                    // Below zero or not: no length or flag is.
                    absentThere = Set.of();
                    absentBehind = Set.of();
                }
            }
            State taken = state().copy();
            taken.absent.addAll(notWritten(absentThere));
            branch(code.at() + file.i2(code.operands()), taken);
            state().absent.addAll(notWritten(absentBehind));
            state = opcode == 0xa7 ? null : state;
        } else if (opcode == Instructions.TABLESWITCH || opcode == Instructions.LOOKUPSWITCH) {
            branchByTable(opcode);
        } else if (opcode >= 0xac && opcode <= 0xb0) {
            Value value = pop();
            returned = Value.merged(returned, value.where(state().absent).sources());
            state = null;
        } else if (opcode == 0xb1 || opcode == 0xbf) {
            // return, athrow
            state = null;
        } else if (opcode >= 0xb2 && opcode <= 0xba) {
            member(opcode, code.reference());
        } else if (opcode == 0xbb) {
            push(Value.newObject(file.className(file.u2(code.operands()))));
        } else if (opcode == 0xbc || opcode == 0xbd) {
            pop();
            push(Value.UNKNOWN);
        } else if (opcode == 0xbe) {
            String field = pop().field();
            push(field == null ? Value.MADE : Value.of(Value.Kind.LENGTH, field));
        } else if (opcode == 0xc1) {
            pop();
            push(Value.MADE);
        } else if (opcode == 0xc2 || opcode == 0xc3) {
            pop();
        } else {
            throw new NotSimple();
        }
    }

    /** Arithmetic, conversions of numbers, comparisons. */
    private void compute(int opcode) throws NotSimple {
        if (opcode == 0x84) {
            // iinc
            state().locals[file.u1(code.operands())] = Value.MADE;
        } else if (opcode == 0x85 || opcode == 0x87 || opcode == 0x8d) {
            // Into a number that holds each of the other kind.
            push(pop().wide(true));
        } else if (opcode >= 0x86 && opcode <= 0x93) {
            pop();
            push(Value.MADE.wide(opcode == 0x8a || opcode == 0x8c || opcode == 0x8f));
        } else if (opcode >= 0x74 && opcode <= 0x77) {
            push(Value.MADE.wide(pop().wide()));
        } else {
            Value second = pop();
            Value first = pop();
            // Of whole numbers, not of such that round.
            boolean reversible = opcode == 0x60
                    || opcode == 0x61
                    || opcode == 0x64
                    || opcode == 0x65
                    || opcode == 0x82
                    || opcode == 0x83;
            boolean kept = reversible && first.field() != null && second.isConstant();
            push(kept ? first : Value.MADE.wide(opcode < 0x94 && first.wide()));
        }
    }

    private void shuffle(int opcode) throws NotSimple {
        Value top = pop();
        switch (opcode) {
            case 0x57 -> {}
            case 0x58 -> pop(top.wide() ? 0 : 1);
            case 0x59 -> push(top, top);
            case 0x5a -> {
                Value second = pop();
                push(top, second, top);
            }
            case 0x5b -> {
                Value second = pop();
                if (second.wide()) {
                    push(top, second, top);
                } else {
                    Value third = pop();
                    push(top, third, second, top);
                }
            }
            case 0x5c -> {
                if (top.wide()) {
                    push(top, top);
                } else {
                    Value second = pop();
                    push(second, top, second, top);
                }
            }
            case 0x5d -> {
                Value second = pop();
                if (top.wide()) {
                    push(top, second, top);
                } else {
                    Value third = pop();
                    push(second, top, third, second, top);
                }
            }
            case 0x5f -> {
                Value second = pop();
                push(top, second);
            }
            default -> throw new NotSimple();
        }
    }

    private void test(Value value) {
        if (!value.isConstant()) {
            met.tested.add(value.field());
        }
    }

    private void branchByTable(int opcode) throws NotSimple {
        test(pop());
        int table = code.switchTable();
        branch(code.at() + file.i4(table));
        boolean dense = opcode == Instructions.TABLESWITCH;
        int count = dense ? file.i4(table + 8) - file.i4(table + 4) + 1 : file.i4(table + 4);
        for (int i = 0; i < count; i++) {
            branch(code.at() + file.i4(dense ? table + 12 + 4 * i : table + 12 + 8 * i));
        }
        state = null;
    }

    private void member(int opcode, ClassFile.Reference member) throws NotSimple {
        boolean wide = member.descriptor().equals("J") || member.descriptor().equals("D");
        switch (opcode) {
            case Instructions.GETSTATIC -> {
                Value held = met.effects == null ? Value.CONSTANT : OutsideEffects.shared(member, Value.CONSTANT);
                push(held.wide(wide));
            }
            case 0xb3 -> {
                pop();
                if (met.effects != null) {
                    met.effects.writesStatic(member);
                }
            }
            case Instructions.GETFIELD -> {
                Value owner = pop();
                if (met.effects != null && OutsideEffects.isShared(owner)) {
                    push(OutsideEffects.shared(member, Value.UNKNOWN).wide(wide));
                    return;
                }
                String field = owner.isThis() ? type.fieldOf(member) : null;
                if (field != null) {
                    met.read.add(field);
                }
                push((field == null ? Value.UNKNOWN : Value.of(Value.Kind.FIELD, field)).wide(wide));
            }
            case Instructions.PUTFIELD -> {
                pop();
                writes(pop());
                written(type.fieldOf(member));
            }
            default -> call(opcode, member);
        }
    }

    private void written(@Nullable String field) {
        if (field != null) {
            met.written.add(field);
            forgetAbsent(Set.of(field));
        }
    }

    /** They may hold something from now on. What was read until now was read while they did not. */
    private void forgetAbsent(Set<String> written) {
        State now = state();
        now.stack.replaceAll(value -> value.where(now.absent));
        for (int i = 0; i < now.locals.length; i++) {
            Value value = now.locals[i];
            now.locals[i] = value == null ? null : value.where(now.absent);
        }
        now.absent.removeAll(written);
    }

    /** A field that the code has written before may hold something else than it did at the start. */
    private Set<String> notWritten(Set<String> absent) {
        Set<String> asAtStart = new HashSet<>(absent);
        asAtStart.removeAll(met.written);
        return asAtStart;
    }

    private void writes(Value owner) {
        if (met.effects != null) {
            met.effects.writes(owner);
        }
    }

    private void call(int opcode, ClassFile.Reference called) throws NotSimple {
        MethodType signature = CompiledClass.signature(called.descriptor());
        Value[] arguments = new Value[signature.parameterCount()];
        for (int i = arguments.length - 1; i >= 0; i--) {
            arguments[i] = pop();
        }
        boolean withoutReceiver = opcode == Instructions.INVOKESTATIC || opcode == Instructions.INVOKEDYNAMIC;
        Value receiver = withoutReceiver ? null : pop();
        if (called.name().equals("<init>")) {
            if (receiver == null) {
                throw new NotSimple();
            }
            if (met.effects != null) {
                followConstructor(met.effects, called, receiver, arguments);
            }
            construct(called, receiver, arguments);
            return;
        }
        Value result = result(opcode, called, receiver, arguments);
        if (signature.returnType() != void.class) {
            push(result.wide(signature.returnType() == long.class || signature.returnType() == double.class));
        }
    }

    /** What is on the stack and in variables as an object to be made is made from now on. */
    @SuppressWarnings("ReferenceEquality") // Another new object of the same class, which is equal, is still to be made.
    private void construct(ClassFile.Reference called, Value receiver, Value[] arguments) {
        if (receiver.made() == null) {
            return;
        }
        Value known = Conversions.constructed(type, receiver.made(), called.descriptor(), arguments);
        Value made = known != null
                ? known.wide(false)
                : isMadeOfLesser(/* receiver= */ null, arguments) ? Value.MADE : Value.UNKNOWN;
        State now = state();
        now.stack.replaceAll(value -> value == receiver ? made : value);
        for (int i = 0; i < now.locals.length; i++) {
            now.locals[i] = now.locals[i] == receiver ? made : now.locals[i];
        }
    }

    private Value result(int opcode, ClassFile.Reference called, @Nullable Value receiver, Value[] arguments) {
        if (opcode == Instructions.INVOKEDYNAMIC) {
            Value text = Value.CONSTANT;
            List<String> parameters = Conversions.parameters(called.descriptor());
            for (int i = 0; i < arguments.length; i++) {
                text = Conversions.joined(text, Conversions.text(type, parameters.get(i), arguments[i]));
            }
            return called.name().startsWith("makeConcat") ? text : Value.UNKNOWN;
        }
        Value own = ofOwnMethod(opcode, called, receiver, arguments);
        if (own != null) {
            forgetAbsent(met.written);
            return own;
        }
        Value presence = Presence.of(called, receiver, arguments);
        if (presence != null) {
            return presence;
        }
        Value kept = Conversions.kept(type, called, receiver, arguments);
        if (kept != null) {
            return kept;
        }
        Value elsewhere = opcode == Instructions.INVOKESTATIC
                ? ofMethodElsewhere(called, arguments)
                : met.effects != null && receiver != null ? ofMethodElsewhere(called, with(receiver, arguments)) : null;
        if (elsewhere == null && met.effects != null) {
            met.effects.calls(called, receiver, arguments);
        }
        if (elsewhere != null && !elsewhere.isUnknown()) {
            return elsewhere;
        }
        boolean lesser = Conversions.isLesser(called) || isMadeOfLesser(receiver, arguments);
        return lesser ? Value.MADE : Value.UNKNOWN;
    }

    /** Whether it is called with constants and with what tells less than a field, at least one of these: then it gives no more. */
    private static boolean isMadeOfLesser(@Nullable Value receiver, Value[] arguments) {
        boolean lesser = receiver != null && receiver.isMade();
        boolean only = receiver == null || receiver.isMade() || receiver.isConstant();
        for (Value argument : arguments) {
            lesser |= argument.isMade();
            only &= argument.isMade() || argument.isConstant();
        }
        return lesser && only;
    }

    private boolean follows(String owner) {
        return depth < CompiledClass.DEEPEST && (met.effects == null || met.effects.follows(owner));
    }

    /** The constructor of a class above this one, or of another class. */
    private void followConstructor(
            OutsideEffects effects, ClassFile.Reference called, Value receiver, Value[] arguments) {
        ClassFile declaring = follows(called.owner()) ? type.file(called.owner()) : null;
        ClassFile.Method found = declaring == null ? null : declaring.method(called.name(), called.descriptor());
        if (declaring == null || found == null) {
            effects.calls(called, Value.UNKNOWN, arguments);
        } else {
            Value made = receiver.isThis() ? receiver : Value.UNKNOWN;
            returned(type, declaring, found, with(made, arguments), depth + 1, met);
        }
    }

    private static Value[] with(Value receiver, Value[] arguments) {
        Value[] all = new Value[arguments.length + 1];
        all[0] = receiver;
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        return all;
    }

    /**
     * By the code of a method of another class, such as a static one that masks a text; null where it can't be had.
     *
     * @param arguments with the object that it is called on first, unless it is static
     */
    private @Nullable Value ofMethodElsewhere(ClassFile.Reference called, Value[] arguments) {
        ClassFile other = follows(called.owner()) ? type.another(called.owner()) : null;
        ClassFile.Method found = other == null ? null : other.method(called.name(), called.descriptor());
        return other == null || found == null
                ? null
                : new Value(returned(type, other, found, arguments, depth + 1, met), false, null);
    }

    /** By the code of a method of the object's own class; null where it is none, or too far away to follow. */
    private @Nullable Value ofOwnMethod(
            int opcode, ClassFile.Reference called, @Nullable Value receiver, Value[] arguments) {
        boolean own = receiver == null ? type.isLevel(called.owner()) : receiver.isThis();
        CompiledClass.Found found = own && depth < CompiledClass.DEEPEST
                ? type.find(called, opcode == Instructions.INVOKESPECIAL || opcode == Instructions.INVOKESTATIC)
                : null;
        if (found == null || !follows(found.level().internalName())) {
            return null;
        }
        Value[] all = receiver == null ? arguments : with(receiver, arguments);
        return new Value(returned(type, found.file(), found.method(), all, depth + 1, met), false, null);
    }

    // Stack

    /** Only where the code can be reached. */
    private State state() {
        return Objects.requireNonNull(state, "state");
    }

    private Value local(int index) throws NotSimple {
        Value value = state().locals[index];
        if (value == null && met.effects != null) {
            return Value.UNKNOWN;
        }
        if (value == null) {
            throw new NotSimple();
        }
        return value;
    }

    private void push(Value... values) {
        for (Value value : values) {
            state().stack.add(value);
        }
    }

    private Value pop() throws NotSimple {
        List<Value> stack = state().stack;
        if (stack.isEmpty()) {
            throw new NotSimple();
        }
        return stack.remove(stack.size() - 1);
    }

    private void pop(int count) throws NotSimple {
        for (int i = 0; i < count; i++) {
            pop();
        }
    }
}
