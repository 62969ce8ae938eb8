package io.idempotenttrace.agent;

/**
 * Tells whether a class file's constant pool (JVMS 4.4) holds the annotation's descriptor, without parsing the rest and
 * without an allocation: this is all that a class without annotation costs.
 */
final class AnnotationScan {

    private static final byte[] DESCRIPTOR = ascii("Lio/idempotenttrace/IdempotentTrace;");

    private AnnotationScan() {
    }

    static boolean namesAnnotation(byte[] classFile) {
        if (classFile.length < 10) {
            return false;
        }
        int entries = unsignedShort(classFile, 8);
        int position = 10;
        int last = classFile.length - 3;
        for (int i = 1; i < entries; i++) {
            if (position > last) {
                return false;
            }
            switch (classFile[position]) {
                case 1: // Utf8
                    int length = unsignedShort(classFile, position + 1);
                    if (length == DESCRIPTOR.length && isDescriptorAt(classFile, position + 3)) {
                        return true;
                    }
                    position += 3 + length;
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
                default: // a tag of a future class-file version: the entry's length is unknown
                    return false;
            }
        }
        return false;
    }

    private static boolean isDescriptorAt(byte[] classFile, int position) {
        if (position + DESCRIPTOR.length > classFile.length) {
            return false;
        }
        // From the end: names of this package share their beginning.
        for (int i = DESCRIPTOR.length - 1; i >= 0; i--) {
            if (classFile[position + i] != DESCRIPTOR[i]) {
                return false;
            }
        }
        return true;
    }

    /** Without a charset: the first use of one loads all the standard ones. */
    private static byte[] ascii(String text) {
        byte[] bytes = new byte[text.length()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) text.charAt(i);
        }
        return bytes;
    }

    private static int unsignedShort(byte[] bytes, int position) {
        return (bytes[position] & 0xff) << 8 | bytes[position + 1] & 0xff;
    }
}
