package io.idempotenttrace.agent;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Changes an annotated class that the engine could not weave, without the engine and its libraries: each annotated method begins with a
 * call of {@link io.idempotenttrace.bridge.WithoutEngine}, which refuses the call, or counts it and lets the body run.
 *
 * <p>The constants that this needs are appended to the class file's own (JVMS 4.4). In front of the body come eight bytes of code:
 * <pre>
 * ldc_w this class; invokestatic WithoutEngine.refuse or run; nop; nop
 * </pre>
 * Eight keep the padding of switches as it is. Jumps are relative; what names a place in the code by its distance from the beginning is
 * moved by eight: the handlers' ranges, line numbers, and in stack map frames (JVMS 4.7.4) the first one's place, and objects that a
 * {@code new} left uninitialized. Other attributes of the code are for debuggers and are left out. The class keeps its shape, so that it
 * can be woven later.
 *
 * <p>That call is impossible where the class loader hides the bridge, in class files before Java 5, which can't hold a class as a
 * constant, and where a body leaves no room for eight bytes. There a body whose calls are to be refused is replaced by
 * {@code throw new IllegalStateException(text)}, of which every class loader and every version has all; another one stays as it is.
 */
final class StandIn {

    /** Decides whether calls of a method are refused. */
    interface Policy {

        /**
         * @param scope as annotated; empty for the default
         * @param onStoreFailure as annotated, such as {@code THROW}
         */
        boolean refuses(String className, String methodName, String scope, String onStoreFailure);

        /** Whether calls may be refused at all: whether the mode is {@code enforce}. Who calls the bridge is asked at each call. */
        boolean enforces();
    }

    /**
     * A class file whose annotated methods were changed.
     *
     * @param replaced how many bodies were replaced by an exception
     * @param left how many stay as they are, so that nobody sees their calls
     * @param obstacle why bodies were replaced or left, for people; null where all call the bridge
     */
    @SuppressWarnings("ArrayRecordComponent") // It is handed to the JVM, and compared with nothing.
    record Changed(
            byte[] classFile,
            int replaced,
            int left,
            @Nullable String obstacle) {}

    private static final int SHIFT = 8;
    private static final int CONSTANTS = 17;
    private static final int MOST_CODE = 65535;
    /** The first version, Java 5, in which {@code ldc} may load a class. */
    private static final int FIRST_WITH_CLASS_CONSTANTS = 49;

    private static final String EXCEPTION = "java/lang/IllegalStateException";
    /** Callee of a method that is not annotated. */
    private static final int NONE = 0;

    private static final int ABSTRACT_OR_NATIVE = 0x0400 | 0x0100;
    private static final String BRIDGE = "io/idempotenttrace/bridge/WithoutEngine";
    private static final String ANNOTATION = "Lio/idempotenttrace/IdempotentTrace;";

    private final byte[] in;
    private final Policy policy;
    private int position;
    /** Where each constant lies; the first is not used. */
    private final int[] constants;

    private final int thisClass;
    private final String className;
    private final ByteArrayOutputStream bytes;
    private final DataOutputStream out;
    /** Why no method of the class can call the bridge; null if they can. */
    private final @Nullable String obstacleOfAll;

    private @Nullable String obstacle;
    private int annotated;
    private int replaced;
    private int left;
    private int refuse;
    private int run;
    private int exception;
    private int exceptionConstructor;
    private int refusal;

    private StandIn(byte[] in, Policy policy, @Nullable String hidden) throws IOException {
        this.in = in;
        this.policy = policy;
        this.obstacleOfAll =
                hidden == null && u2(6) < FIRST_WITH_CLASS_CONSTANTS ? "its class file is older than Java 5" : hidden;
        this.bytes = new ByteArrayOutputStream(in.length + 512);
        this.out = new DataOutputStream(bytes);
        this.constants = new int[u2(8)];
        int end = 10;
        for (int i = 1; i < constants.length; i++) {
            constants[i] = end;
            int tag = in[end];
            end += lengthOfConstant(end);
            // Long and Double take two places.
            i += tag == 5 || tag == 6 ? 1 : 0;
        }
        position = end;
        thisClass = u2(end + 2);
        className = text(u2(constants[thisClass] + 1));
        if (constants.length + CONSTANTS > 65535) {
            throw new IOException("the class file has no room for further constants");
        }
        out.write(in, 0, 8);
        out.writeShort(constants.length + CONSTANTS);
        out.write(in, 10, end - 10);
        appendConstants();
    }

