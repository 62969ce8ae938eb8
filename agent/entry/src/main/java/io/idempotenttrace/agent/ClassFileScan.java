package io.idempotenttrace.agent;

/**
 * What the constant pool (JVMS 4.4) of a class file tells the agent: whether the class may carry the annotation, and else whether it names
 * a woven class. Both are answered by one walk, which parses nothing else and allocates nothing: it is all that a class without annotation
 * costs.
 *
 * <p>Class files come as the JVM or another agent made them. One that ends too early holds no more than what is there; the JVM will refuse
 * it. A constant of a kind that this version does not know, as a later Java may bring, hides how long it is: then the rest of the file is
 * searched byte by byte, so that no annotated class passes unseen.
 */
final class ClassFileScan {

    static final int NOTHING = 0;
    static final int NAMES_ANNOTATION = 1;
    static final int NAMES_WOVEN_CLASS = 2;

    private static final byte[] DESCRIPTOR = WovenNames.ascii("Lio/idempotenttrace/IdempotentTrace;");
    /** Tag and length before the bytes of a Utf8 constant. */
    private static final int UTF8_HEADER = 3;

    private ClassFileScan() {}

    /** Whether the annotation's descriptor is among the constants: as that of an annotation, or as any other text. */
    static boolean namesAnnotation(byte[] classFile) {
        return of(classFile, WovenNames.NONE) == NAMES_ANNOTATION;
    }

    /** {@link #NAMES_ANNOTATION}, else {@link #NAMES_WOVEN_CLASS}, else {@link #NOTHING}. */
    static int of(byte[] classFile, WovenNames.Wanted woven) {
        if (classFile.length < 10) {
            return NOTHING;
        }
        int entries = unsignedShort(classFile, 8);
        int position = 10;
        int found = NOTHING;
        for (int i = 1; i < entries && position + UTF8_HEADER <= classFile.length; i++) {
            switch (classFile[position]) {
                case 1: // Utf8
                    int length = unsignedShort(classFile, position + 1);
                    found = better(found, text(classFile, position + UTF8_HEADER, length, woven));
                    if (found == NAMES_ANNOTATION) {
                        return found;
                    }
                    position += UTF8_HEADER + length;
                    break;
                case 5: // Long and Double take two entries
                case 6:
                    position += 9;
                    i++;
                    break;
                case 7: // Class, String, MethodType, Module, Package
                case 8:
                case 16:
                case 19:
                case 20:
                    position += 3;
                    break;
                case 15: // MethodHandle
                    position += 4;
                    break;
                case 3: // Integer, Float, the references, NameAndType, Dynamic, InvokeDynamic
                case 4:
                case 9:
                case 10:
                case 11:
                case 12:
                case 17:
                case 18:
                    position += 5;
                    break;
                default:
                    return better(found, searched(classFile, position, woven));
            }
        }
        return found;
    }

    /** Looks for Utf8 constants wherever they may begin. */
    private static int searched(byte[] classFile, int from, WovenNames.Wanted woven) {
        int found = NOTHING;
        for (int position = from; position + UTF8_HEADER <= classFile.length && found != NAMES_ANNOTATION; position++) {
            if (classFile[position] == 1) {
                found = better(
                        found, text(classFile, position + UTF8_HEADER, unsignedShort(classFile, position + 1), woven));
            }
        }
        return found;
    }

    private static int better(int found, int other) {
        return found == NAMES_ANNOTATION || other == NOTHING ? found : other;
    }

    private static int text(byte[] classFile, int position, int length, WovenNames.Wanted woven) {
        if (length == DESCRIPTOR.length && isAt(DESCRIPTOR, classFile, position)) {
            return NAMES_ANNOTATION;
        }
        if (woven.mayHaveLength(length)) {
            for (byte[] name : woven.names) {
                if (name.length == length && isAt(name, classFile, position)) {
                    return NAMES_WOVEN_CLASS;
                }
            }
        }
        return NOTHING;
    }

    private static boolean isAt(byte[] text, byte[] classFile, int position) {
        if (position + text.length > classFile.length) {
            return false;
        }
        // From the end: names of a package share their beginning.
        int i = text.length - 1;
        while (i >= 0 && text[i] == classFile[position + i]) {
            i--;
        }
        return i < 0;
    }

    private static int unsignedShort(byte[] bytes, int position) {
        return (bytes[position] & 0xff) << 8 | bytes[position + 1] & 0xff;
    }
}
