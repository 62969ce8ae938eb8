package io.idempotenttrace.core.canonical;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Mac;
import org.jspecify.annotations.Nullable;

/**
 * The canonical JSON of one document on its way into the digest: a buffer that is emptied whenever it is full, and what texts and digits
 * are in JSON. What may still change must stay in the buffer: elements of a set, which are put in order, and members that may turn out to
 * be null. What this class is asked to write is in its place already; it knows the {@link DocumentPlace} only for failures.
 */
final class JsonOutput {

    static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    /** When that much is written, it goes into the digest. */
    private static final int FLUSH_AT = 8 << 10;

    private static final int LARGEST_KEPT_BUFFER = 64 << 10;
    /** How the name of a member ends, and its value, where that is null. */
    private static final byte[] NULL_MEMBER = ":null".getBytes(StandardCharsets.US_ASCII);
    /** Bytes that a character of a name takes at most. */
    private static final int LONGEST_CHARACTER = 6;
    /** Bytes enough for the comma before a member, the quotes of its name, and a null. */
    private static final int AROUND_A_NULL = 64;

    private final CanonicalForm form;
    private final long maxBytes;
    private final DocumentPlace place;
    private final MessageDigest sha256;
    private final @Nullable Mac hmac;
    private final MemberDigester memberDigests;

    private byte[] buffer = new byte[1024];
    private int size;
    private long flushed;
    /** Whether the document stays in the buffer to its end. */
    private boolean keep;
    /** Above 0 while elements of a set are written, which are put in order in the buffer. */
    private int unsorted;
    /** Bytes of such elements that have been taken out of the buffer, and are to be put back in order. */
    private long setAside;

    /**
     * @param secret keys the document's hash; null where none does
     * @param memberDigests is told of what leaves the buffer
     */
    JsonOutput(
            CanonicalForm form,
            long maxBytes,
            @Nullable HashSecret secret,
            MemberDigester memberDigests,
            DocumentPlace place) {
        this.form = form;
        this.maxBytes = maxBytes;
        this.place = place;
        this.memberDigests = memberDigests;
        sha256 = Sha256.newDigest();
        hmac = secret == null ? null : secret.newMac();
    }

    void start(boolean keepAll) {
        keep = keepAll;
        size = 0;
        flushed = 0;
        setAside = 0;
    }

    /** @return the hash of the document, 64 lower-case hex digits */
    String finishHash() {
        refuseTooBig();
        update(buffer, size);
        byte[] hash = hmac != null ? hmac.doFinal() : sha256.digest();
        size = 0;
        return HexFormat.of().formatHex(hash);
    }

    /** @return the document, of which all was kept */
    byte[] finishText() {
        refuseTooBig();
        return Arrays.copyOf(buffer, size);
    }

    /** After a document was written: gives up room that only a large one needed. */
    void rest() {
        if (buffer.length > LARGEST_KEPT_BUFFER) {
            buffer = new byte[1024];
        }
    }

    // Texts

    // The JDK deprecates it since it drops the upper byte of each character; here that byte is 0, and nothing else
    // copies as fast.
    @SuppressWarnings("deprecation")
    void ascii(String text) {
        int length = text.length();
        ensure(length);
        text.getBytes(0, length, buffer, size);
        size += length;
    }

    void ascii(char c) {
        ensure(1);
        buffer[size++] = (byte) c;
    }

    /** Bytes that are canonical JSON already. */
    void raw(byte[] bytes) {
        ensure(bytes.length);
        System.arraycopy(bytes, 0, buffer, size, bytes.length);
        size += bytes.length;
    }

    void digits(long value) {
        long rest = value;
        ensure(20);
        if (rest == Long.MIN_VALUE) {
            ascii(Long.toString(rest));
            return;
        }
        if (rest < 0) {
            buffer[size++] = '-';
            rest = -rest;
        }
        int digits = 1;
        // Nineteen digits at most: the last bound is 10^18, which a long holds.
        for (long bound = 10; digits < 19 && rest >= bound; bound *= 10) {
            digits++;
        }
        for (int i = size + digits - 1; i >= size; i--) {
            buffer[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        size += digits;
    }

    void string(String text) {
        int length = text.length();
        ensure(Math.min(length, FLUSH_AT) + 2);
        buffer[size++] = '"';
        for (int start = 0; start < length; start += FLUSH_AT) {
            characters(text, start, Math.min(length, start + FLUSH_AT));
        }
        ensure(1);
        buffer[size++] = '"';
    }

    private void characters(String text, int from, int to) {
        ensure(to - from + 1);
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if (c >= ' ' && c < 0x7f && c != '"' && c != '\\') {
                buffer[size++] = (byte) c;
            } else {
                // Room for this one at its longest, and for all that follow as single bytes.
                ensure(to - i + 6);
                escaped(text, i, c);
            }
        }
    }

    private void escaped(String text, int i, char c) {
        switch (c) {
            case '"', '\\' -> escape((byte) c);
            case '\n' -> escape((byte) 'n');
            case '\r' -> escape((byte) 'r');
            case '\t' -> escape((byte) 't');
            case '\b' -> escape((byte) 'b');
            case '\f' -> escape((byte) 'f');
            default -> {
                if (c < ' ' || form.isAscii()) {
                    hexEscape(c);
                } else {
                    utf8(text, i, c);
                }
            }
        }
    }

    /** A backslash and that character, for which {@link #ensure} has made room. */
    void escape(byte c) {
        buffer[size++] = '\\';
        buffer[size++] = c;
    }

    /** One byte, for which {@link #ensure} has made room. */
    void put(byte c) {
        buffer[size++] = c;
    }

    private void hexEscape(char c) {
        buffer[size++] = '\\';
        buffer[size++] = 'u';
        buffer[size++] = HEX[c >> 12];
        buffer[size++] = HEX[c >> 8 & 15];
        buffer[size++] = HEX[c >> 4 & 15];
        buffer[size++] = HEX[c & 15];
    }

    /** One UTF-16 unit; the low half of a pair is written with its high half. */
    private void utf8(String text, int i, char c) {
        if (c < 0x80) {
            buffer[size++] = (byte) c;
        } else if (c < 0x800) {
            buffer[size++] = (byte) (0xc0 | c >> 6);
            buffer[size++] = (byte) (0x80 | c & 0x3f);
        } else if (!Character.isSurrogate(c)) {
            buffer[size++] = (byte) (0xe0 | c >> 12);
            buffer[size++] = (byte) (0x80 | c >> 6 & 0x3f);
            buffer[size++] = (byte) (0x80 | c & 0x3f);
        } else if (Character.isHighSurrogate(c)
                && i + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(i + 1))) {
            int codePoint = Character.toCodePoint(c, text.charAt(i + 1));
            buffer[size++] = (byte) (0xf0 | codePoint >> 18);
            buffer[size++] = (byte) (0x80 | codePoint >> 12 & 0x3f);
            buffer[size++] = (byte) (0x80 | codePoint >> 6 & 0x3f);
            buffer[size++] = (byte) (0x80 | codePoint & 0x3f);
        } else if (Character.isHighSurrogate(c) || i == 0 || !Character.isHighSurrogate(text.charAt(i - 1))) {
            throw place.refused(
                    (form == CanonicalForm.JCS
                                    ? "text with a lone surrogate has no JCS form (RFC 8785, 3.2.2.2)"
                                    : "text with a lone surrogate has no UTF-8, in which canonical-form=" + form.key()
                                            + " writes it")
                            + "; mend the text, exclude the field, or use canonical-form=python",
                    null);
        }
    }

