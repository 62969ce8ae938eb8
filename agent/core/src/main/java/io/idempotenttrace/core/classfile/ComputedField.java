package io.idempotenttrace.core.classfile;

import java.lang.reflect.Field;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether a constructor computes a field of nothing but what the object's other fields hold, as a hash code that is computed once.
 * One that is computed of an argument which no field keeps is state of its own: two objects may differ in it alone.
 *
 * <p>Each value in the constructor is a node that knows the values it was made of. An argument counts as held once it was put into
 * a field, as it is or as a copy. A value is computed of the fields if it is held, or the object, or a constant, or made of such
 * values only. Whatever is passed to a method may have been put into each of its other arguments, and a value that one branch or
 * another has given depends on all that was tested until then. Code that is not understood makes the field state.
 */
final class ComputedField {

    /** What instructions from nop to athrow take from the stack, in slots: a long or a double has two. */
    private static final String TAKEN = "0000000000000000" // 0x00 constants
            + "0000000000000000" // 0x10 constants, loads
            + "0000000000000022" // 0x20 loads, array loads
            + "2222220000000000" // 0x30 array loads, stores
            + "0000000000000003" // 0x40 stores, array stores
            + "4343333000000000" // 0x50 array stores, stack
            + "2424242424242424" // 0x60 arithmetic
            + "2424121223232324" // 0x70 arithmetic, shifts, bits
            + "2424011122211122" // 0x80 bits, conversions
            + "2111422441111112" // 0x90 conversions, comparisons, branches
            + "2222222000111111"; // 0xa0 branches, switches, returns

    /** What they put there. */
    private static final String GIVEN = "0111111112211122" // 0x00 constants
            + "1111200000000000" // 0x10 constants, loads
            + "0000000000000012" // 0x20 loads, array loads
            + "1211110000000000" // 0x30 array loads, stores
            + "0000000000000000" // 0x40
            + "0000000000000000" // 0x50
            + "1212121212121212" // 0x60 arithmetic
            + "1212121212121212" // 0x70 arithmetic, shifts, bits
            + "1212021211212212" // 0x80 bits, conversions
            + "1111111110000000" // 0x90 conversions, comparisons, branches
            + "0000000000000000"; // 0xa0

    private static final class NotUnderstood extends Exception {

        private static final long serialVersionUID = 1L;

        NotUnderstood() {
            super(null, null, false, false);
        }
    }

    private enum Kind {
        /** The object itself, and what its fields hold. */
        OWN,
        CONSTANT,
        /** An argument, or what has come from elsewhere: the time, a counter. */
        FOREIGN,
        /** Made of other values, of none as long as it is an empty new object. */
        MADE
    }

    private static final class Node {

        final Kind kind;
        final Set<Node> madeOf = new HashSet<>();
        boolean held;
        /** The value of which this one is a copy; null if it is none. */
        @Nullable
        Node original;
        /** The array that it is the length of; null if it is none. */
        @Nullable
        Node lengthOf;

        Node(Kind kind) {
            this.kind = kind;
        }

        static Node of(Iterable<Node> values) {
            Node made = new Node(Kind.MADE);
            values.forEach(made.madeOf::add);
            return made;
        }

        boolean isConstant() {
            return isOfConstants(new HashSet<>());
        }

        private boolean isOfConstants(Set<Node> seen) {
            if (kind == Kind.CONSTANT || !seen.add(this)) {
                return true;
            }
            boolean all = kind == Kind.MADE;
            for (Node part : madeOf) {
                all = all && part.isOfConstants(seen);
            }
            return all;
        }

        void hold() {
            for (Node each = this; each != null && !each.held; each = each.original) {
                each.held = true;
            }
        }

        boolean isOfHeld(Set<Node> seen) {
            if (held || kind == Kind.OWN || kind == Kind.CONSTANT || !seen.add(this)) {
                return true;
            }
            boolean all = kind == Kind.MADE;
            for (Node part : madeOf) {
                all = all && part.isOfHeld(seen);
            }
            return all;
        }
    }

    /** What all constructors and methods share that one constructor calls. */
    private static final class Shared {