    /**
     * The class with other code in its annotated methods; null where none is annotated.
     *
     * @param hidden why its class loader does not show the bridge, for people; null if it does
     * @throws IOException if it can't be read
     */
    static @Nullable Changed write(byte[] classFile, Policy policy, @Nullable String hidden) throws IOException {
        try {
            StandIn standIn = new StandIn(classFile, policy, hidden);
            standIn.copyClass();
            return standIn.annotated == 0
                    ? null
                    : new Changed(standIn.bytes.toByteArray(), standIn.replaced, standIn.left, standIn.obstacle);
        } catch (IndexOutOfBoundsException e) {
            throw new IOException("the class file ends too early", e);
        }
    }

    private int lengthOfConstant(int at) throws IOException {
        switch (in[at]) {
            case 1:
                return 3 + u2(at + 1);
            case 5:
            case 6:
                return 9;
            case 7:
            case 8:
            case 16:
            case 19:
            case 20:
                return 3;
            case 15:
                return 4;
            case 3:
            case 4:
            case 9:
            case 10:
            case 11:
            case 12:
            case 17:
            case 18:
                return 5;
            default:
                throw new IOException("the class file has a constant of kind " + in[at]);
        }
    }

    /** As many as {@link #CONSTANTS}. */
    private void appendConstants() throws IOException {
        int first = constants.length;
        utf8(BRIDGE);
        out.writeByte(7);
        out.writeShort(first);
        utf8("(Ljava/lang/Class;)V");
        utf8("refuse");
        nameAndType(first + 3, first + 2);
        methodref(first + 1, first + 4);
        refuse = first + 5;
        utf8("run");
        nameAndType(first + 6, first + 2);
        methodref(first + 1, first + 7);
        run = first + 8;
        utf8(EXCEPTION);
        out.writeByte(7);
        out.writeShort(first + 9);
        exception = first + 10;
        utf8("<init>");
        utf8("(Ljava/lang/String;)V");
        nameAndType(first + 11, first + 12);
        methodref(exception, first + 13);
        exceptionConstructor = first + 14;
        utf8(className.replace('/', '.')
                + " is not woven, and can't be later. The body did not run (on-store-failure=throw)");
        out.writeByte(8);
        out.writeShort(first + 15);
        refusal = first + 16;
    }

    private void utf8(String text) throws IOException {
        out.writeByte(1);
        out.writeUTF(text);
    }

    private void nameAndType(int name, int type) throws IOException {
        out.writeByte(12);
        out.writeShort(name);
        out.writeShort(type);
    }

    private void methodref(int owner, int nameAndType) throws IOException {
        out.writeByte(10);
        out.writeShort(owner);
        out.writeShort(nameAndType);
    }

    private void copyClass() throws IOException {
        // Access, this, super, interfaces.
        copy(6);
        copy(2 + 2 * u2(position));
        int fields = u2(position);
        copy(2);
        for (int i = 0; i < fields; i++) {
            copy(6);
            copyAttributes();
        }
        int methods = u2(position);
        copy(2);
        for (int i = 0; i < methods; i++) {
            copyMethod();
        }
        copy(in.length - position);
    }

    private void copyAttributes() throws IOException {
        int count = u2(position);
        copy(2);
        for (int i = 0; i < count; i++) {
            copy(6 + i4(position + 2));
        }
    }

    private void copyMethod() throws IOException {
        int access = u2(position);
        String name = text(u2(position + 2));
        int callee = name.startsWith("<") || (access & ABSTRACT_OR_NATIVE) != 0 ? NONE : callee(name, position + 6);
        copy(6);
        if (callee == NONE) {
            copyAttributes();
            return;
        }
        annotated++;
        int count = u2(position);
        copy(2);
        for (int i = 0; i < count; i++) {
            if (text(u2(position)).equals("Code")) {
                copyCode(callee);
            } else {
                copy(6 + i4(position + 2));
            }
        }
    }