    // Members that may be taken back, or are digested

    /**
     * Begins a member that {@link #takeBackIfNull} may take back. Until then the member must stay in the buffer.
     *
     * @return where it begins in the document
     */
    long beginUnlessNull(String name) {
        int most = mostWithNull(name);
        if (most > FLUSH_AT) {
            unsorted++;
        } else if (size + most > FLUSH_AT && isFlushed()) {
            flush();
        }
        ensure(most);
        return flushed + size;
    }

    /**
     * Takes the member that begins there back, if its value turned out to be null.
     *
     * @param start what {@link #beginUnlessNull} gave
     */
    boolean takeBackIfNull(String name, long start) {
        if (mostWithNull(name) > FLUSH_AT) {
            unsorted--;
        }
        // A member whose beginning has been flushed is longer than a null.
        if (start < flushed || !endsWithNullMember((int) (start - flushed))) {
            return false;
        }
        size = (int) (start - flushed);
        return true;
    }

    private static int mostWithNull(String name) {
        return name.length() * LONGEST_CHARACTER + AROUND_A_NULL;
    }

    /** Whether the member that begins there, and is the last in the buffer, has the value null. */
    private boolean endsWithNullMember(int start) {
        // No other value ends so: the bytes of a text end with its quote.
        int end = size - NULL_MEMBER.length;
        return end > start && Arrays.equals(buffer, end, size, NULL_MEMBER, 0, NULL_MEMBER.length);
    }

    void beginDigest(String name) {
        memberDigests.begin(name, size);
    }

    void endDigest() {
        memberDigests.end(buffer, size);
    }

    // Elements of a set

    /** @return what {@link #endSet} needs */
    long beginSet() {
        unsorted++;
        return setAside;
    }

    /** Where the next element begins, for {@link #takeOut}; what is in the buffer stays there as long as a set is begun. */
    int size() {
        return size;
    }

    /** Takes the element that begins there out of the buffer. */
    byte[] takeOut(int start) {
        byte[] element = Arrays.copyOfRange(buffer, start, size);
        setAside += size - start;
        size = start;
        refuseTooBig();
        return element;
    }

    /** Writes the elements that were taken out, in the order of their bytes. */
    void endSet(byte[][] elements, int count, long before) {
        setAside = before;
        Arrays.sort(elements, 0, count, Arrays::compareUnsigned);
        for (int i = 0; i < count; i++) {
            if (i > 0) {
                ascii(',');
            }
            raw(elements[i]);
        }
        unsorted--;
    }

    // The buffer

    /** Makes room for so many bytes. */
    void ensure(int more) {
        // What is rarely needed is a method of its own, so that the compiler inlines this check everywhere.
        if (size + more > buffer.length || size >= FLUSH_AT && isFlushed()) {
            flushOrGrow(more);
        }
    }

    private void flushOrGrow(int more) {
        refuseTooBig();
        if (isFlushed()) {
            flush();
        }
        if (size + more > buffer.length) {
            buffer = Arrays.copyOf(buffer, Math.max(size + more, buffer.length * 2));
        }
    }

    private boolean isFlushed() {
        return !keep && unsorted == 0;
    }

    private void flush() {
        update(buffer, size);
        memberDigests.flush(buffer, size);
        flushed += size;
        size = 0;
    }

    private void update(byte[] bytes, int length) {
        if (hmac != null) {
            hmac.update(bytes, 0, length);
        } else {
            sha256.update(bytes, 0, length);
        }
    }

    private void refuseTooBig() {
        refuseMoreThanMost(flushed + size + setAside);
    }

    /** Refuses a document that has so many bytes at least, if that is more than one may have. */
    void refuseMoreThanMost(long bytes) {
        if (bytes > maxBytes) {
            throw place.refused(
                    "larger than " + maxBytes
                            + " bytes of canonical JSON; mark the parameter @Unhashed and give it a key",
                    null);
        }
    }
}