        final CompiledClass type;
        final String owner;
        final String field;
        final Node self = new Node(Kind.OWN);
        final List<Node> tested = new ArrayList<>();
        final List<Node> written = new ArrayList<>();
        /** A field of another object that is read twice is the same value. */
        final Map<Node, Map<String, Node>> elsewhere = new HashMap<>();

        Shared(CompiledClass type, Field field) {
            this.type = type;
            this.owner = field.getDeclaringClass().getName().replace('.', '/');
            this.field = field.getName();
        }
    }

    /** Local variables and stack by their slots. */
    private record State(@Nullable Node[] locals, Deque<Node> stack) {

        State copy() {
            return new State(locals.clone(), new ArrayDeque<>(stack));
        }
    }

    private final Shared shared;
    private final ClassFile file;
    private final ClassFile.Method method;
    private final int depth;
    private final Instructions code;
    private final Map<Integer, State> branched = new HashMap<>();
    /** The local variables at the beginning of each loop. */
    private final Map<Integer, @Nullable Node[]> loops = new HashMap<>();
    /** Null behind a jump or a return, until a branch leads there. */
    private @Nullable State state;

    private ComputedField(Shared shared, ClassFile file, ClassFile.Method method, int depth) {
        this.shared = shared;
        this.file = file;
        this.method = method;
        this.depth = depth;
        code = new Instructions(file, method);
    }

    /** @param constructor of the class that declares the field, or of one that is nested with it */
    static boolean isOfOthers(CompiledClass type, Field field, ClassFile.Method constructor) {
        Shared shared = new Shared(type, field);
        CompiledClass.Found found = type.find(
                new ClassFile.Reference(shared.owner, constructor.name(), constructor.descriptor()),
                /* exactly= */ true);
        if (found == null || !found.method().equals(constructor)) {
            return false;
        }
        List<Node> arguments = new ArrayList<>(List.of(shared.self));
        for (String parameter : Conversions.parameters(constructor.descriptor())) {
            Node argument = new Node(Kind.FOREIGN);
            for (int slot = 0; slot < slots(parameter); slot++) {
                arguments.add(argument);
            }
        }
        if (!follow(shared, found, arguments, 0)) {
            return false;
        }
        for (Node written : shared.written) {
            if (!written.isOfHeld(new HashSet<>())) {
                return false;
            }
        }
        return !shared.written.isEmpty();
    }

    private static int slots(String descriptor) {
        return descriptor.equals("J") || descriptor.equals("D") ? 2 : descriptor.equals("V") ? 0 : 1;
    }

    /** @return whether all of it was understood */
    private static boolean follow(Shared shared, CompiledClass.Found found, List<Node> arguments, int depth) {
        try {
            new ComputedField(shared, found.file(), found.method(), depth).follow(arguments);
            return true;
        } catch (NotUnderstood | RuntimeException e) {
            // A RuntimeException: code that is no javac's, or a class file that is damaged.
            return false;
        }
    }

    private void follow(List<Node> arguments) throws NotUnderstood {
        Set<Integer> loopsBegin = loopsBegin();
        State start = new State(arguments.toArray(new @Nullable Node[method.maxLocals()]), new ArrayDeque<>());
        state = start.copy();
        while (code.next()) {
            State other = branched.remove(code.at());
            if (method.handlers().contains(code.at())) {
                // Any local variable may have changed before the exception.
                @Nullable Node[] locals = new @Nullable Node[start.locals.length];
                Arrays.fill(locals, new Node(Kind.FOREIGN));
                locals[0] = start.locals[0];
                other = new State(locals, new ArrayDeque<>(List.of(new Node(Kind.FOREIGN))));
            }
            if (other != null) {
                state = state == null ? other : merged(state, other);
            }
            if (state != null) {
                if (loopsBegin.contains(code.at())) {
                    beginLoop(state.locals);
                }
                step(code.opcode());
            }
        }
    }

    // Branches

    private Set<Integer> loopsBegin() {
        Set<Integer> targets = new HashSet<>();
        Instructions all = new Instructions(file, method);
        while (all.next()) {
            int opcode = all.opcode();
            if (opcode >= 0x99 && opcode <= 0xa7 || opcode == 0xc6 || opcode == 0xc7) {
                int target = all.at() + file.i2(all.operands());
                if (target <= all.at()) {
                    targets.add(target);
                }
            }
        }
        return targets;
    }

