package io.idempotenttrace.core.store.redis;

import io.idempotenttrace.core.store.RecordId;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The name to which a shared record moves when it fails, so that a worker that knows five fields finds no record and claims the key.
 * {@code record.lua} states the rule.
 *
 * <p>One script changes both names, so that a Cluster must have both in one slot. Redis takes the slot from the hash tag: what stands
 * between the first opening brace and the next closing one, or from the whole name if that is empty or if there is none. The name of the
 * note therefore keeps the record's tag, or has the record's whole name as its tag. A name with a closing brace can't be a tag; there, the
 * smallest number stands in the braces that happens to have the same slot.
 */
final class FailedNote {

    private static final int SLOTS = 16_384;
    private static final int POLYNOMIAL = 0x1021;

    private FailedNote() {}

    /**
     * The name of the record's note.
     *
     * @param prefix of all names, without {@code ':'} and braces
     * @param record the record's name, with the prefix
     */
    static String nameOf(String prefix, String record) {
        String before = prefix + ':' + RecordId.FAILED_NOTE + ':';
        int open = record.indexOf('{');
        int close = open < 0 ? -1 : record.indexOf('}', open);
        if (close > open + 1) {
            return before + record;
        }
        return record.indexOf('}') < 0
                ? before + '{' + record + '}'
                : before + '{' + Numbers.BY_SLOT.get(slot(Wtf8.encode(record))) + "}:" + record;
    }

    /**
     * The name of the record whose note has that name; null if no record's note has it.
     *
     * @param prefix as of {@link #nameOf}
     */
    static @Nullable String recordOf(String prefix, String note) {
        String before = prefix + ':' + RecordId.FAILED_NOTE + ':';
        if (!note.startsWith(before)) {
            return null;
        }
        String rest = note.substring(before.length());
        String record = rest;
        if (rest.startsWith("{" + prefix + ':') && rest.endsWith("}")) {
            record = rest.substring(1, rest.length() - 1);
        } else if (rest.startsWith("{")) {
            record = rest.substring(rest.indexOf(':') + 1);
        }
        return nameOf(prefix, record).equals(note) ? record : null;
    }

    /** The slot of a name without hash tag, or of the tag: CRC-16/XMODEM, of which 14 bits count. */
    private static int slot(byte[] text) {
        int crc = 0;
        for (byte b : text) {
            crc ^= (b & 0xff) << 8;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 0x8000) == 0 ? crc << 1 : crc << 1 ^ POLYNOMIAL;
            }
        }
        return crc & SLOTS - 1;
    }

    /** The smallest number of each slot. Made when the first name needs one, which few processes ever do. */
    private static final class Numbers {

        static final List<String> BY_SLOT = make();

        private static List<String> make() {
            List<String> numbers = new ArrayList<>(Collections.nCopies(SLOTS, ""));
            BitSet found = new BitSet(SLOTS);
            for (int number = 0; found.cardinality() < SLOTS; number++) {
                String text = Integer.toString(number);
                int slot = slot(Wtf8.encode(text));
                if (!found.get(slot)) {
                    found.set(slot);
                    numbers.set(slot, text);
                }
            }
            return numbers;
        }
    }
}