    /** What an annotated method calls at its beginning. */
    private int callee(String method, int attributes) {
        int at = attributes + 2;
        for (int i = u2(attributes); i > 0; i--) {
            if (text(u2(at)).equals("RuntimeVisibleAnnotations")) {
                int annotation = at + 8;
                for (int left = u2(at + 6); left > 0; left--) {
                    if (text(u2(annotation)).equals(ANNOTATION)) {
                        return callee(method, element(annotation, "scope"), element(annotation, "onStoreFailure"));
                    }
                    annotation = endOfAnnotation(annotation);
                }
            }
            at += 6 + i4(at + 2);
        }
        return NONE;
    }

    private int callee(String method, String scope, String onStoreFailure) {
        return policy.refuses(className.replace('/', '.'), method, scope, onStoreFailure) ? refuse : run;
    }

    /** An element's text or constant; empty where it has its default. */
    private String element(int annotation, String name) {
        int at = annotation + 4;
        for (int left = u2(annotation + 2); left > 0; left--) {
            if (text(u2(at)).equals(name)) {
                return in[at + 2] == 'e' ? text(u2(at + 5)) : text(u2(at + 3));
            }
            at = endOfValue(at + 2);
        }
        return "";
    }

    private int endOfAnnotation(int annotation) {
        int at = annotation + 4;
        for (int left = u2(annotation + 2); left > 0; left--) {
            at = endOfValue(at + 2);
        }
        return at;
    }

    private int endOfValue(int value) {
        switch (in[value]) {
            case 'e':
                return value + 5;
            case '@':
                return endOfAnnotation(value + 1);
            case '[':
                int at = value + 3;
                for (int left = u2(value + 1); left > 0; left--) {
                    at = endOfValue(at);
                }
                return at;
            default:
                return value + 3;
        }
    }

    private void copyCode(int callee) throws IOException {
        int attribute = position;
        int end = attribute + 6 + i4(attribute + 2);
        int length = i4(attribute + 10);
        String problem = obstacleOfAll != null
                ? obstacleOfAll
                : length + SHIFT > MOST_CODE ? "a method is too long for a call in front of its body" : null;
        if (problem != null) {
            obstacle = problem;
            if (callee == refuse && policy.enforces()) {
                replaced++;
                writeRefusal(attribute);
                position = end;
            } else {
                left++;
                copy(end - attribute);
            }
            return;
        }
        ByteArrayOutputStream changedBytes = new ByteArrayOutputStream(end - attribute + 32);
        DataOutputStream code = new DataOutputStream(changedBytes);
        code.writeShort(Math.max(1, u2(attribute + 6)));
        code.writeShort(u2(attribute + 8));
        code.writeInt(length + SHIFT);
        code.writeByte(0x13);
        code.writeShort(thisClass);
        code.writeByte(0xb8);
        code.writeShort(callee);
        code.writeShort(0);
        code.write(in, attribute + 14, length);
        int at = attribute + 14 + length;
        int handlers = u2(at);
        code.writeShort(handlers);
        at += 2;
        for (int i = 0; i < handlers; i++, at += 8) {
            code.writeShort(u2(at) + SHIFT);
            code.writeShort(u2(at + 2) + SHIFT);
            code.writeShort(u2(at + 4) + SHIFT);
            code.writeShort(u2(at + 6));
        }
        copyCodeAttributes(at, code);
        out.write(in, attribute, 2);
        out.writeInt(changedBytes.size());
        changedBytes.writeTo(out);
        position = end;
    }

