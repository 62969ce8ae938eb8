package io.idempotenttrace.core.classfile;

/** Walks over the instructions of a method (JVMS 6.5). */
final class Instructions {

    static final int GETSTATIC = 0xb2;
    static final int GETFIELD = 0xb4;
    static final int PUTFIELD = 0xb5;
    static final int INVOKEVIRTUAL = 0xb6;
    static final int INVOKESPECIAL = 0xb7;
    static final int INVOKESTATIC = 0xb8;
    static final int INVOKEINTERFACE = 0xb9;
    static final int INVOKEDYNAMIC = 0xba;
    static final int NEW = 0xbb;
    static final int TABLESWITCH = 0xaa;
    static final int LOOKUPSWITCH = 0xab;
    static final int WIDE = 0xc4;

    /** Bytes of each instruction from 0 on, as digits; a zero for those whose length depends on what follows. */
    private static final String LENGTHS = "1111111111111111" // 0x00 nop .. dconst_1
            + "2323322222111111" // 0x10 bipush, sipush, ldc, ldc_w, ldc2_w, loads, short loads
            + "1111111111111111" // 0x20
            + "1111112222211111" // 0x30 array loads, stores
            + "1111111111111111" // 0x40
            + "1111111111111111" // 0x50 array stores, stack
            + "1111111111111111" // 0x60 arithmetic
            + "1111111111111111" // 0x70
            + "1111311111111111" // 0x80 iinc, conversions
            + "1111111113333333" // 0x90 comparisons, branches
            + "3333333332001111" // 0xa0 branches, goto, jsr, ret, switches, returns
            + "1133333335532311" // 0xb0 returns, fields, calls, new, arrays
            + "3311043355"; // 0xc0 checkcast, instanceof, monitors, wide, multianewarray, null branches, goto_w, jsr_w

    private final ClassFile file;
    private final ClassFile.Method method;
    /** Where the current instruction begins, from the method's first. */
    private int at = -1;

    private int next;

    Instructions(ClassFile file, ClassFile.Method method) {
        this.file = file;
        this.method = method;
    }

    boolean next() {
        if (next >= method.length()) {
            return false;
        }
        at = next;
        next = at + length();
        return true;
    }

    int at() {
        return at;
    }

    int following() {
        return next;
    }

    int opcode() {
        return file.u1(method.code() + at);
    }

    /** Where the operands begin, in the file. */
    int operands() {
        return method.code() + at + 1;
    }

    private int length() {
        int opcode = opcode();
        if (opcode == WIDE) {
            return file.u1(operands()) == 0x84 ? 6 : 4;
        }
        if (opcode == TABLESWITCH || opcode == LOOKUPSWITCH) {
            int table = switchTable();
            int cases = opcode == TABLESWITCH ? file.i4(table + 8) - file.i4(table + 4) + 1 : 2 * file.i4(table + 4);
            int header = opcode == TABLESWITCH ? 12 : 8;
            return table + header + 4 * cases - (method.code() + at);
        }
        if (opcode >= LENGTHS.length()) {
            throw new IllegalArgumentException("instruction " + opcode + " is unknown");
        }
        return LENGTHS.charAt(opcode) - '0';
    }

    /** Where a switch's table begins, in the file: at a multiple of four from the method's first instruction. */
    int switchTable() {
        return method.code() + (at + 4 & ~3);
    }

    ClassFile.Reference reference() {
        int constant = file.u2(operands());
        return opcode() == INVOKEDYNAMIC ? file.dynamic(constant) : file.reference(constant);
    }

    /** Whether it pushes a value that the compiler knew: null, a number, a text. */
    static boolean pushesConstant(int opcode) {
        return opcode >= 0x01 && opcode <= 0x14;
    }
}