    /** From here on each variable is what it was, or what the loop makes of it. */
    private void beginLoop(@Nullable Node[] locals) {
        for (int i = 0; i < locals.length; i++) {
            Node before = locals[i];
            if (before != null && before.kind != Kind.OWN) {
                Node inLoop = Node.of(List.of(before));
                inLoop.original = before;
                locals[i] = inLoop;
            }
        }
        loops.put(code.at(), locals.clone());
    }

    @SuppressWarnings("ReferenceEquality")
    private void endLoop(@Nullable Node[] begun, @Nullable Node[] locals) {
        for (int i = 0; i < begun.length; i++) {
            Node before = begun[i];
            Node now = locals[i];
            if (before != null && now != null && before != now) {
                before.original = null;
                before.madeOf.add(now);
                before.madeOf.addAll(shared.tested);
            }
        }
    }

    private State merged(State one, State other) throws NotUnderstood {
        if (one.stack.size() != other.stack.size()) {
            throw new NotUnderstood();
        }
        State merged = one.copy();
        for (int i = 0; i < merged.locals.length; i++) {
            Node first = one.locals[i];
            Node second = other.locals[i];
            merged.locals[i] = first == null || second == null ? null : either(first, second);
        }
        merged.stack.clear();
        var others = other.stack.iterator();
        for (Node first : one.stack) {
            merged.stack.addLast(either(first, others.next()));
        }
        return merged;
    }

    @SuppressWarnings("ReferenceEquality") // Nodes are the values themselves.
    private Node either(Node first, Node second) {
        if (first == second) {
            return first;
        }
        Node either = Node.of(List.of(first, second));
        either.madeOf.addAll(shared.tested);
        return either;
    }

    private void branch(int target) throws NotUnderstood {
        if (target <= code.at()) {
            endLoop(Objects.requireNonNull(loops.get(target)), state().locals);
            return;
        }
        State known = branched.get(target);
        branched.put(target, known == null ? state().copy() : merged(known, state()));
    }

    private void branchByTable() throws NotUnderstood {
        int table = code.switchTable();
        branch(code.at() + file.i4(table));
        boolean dense = code.opcode() == Instructions.TABLESWITCH;
        int count = dense ? file.i4(table + 8) - file.i4(table + 4) + 1 : file.i4(table + 4);
        for (int i = 0; i < count; i++) {
            branch(code.at() + file.i4(dense ? table + 12 + 4 * i : table + 12 + 8 * i));
        }
    }

    // Instructions

    private void step(int opcode) throws NotUnderstood {
        if (opcode == 0xc0) {
            // checkcast: it stays the same object
            return;
        } else if (opcode >= 0x15 && opcode <= 0x2d) {
            load(opcode);
        } else if (opcode >= 0x36 && opcode <= 0x4e) {
            store(opcode);
        } else if (opcode >= 0x57 && opcode <= 0x5f) {
            shuffle(opcode);
        } else if (opcode >= 0x4f && opcode <= 0x56) {
            List<Node> taken = take(TAKEN.charAt(opcode) - '0');
            taken.get(0).madeOf.addAll(taken.subList(1, taken.size()));
        } else if (opcode == 0x84) {
            int variable = file.u1(code.operands());
            state().locals[variable] = Node.of(List.of(local(variable)));
        } else if (opcode >= 0xb2 && opcode <= 0xba) {
            member(opcode, code.reference());
        } else if (opcode == 0xbb) {
            give(new Node(Kind.MADE), 1);
        } else if (opcode == 0xbe) {
            List<Node> array = take(1);
            Node length = Node.of(array);
            length.lengthOf = array.get(0);
            give(length, 1);
        } else if (opcode == 0xbc || opcode == 0xbd || opcode == 0xc1) {
            // A new array, instanceof.
            give(Node.of(take(1)), 1);
        } else if (opcode == 0xbf || opcode == 0xc2 || opcode == 0xc3) {
            take(1);
            state = opcode == 0xbf ? null : state;
        } else if (opcode == 0xc6 || opcode == 0xc7) {
            shared.tested.addAll(take(1));
            branch(code.at() + file.i2(code.operands()));
        } else if (opcode < TAKEN.length()) {
            List<Node> taken = take(TAKEN.charAt(opcode) - '0');
            give(taken.isEmpty() ? new Node(Kind.CONSTANT) : Node.of(taken), GIVEN.charAt(opcode) - '0');
            if (opcode >= 0x99) {
                shared.tested.addAll(opcode <= 0xab ? taken : List.of());
                jump(opcode);
            }
        } else if (opcode == 0xb0 || opcode == 0xb1) {
            // areturn, return
            state = null;
        } else {
            throw new NotUnderstood();
        }
    }