    /** {@code new; dup; ldc_w; invokespecial; athrow}: three values on the stack, eleven bytes, no handler and no attribute. */
    private void writeRefusal(int attribute) throws IOException {
        out.write(in, attribute, 2);
        out.writeInt(8 + 11 + 4);
        out.writeShort(3);
        // The parameters have their place among the local variables.
        out.writeShort(u2(attribute + 8));
        out.writeInt(11);
        out.writeByte(0xbb);
        out.writeShort(exception);
        out.writeByte(0x59);
        out.writeByte(0x13);
        out.writeShort(refusal);
        out.writeByte(0xb7);
        out.writeShort(exceptionConstructor);
        out.writeByte(0xbf);
        out.writeShort(0);
        out.writeShort(0);
    }

    private void copyCodeAttributes(int attributes, DataOutputStream code) throws IOException {
        ByteArrayOutputStream keptBytes = new ByteArrayOutputStream();
        DataOutputStream kept = new DataOutputStream(keptBytes);
        int count = 0;
        int at = attributes + 2;
        for (int left = u2(attributes); left > 0; left--) {
            String name = text(u2(at));
            if (name.equals("LineNumberTable")) {
                kept.write(in, at, 8);
                for (int line = 0; line < u2(at + 6); line++) {
                    kept.writeShort(u2(at + 8 + 4 * line) + SHIFT);
                    kept.writeShort(u2(at + 10 + 4 * line));
                }
                count++;
            } else if (name.equals("StackMapTable")) {
                ByteArrayOutputStream frames = new ByteArrayOutputStream();
                moveFrames(at + 6, new DataOutputStream(frames));
                kept.write(in, at, 2);
                kept.writeInt(frames.size());
                frames.writeTo(kept);
                count++;
            }
            at += 6 + i4(at + 2);
        }
        code.writeShort(count);
        keptBytes.writeTo(code);
    }

    private void moveFrames(int table, DataOutputStream frames) throws IOException {
        int count = u2(table);
        frames.writeShort(count);
        int at = table + 2;
        for (int i = 0; i < count; i++) {
            at = moveFrame(at, i == 0 ? SHIFT : 0, frames);
        }
    }

    /** Returns where the next one begins. */
    private int moveFrame(int frame, int shift, DataOutputStream frames) throws IOException {
        int type = in[frame] & 0xff;
        if (type < 64) {
            // As the one before.
            if (type + shift < 64) {
                frames.writeByte(type + shift);
            } else {
                frames.writeByte(251);
                frames.writeShort(type + shift);
            }
            return frame + 1;
        }
        if (type < 128) {
            if (type + shift < 128) {
                frames.writeByte(type + shift);
            } else {
                frames.writeByte(247);
                frames.writeShort(type - 64 + shift);
            }
            return moveTypes(frame + 1, 1, frames);
        }
        frames.writeByte(type);
        frames.writeShort(u2(frame + 1) + shift);
        int at = frame + 3;
        if (type == 247) {
            return moveTypes(at, 1, frames);
        }
        if (type < 252) {
            return at;
        }
        if (type < 255) {
            return moveTypes(at, type - 251, frames);
        }
        // A full one: local variables, then the stack.
        for (int part = 0; part < 2; part++) {
            int types = u2(at);
            frames.writeShort(types);
            at = moveTypes(at + 2, types, frames);
        }
        return at;
    }

    private int moveTypes(int first, int count, DataOutputStream frames) throws IOException {
        int at = first;
        for (int i = 0; i < count; i++) {
            int tag = in[at];
            frames.writeByte(tag);
            if (tag == 7) {
                frames.writeShort(u2(at + 1));
            } else if (tag == 8) {
                frames.writeShort(u2(at + 1) + SHIFT);
            }
            at += tag == 7 || tag == 8 ? 3 : 1;
        }
        return at;
    }

    private void copy(int length) {
        bytes.write(in, position, length);
        position += length;
    }

    /** Annotations, attributes and their values are named in ASCII; other letters are told as they come. */
    private String text(int constant) {
        int at = constants[constant];
        int length = u2(at + 1);
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append((char) (in[at + 3 + i] & 0xff));
        }
        return text.toString();
    }

    private int u2(int at) {
        return (in[at] & 0xff) << 8 | in[at + 1] & 0xff;
    }

    private int i4(int at) {
        return u2(at) << 16 | u2(at + 2);
    }
}