    private void jump(int opcode) throws NotUnderstood {
        if (opcode <= 0xa7) {
            branch(code.at() + file.i2(code.operands()));
        } else if (opcode == Instructions.TABLESWITCH || opcode == Instructions.LOOKUPSWITCH) {
            branchByTable();
        } else if (opcode < 0xac) {
            throw new NotUnderstood();
        }
        state = opcode >= 0xa7 ? null : state;
    }

    private void load(int opcode) throws NotUnderstood {
        boolean indexed = opcode <= 0x19;
        int type = indexed ? opcode - 0x15 : (opcode - 0x1a) / 4;
        Node value = local(indexed ? file.u1(code.operands()) : (opcode - 0x1a) % 4);
        give(value, type == 1 || type == 3 ? 2 : 1);
    }

    private void store(int opcode) throws NotUnderstood {
        boolean indexed = opcode <= 0x3a;
        int type = indexed ? opcode - 0x36 : (opcode - 0x3b) / 4;
        Node value = take(type == 1 || type == 3 ? 2 : 1).get(0);
        state().locals[indexed ? file.u1(code.operands()) : (opcode - 0x3b) % 4] = value;
    }

    /** How many slots are copied, and below how many others the copy goes. */
    private void shuffle(int opcode) throws NotUnderstood {
        if (opcode <= 0x58) {
            take(opcode - 0x56);
        } else if (opcode == 0x5f) {
            List<Node> swapped = take(2);
            give(swapped.get(1), 1);
            give(swapped.get(0), 1);
        } else {
            int copied = opcode < 0x5c ? 1 : 2;
            List<Node> top = take(copied);
            List<Node> below = take((opcode - 0x59) % 3);
            for (List<Node> group : List.of(top, below, top)) {
                for (Node value : group) {
                    give(value, 1);
                }
            }
        }
    }

    private void member(int opcode, ClassFile.Reference member) throws NotUnderstood {
        int slots = slots(member.descriptor());
        switch (opcode) {
            case Instructions.GETSTATIC -> give(new Node(Kind.CONSTANT), slots);
            case 0xb3 -> take(slots);
            case Instructions.GETFIELD -> give(read(take(1).get(0), member), slots);
            case Instructions.PUTFIELD -> {
                Node value = take(slots).get(0);
                write(take(1).get(0), member, value);
            }
            default -> call(opcode, member);
        }
    }

    @SuppressWarnings("ReferenceEquality")
    private Node read(Node object, ClassFile.Reference member) {
        if (isTheField(member) || object == shared.self && shared.type.keeps(member)) {
            // What another object has computed was computed in the same way.
            return new Node(Kind.OWN);
        }
        return shared.elsewhere
                .computeIfAbsent(object, each -> new HashMap<>())
                .computeIfAbsent(
                        member.name(),
                        name -> object == shared.self ? new Node(Kind.FOREIGN) : Node.of(List.of(object)));
    }

    private boolean isTheField(ClassFile.Reference member) {
        return member.owner().equals(shared.owner) && member.name().equals(shared.field);
    }

    @SuppressWarnings("ReferenceEquality")
    private void write(Node object, ClassFile.Reference member, Node value) {
        if (object != shared.self) {
            object.madeOf.add(value);
        } else if (isTheField(member)) {
            shared.written.add(value);
        } else if (shared.type.keeps(member)) {
            value.hold();
        }
    }

    @SuppressWarnings("ReferenceEquality")
    private void call(int opcode, ClassFile.Reference called) throws NotUnderstood {
        List<Node> bySlots = new ArrayList<>();
        List<Node> arguments = new ArrayList<>();
        List<String> parameters = Conversions.parameters(called.descriptor());
        for (int i = parameters.size() - 1; i >= 0; i--) {
            List<Node> argument = take(slots(parameters.get(i)));
            bySlots.addAll(0, argument);
            arguments.add(0, argument.get(0));
        }
        boolean withoutReceiver = opcode == Instructions.INVOKESTATIC || opcode == Instructions.INVOKEDYNAMIC;
        Node receiver = withoutReceiver ? null : take(1).get(0);
        if (receiver == shared.self && depth < CompiledClass.DEEPEST) {
            boolean exactly = opcode == Instructions.INVOKESPECIAL;
            CompiledClass.Found found = shared.type.find(called, exactly);
            if (found != null) {
                bySlots.add(0, receiver);
                // It may put its arguments into fields. If it is not understood, they are not known to be there.
                follow(shared, found, bySlots, depth + 1);
            }
        }
        List<Node> all = new ArrayList<>(arguments);
        if (receiver != null) {
            all.add(0, receiver);
        }
        if (receiver != null && receiver.kind == Kind.MADE && called.name().equals("<init>")) {
            receiver.original = original(called, null, arguments);
        }
        for (Node changed : all) {
            if (changed.kind == Kind.MADE) {
                changed.madeOf.addAll(all);
                changed.madeOf.remove(changed);
            }
        }
        String returned = called.descriptor().substring(called.descriptor().indexOf(')') + 1);
        if (!returned.equals("V")) {
            give(result(called, receiver, arguments, all, returned.length() == 1), slots(returned));
        }
    }

    /** @param primitive whether it is a number: one that is made of nothing, such as the time, comes from elsewhere */
    private Node result(
            ClassFile.Reference called,
            @Nullable Node receiver,
            List<Node> arguments,
            List<Node> all,
            boolean primitive) {
        Node made = Node.of(all);
        Node result = primitive && made.isConstant() ? new Node(Kind.FOREIGN) : made;
        result.original = original(called, receiver, arguments);
        return result;
    }

    /** The one value that the result of a method is a copy of, by what is known of getters; null if there is none. */
    @SuppressWarnings("ReferenceEquality")
    private @Nullable Node original(ClassFile.Reference called, @Nullable Node receiver, List<Node> arguments) {
        Value tracked = Value.of(Value.Kind.FIELD, "argument.0");
        Value[] values = new Value[arguments.size()];
        for (int i = 0; i < values.length; i++) {
            Node argument = arguments.get(i);
            boolean ownLength = argument.lengthOf != null && argument.lengthOf == arguments.get(0);
            values[i] = receiver == null && i == 0
                    ? tracked
                    : ownLength
                            ? Value.of(Value.Kind.LENGTH, "argument.0")
                            : argument.isConstant() ? Value.CONSTANT : Value.UNKNOWN;
        }
        Value kept = called.name().equals("<init>")
                ? Conversions.constructed(shared.type, called.owner(), called.descriptor(), values)
                : Conversions.kept(shared.type, called, receiver == null ? null : tracked, values);
        if (kept == null || !Objects.equals(tracked.field(), kept.field())) {
            return null;
        }
        return receiver != null ? receiver : arguments.get(0);
    }

    // Stack

    private State state() {
        return Objects.requireNonNull(state, "state");
    }

    private Node local(int index) throws NotUnderstood {
        Node value = state().locals[index];
        if (value == null) {
            throw new NotUnderstood();
        }
        return value;
    }

    private void give(Node value, int slots) {
        for (int i = 0; i < slots; i++) {
            state().stack.addLast(value);
        }
    }

    /** That many slots, the uppermost last. */
    private List<Node> take(int slots) throws NotUnderstood {
        Deque<Node> stack = state().stack;
        if (stack.size() < slots) {
            throw new NotUnderstood();
        }
        List<Node> taken = new ArrayList<>();
        for (int i = 0; i < slots; i++) {
            taken.add(0, stack.removeLast());
        }
        return taken;
    }
}
