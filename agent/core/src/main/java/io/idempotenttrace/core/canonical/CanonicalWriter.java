package io.idempotenttrace.core.canonical;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.ConcurrentModificationException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import javax.crypto.Mac;
import org.jspecify.annotations.Nullable;

/**
 * Writes one document as canonical JSON, straight into the digest: no text, no tree. Members of objects are written in order
 * because their names are sorted before; of a map's entries only references are sorted. Used again for the next document; not
 * safe for use by several threads.
 */
final class CanonicalWriter implements BiConsumer<Object, Object> {

    /** When that much is written, it goes into the digest. */
    private static final int FLUSH_AT = 8 << 10;

    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final int SMALL_SORT = 24;
    private static final int LARGEST_KEPT_BUFFER = 64 << 10;
    private static final int LARGEST_KEPT_RANGE = 1024;
    /** Bytes that become base64 at a time; a multiple of three, so that padding comes only at the end. */
    private static final int BASE64_PART = 3 << 10;
    /** Bytes that become Python's text of them at a time. */
    private static final int BYTES_PART = 1 << 10;

    private static final int NO_ELEMENT = -1;
    /** A set's elements have no index: what a pointer could name there depends on how the set happens to iterate. */
    private static final int ANY_ELEMENT = -2;
    /** How the name of a member ends, and its value, where that is null. */
    private static final byte[] NULL_MEMBER = ":null".getBytes(StandardCharsets.US_ASCII);
    /** Bytes that a character of a name takes at most. */
    private static final int LONGEST_CHARACTER = 6;
    /** Bytes enough for the comma before a member, the quotes of its name, and a null. */
    private static final int AROUND_A_NULL = 64;
    /** Up to here every integer is a double, and is written as itself. */
    private static final long EXACT = 1L << 53;

    final CanonicalForm form;
    private final HashForm hashForm;
    private final HashForm hashFormWithoutNulls;
    private final KeyOrder order;
    private final int maxDepth;
    private final long maxBytes;
    private final MessageDigest sha256;
    private final @Nullable Mac hmac;
    private final MemberDigester memberDigests;
    /** Of the document being written. */
    private UnseenFieldPolicies unseenFields = UnseenFieldPolicies.DEFAULT;

    private byte[] buffer = new byte[1024];
    private int size;
    private long flushed;
    private boolean keep;
    private boolean digestMembers;
    /** Above 0 while a tree of a JSON library is written, of which each decimal is a number in JSON. */
    private int trees;
    /** Above 0 while elements of a set are written, which are put in order in the buffer. */
    private int unsorted;
    /** Bytes of such elements that have been taken out of the buffer, and are to be put back in order. */
    private long setAside;

    /** The containers and holders around the current value; of each container, the member or the element being written. */
    private Object[] around = new Object[16];

    private String[] members = new String[16];
    private int[] elements = new int[16];
    private int depth;
    /** How many of those are containers: levels of the JSON itself. */
    private int levels;

    /** What is left out of the document being written. */
    private Exclusions exclusions = Exclusions.NONE;
    /** What is left out of the current value; null for nothing. */
    private Exclusions.@Nullable Level level;
    /** Whether a member was left out because it is null. */
    private boolean droppedNull;
    /** Whether an included place was written. */
    private boolean metIncluded;
    /** Of each array around the current value, how many elements to which no included place belongs came since the last other one. */
    private int[] unwritten = new int[16];

    /** Names and values of the maps that are being written, one range for each. */
    private MemberName[] names = new MemberName[32];

    private Object[] values = new Object[32];
    private int top;
    /** Whether the map whose members were added last has such keys. */
    private boolean otherKeysThanText;

    private final MemberName.Cache knownNames = new MemberName.Cache();

    /** @param secret the one that {@code hashForm} names; null where it names none */
    CanonicalWriter(HashForm hashForm, int maxDepth, long maxBytes, @Nullable HashSecret secret) {
        this.hashForm = hashForm;
        this.hashFormWithoutNulls = hashForm.ofNullMembers(true);
        this.form = hashForm.canonical();
        this.order = form.isPython() ? KeyOrder.CODE_POINTS : KeyOrder.UTF_16_UNITS;
        this.maxDepth = maxDepth;
        this.maxBytes = maxBytes;
        sha256 = Sha256.newDigest();
        hmac = secret == null ? null : secret.newMac();
        memberDigests = MemberDigester.of(secret);
    }

    void start(Exclusions wanted, UnseenFieldPolicies unseenFields, boolean digestMembers, boolean keep) {
        start(wanted, wanted.start(), unseenFields, digestMembers, keep);
    }

    private void start(
            Exclusions wanted,
            Exclusions.@Nullable Level leftOut,
            UnseenFieldPolicies unseenFields,
            boolean digestMembers,
            boolean keep) {
        this.unseenFields = unseenFields;
        this.exclusions = wanted;
        this.level = leftOut;
        this.metIncluded = false;
        this.droppedNull = false;
        this.digestMembers = digestMembers;
        this.keep = keep;
        size = 0;
        flushed = 0;
        setAside = 0;
        trees = 0;
        memberDigests.reset();
    }

    /** After a document was written: gives up room that only a large one needed, and the references to its names. */
    void rest() {
        if (buffer.length > LARGEST_KEPT_BUFFER) {
            buffer = new byte[1024];
        }
        if (names.length > LARGEST_KEPT_RANGE) {
            names = new MemberName[32];
            values = new Object[32];
        }
    }

    PayloadDigest finishDigest() {
        refuseUnmatched();
        refuseTooBig();
        update(buffer, size);
        byte[] hash = hmac != null ? hmac.doFinal() : sha256.digest();
        size = 0;
        String text = HexFormat.of().formatHex(hash);
        HashForm made = droppedNull ? hashFormWithoutNulls : hashForm;
        return digestMembers ? memberDigests.digest(made, text) : new PayloadDigest(made, text, "");
    }

    /** After {@link #finishDigest}: the names of the members that were digested, in their order. */
    List<String> digestedNames() {
        return memberDigests.names();
    }

    byte[] finishBytes() {
        refuseUnmatched();
        return finishText();
    }

    private byte[] finishText() {
        refuseTooBig();
        return Arrays.copyOf(buffer, size);
    }

    /** All documents without any of the included places would hash alike. */
    private void refuseUnmatched() {
        if (!metIncluded && !exclusions.includedPointers().isEmpty()) {
            throw new UnhashableException(
                    "",
                    "it has none of the places that alone are hashed (include=" + exclusions.includedText()
                            + "), so it would hash as every other one without them; mend the pointers, or leave include out",
                    null);
        }
    }

    private void refuseTooBig() {
        if (flushed + size + setAside > maxBytes) {
            throw tooBig();
        }
    }

    // Values

    void value(@Nullable Object value) {
        if (value == null) {
            ascii("null");
        } else if (level != null && reducedText(value)) {
            // Written by that.
        } else if (value instanceof String text) {
            string(text);
        } else if (value instanceof Integer || value instanceof Long) {
            integer(((Number) value).longValue());
        } else if (value instanceof Boolean flag) {
            ascii(flag ? "true" : "false");
        } else {
            ValueMapping.of(value).write(this, value);
        }
    }

    /**
     * Writes a text, or bytes, of whose JSON a part is left out: as the text of what is left.
     *
     * @return false where no pointer steps into the value, or where it holds no JSON: nothing is written then
     */
    private boolean reducedText(Object value) {
        Exclusions.Level here = level;
        Exclusions.Level inside = here == null ? null : here.inside();
        Object text =
                here == null || inside == null ? null : ValueMapping.of(value).textOrBytes(value);
        if (here == null || inside == null || text == null) {
            return false;
        }
        Object content = JsonText.readOrKeep(text);
        if (content == text) {
            metIncluded |= here.includesInside();
            return false;
        }
        // The python form, whatever that of the document: it has a text for everything that JSON can hold.
        CanonicalWriter writer = new CanonicalWriter(HashForm.DEFAULT, maxDepth, maxBytes, /* secret= */ null);
        byte[] left;
        try {
            writer.start(exclusions, inside, unseenFields, /* digestMembers= */ false, /* keep= */ true);
            writer.value(content);
            left = writer.finishText();
        } catch (UnhashableException e) {
            throw new UnhashableException(place() + "|json" + e.pointer(), e.reason(), e.getCause());
        }
        droppedNull |= writer.droppedNull;
        metIncluded |= here.includesInside() && (writer.metIncluded || inside.includesAll());
        if (text instanceof ByteBuffer) {
            bytes(ByteBuffer.wrap(left));
        } else {
            string(new String(left, StandardCharsets.UTF_8));
        }
        return true;
    }

    /** What a holder holds, in its place. */
    void held(Object holder, @Nullable Object content) {
        enter(holder);
        if (depth - levels > maxDepth) {
            throw tooDeep();
        }
        value(content);
        leave();
    }

    /**
     * What the object around it is, without its own members: no cycle, though the mapping writes the object that is being written.
     *
     * @param standsFor what is around the value meanwhile, in the object's place
     */
    void content(Object standsFor, ValueMapping mapping, Object value) {
        int place = depth - 1;
        boolean inside = place >= 0 && around[place] == value;
        if (inside) {
            around[place] = standsFor;
        }
        mapping.write(this, value);
        if (inside) {
            around[place] = value;
        }
    }

    void integer(long value) {
        if (form == CanonicalForm.JCS && (value > EXACT || value < -EXACT)) {
            ascii(orTooPrecise(NumberText.ecmaScript(value), "integer"));
            return;
        }
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

    void integer(BigInteger value) {
        refuseIf(DigitLimit.isExceededBy(value));
        ascii(form == CanonicalForm.JCS ? orTooPrecise(NumberText.ecmaScript(value), "integer") : value.toString());
    }

    void decimal(BigDecimal value) {
        if (trees > 0) {
            value(JsonNumber.of(value));
            return;
        }
        if (form == CanonicalForm.PYTHON_STR) {
            // Python's Decimal follows the same specification, so that the two texts are one.
            refuseIf(DigitLimit.isExceededByDigitsOf(value));
            string(value.toString());
            return;
        }
        refuseIf(DigitLimit.isExceededBy(value));
        ascii(
                form == CanonicalForm.JCS
                        ? orTooPrecise(NumberText.ecmaScript(value), "decimal")
                        : NumberText.plain(value));
    }

    private void refuseIf(boolean tooLong) {
        if (tooLong) {
            throw refused(DigitLimit.reason(), null);
        }
    }

    void number(double value) {
        ascii(form == CanonicalForm.JCS ? NumberText.ecmaScript(finite(value)) : NumberText.python(value));
    }

    void number(float value) {
        ascii(form == CanonicalForm.JCS ? NumberText.ecmaScript((float) finite(value)) : NumberText.python(value));
    }

    private double finite(double value) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            throw refused(
                    "NaN and the infinities have no JCS form (RFC 8785, 3.2.2.3); exclude the field, or use"
                            + " canonical-form=python",
                    null);
        }
        return value;
    }

    private String orTooPrecise(@Nullable String text, String what) {
        if (text == null) {
            throw refused(
                    "an " + what
                            + " that no double holds has no JCS form (RFC 8785, 3.2.2.3): two such numbers would hash alike;"
                            + " send it as text, or use canonical-form=python",
                    null);
        }
        return text;
    }

    // The JDK deprecates it since it drops the upper byte of each character; here that byte is 0, and nothing else
    // copies as fast.
    @SuppressWarnings("deprecation")
    void ascii(String text) {
        int length = text.length();
        ensure(length);
        text.getBytes(0, length, buffer, size);
        size += length;
    }

    /** Bytes that are canonical JSON already. */
    void raw(byte[] bytes) {
        ensure(bytes.length);
        System.arraycopy(bytes, 0, buffer, size, bytes.length);
        size += bytes.length;
    }

    /** What {@link #decimal} is given until {@link #endTree} is a number in JSON. */
    void beginTree() {
        trees++;
    }

    void endTree() {
        trees--;
    }

    /** Bytes as the form writes them, in quotes. */
    void bytes(ByteBuffer bytes) {
        if (form == CanonicalForm.PYTHON_STR) {
            pythonBytes(bytes);
        } else {
            base64(bytes);
        }
    }

    /** Bytes as Python's {@code repr}, {@code b'...'}, in quotes: its backslashes are escaped once more. */
    private void pythonBytes(ByteBuffer bytes) {
        boolean single = false;
        boolean both = false;
        for (int i = bytes.position(); i < bytes.limit() && !both; i++) {
            single |= bytes.get(i) == '\'';
            both = bytes.get(i) == '"';
        }
        String quote = single && !both ? "\\\"" : "'";
        ascii("\"b" + quote);
        while (bytes.hasRemaining()) {
            // At its longest \\xff.
            ensure(BYTES_PART * 5);
            for (int i = 0; i < BYTES_PART && bytes.hasRemaining(); i++) {
                pythonByte(bytes.get(), quote);
            }
        }
        ascii(quote + "\"");
    }

    private void pythonByte(byte value, String quote) {
        switch (value) {
            case '\t' -> escapedTwice((byte) 't');
            case '\n' -> escapedTwice((byte) 'n');
            case '\r' -> escapedTwice((byte) 'r');
            case '"' -> escape((byte) '"');
            case '\\' -> {
                escape((byte) '\\');
                escape((byte) '\\');
            }
            case '\'' -> {
                if (quote.equals("'")) {
                    escape((byte) '\\');
                }
                buffer[size++] = '\'';
            }
            default -> {
                if (value >= ' ' && value < 0x7f) {
                    buffer[size++] = value;
                } else {
                    escapedTwice((byte) 'x');
                    buffer[size++] = HEX[value >> 4 & 15];
                    buffer[size++] = HEX[value & 15];
                }
            }
        }
    }

    private void escapedTwice(byte c) {
        escape((byte) '\\');
        buffer[size++] = c;
    }

    /** Bytes as base64, in quotes. */
    void base64(ByteBuffer bytes) {
        int length = bytes.remaining();
        if ((length + 2L) / 3 * 4 > maxBytes) {
            throw tooBig();
        }
        ensure(1);
        buffer[size++] = '"';
        byte[] part = new byte[Math.min(length, BASE64_PART)];
        while (bytes.hasRemaining()) {
            int count = Math.min(part.length, bytes.remaining());
            bytes.get(part, 0, count);
            raw(Base64.getEncoder().encode(count == part.length ? part : Arrays.copyOf(part, count)));
        }
        ensure(1);
        buffer[size++] = '"';
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

    private void escape(byte c) {
        buffer[size++] = '\\';
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
            throw refused(
                    (form == CanonicalForm.JCS
                                    ? "text with a lone surrogate has no JCS form (RFC 8785, 3.2.2.2)"
                                    : "text with a lone surrogate has no UTF-8, in which canonical-form=" + form.key()
                                            + " writes it")
                            + "; mend the text, exclude the field, or use canonical-form=python",
                    null);
        }
    }

    // Objects

    /** An object with these members, in any order. */
    void members(String[] memberNames, Object[] memberValues) {
        int from = beginMembers(memberValues);
        for (int i = 0; i < memberNames.length; i++) {
            addMember(memberNames[i], memberValues[i]);
        }
        endMembers(from);
    }

    /** A map's entry, as the map of it alone. */
    void entry(Map.Entry<?, ?> entry) {
        int from = beginMembers(entry);
        accept(entry.getKey(), entry.getValue());
        endMembers(from);
    }

    void map(Map<?, ?> map) {
        int from = beginMembers(map);
        otherKeysThanText = false;
        map.forEach(this);
        if (otherKeysThanText && form.isPython() && NumericKeys.areAll(map, exclusions.dropsNullMembers())) {
            Arrays.fill(values, from, top, null);
            top = from;
            numericMembers(map);
        } else {
            endMembers(from);
        }
    }

    /** Python sorts before it turns the keys into text: 2 comes before 10. */
    private void numericMembers(Map<?, ?> map) {
        boolean first = true;
        String before = null;
        for (NumericKeys.Entry entry : NumericKeys.sorted(map, exclusions.dropsNullMembers())) {
            refuseSame(before, entry.name());
            first = member(entry.name(), null, entry.value(), first);
            before = entry.name();
        }
        end('}');
    }

    /**
     * Begins an object whose members come by {@link #addMember} in any order.
     *
     * @return what {@link #endMembers} needs
     */
    int beginMembers(Object object) {
        begin(object, '{');
        return top;
    }

    void addMember(String name, @Nullable Object value) {
        if (top == names.length) {
            names = Arrays.copyOf(names, top * 2);
            values = Arrays.copyOf(values, top * 2);
        }
        names[top] = knownNames.of(name);
        values[top++] = value;
    }

    /** Writes the members that were added since {@link #beginMembers}, in order. */
    void endMembers(int from) {
        int to = top;
        sort(from, to);
        boolean first = true;
        for (int i = from; i < to; i++) {
            MemberName name = names[i];
            refuseSame(i > from ? names[i - 1].text : null, name.text);
            first = member(name.text, name.written, values[i], first);
        }
        Arrays.fill(values, from, to, null);
        top = from;
        end('}');
    }

    /** Called by {@link Map#forEach}. */
    @Override
    public void accept(Object key, @Nullable Object value) {
        if (value != null || !exclusions.dropsNullMembers()) {
            addMember(keyText(key), value);
        } else if (!(key instanceof String name) || !excludes(name)) {
            droppedNull = true;
        }
    }

    private String keyText(Object key) {
        if (key instanceof String text) {
            return text;
        }
        otherKeysThanText = true;
        if (key == null) {
            return "null";
        }
        String text = ValueMapping.of(key).memberName(key);
        if (text == null) {
            throw refused(
                    "a map key of type " + key.getClass().getName()
                            + " has no text; use text, numbers, enums, UUIDs or dates"
                            + " as keys, or mark the parameter @Unhashed",
                    null);
        }
        return text;
    }

    private void refuseSame(@Nullable String before, String name) {
        if (name.equals(before)) {
            throw refused(
                    "two keys of a map have the same text '" + UnhashableException.printable(name)
                            + "'; only one of them could be hashed",
                    null);
        }
    }

    private void sort(int from, int to) {
        if (to - from > SMALL_SORT) {
            sortMany(from, to);
            return;
        }
        for (int i = from + 1; i < to; i++) {
            MemberName name = names[i];
            Object value = values[i];
            int j = i - 1;
            for (; j >= from && compare(names[j], name) > 0; j--) {
                names[j + 1] = names[j];
                values[j + 1] = values[j];
            }
            names[j + 1] = name;
            values[j + 1] = value;
        }
    }

    private int compare(MemberName a, MemberName b) {
        return a.withoutSurrogates && b.withoutSurrogates ? a.text.compareTo(b.text) : order.compare(a.text, b.text);
    }

    private void sortMany(int from, int to) {
        Integer[] places = new Integer[to - from];
        for (int i = 0; i < places.length; i++) {
            places[i] = from + i;
        }
        Arrays.sort(places, (a, b) -> compare(names[a], names[b]));
        MemberName[] sortedNames = new MemberName[places.length];
        Object[] sortedValues = new Object[places.length];
        for (int i = 0; i < places.length; i++) {
            sortedNames[i] = names[places[i]];
            sortedValues[i] = values[places[i]];
        }
        System.arraycopy(sortedNames, 0, names, from, places.length);
        System.arraycopy(sortedValues, 0, values, from, places.length);
    }

    /**
     * One member of the object that was begun; members come in the form's order.
     *
     * @param written the name as {@code "name":}, where that is known; else null
     * @return whether the next member is still the first, because this one is left out
     */
    boolean member(String name, byte @Nullable [] written, @Nullable Object value, boolean first) {
        Exclusions.Level here = level;
        if (here != null) {
            Exclusions.Level below = here.below(name);
            if (Exclusions.Level.isLeftOut(below)) {
                return first;
            }
            level = below;
        }
        members[depth - 1] = name;
        boolean isWritten = true;
        if (exclusions.dropsNullMembers()) {
            isWritten = writtenUnlessNull(name, written, value, first);
        } else {
            nameAndValue(name, written, value, first);
            endDigest();
        }
        if (here != null) {
            metIncluded |= isWritten && here.endsAt(level);
            level = here;
        }
        return first && !isWritten;
    }

    private void nameAndValue(String name, byte @Nullable [] written, @Nullable Object value, boolean first) {
        if (!first) {
            ensure(1);
            buffer[size++] = ',';
        }
        if (digestMembers && levels == 1) {
            memberDigests.begin(name, size);
        }
        if (written != null) {
            raw(written);
        } else {
            string(name);
            ensure(1);
            buffer[size++] = ':';
        }
        value(value);
    }

    private void endDigest() {
        if (digestMembers && levels == 1) {
            memberDigests.end(buffer, size);
        }
    }

    /**
     * Writes the member, and takes it back where its value turns out to be null: only its mapping knows whether it is. Until then the
     * member must stay in the buffer.
     *
     * @return whether it is written
     */
    private boolean writtenUnlessNull(String name, byte @Nullable [] written, @Nullable Object value, boolean first) {
        if (value == null) {
            droppedNull = true;
            return false;
        }
        int most = name.length() * LONGEST_CHARACTER + AROUND_A_NULL;
        boolean together = most > FLUSH_AT;
        if (together) {
            unsorted++;
        } else if (size + most > FLUSH_AT && isFlushed()) {
            flush();
        }
        ensure(most);
        int start = size;
        long before = flushed;
        nameAndValue(name, written, value, first);
        if (together) {
            unsorted--;
        }
        if (flushed != before || !endsWithNullMember(start)) {
            endDigest();
            return true;
        }
        size = start;
        droppedNull = true;
        if (digestMembers && levels == 1) {
            memberDigests.withdraw();
        }
        return false;
    }

    /** Whether the member that begins there, and is the last in the buffer, has the value null. */
    private boolean endsWithNullMember(int start) {
        // No other value ends so: the bytes of a text end with its quote.
        int end = size - NULL_MEMBER.length;
        return end > start && Arrays.equals(buffer, end, size, NULL_MEMBER, 0, NULL_MEMBER.length);
    }

    /** Whether a member that is left out need not be read. */
    boolean excludes(String name) {
        return level != null && Exclusions.Level.isLeftOut(level.below(name));
    }

    /** Whether an included place is at that member of the object that was begun, or in it. */
    boolean includes(String name) {
        return level != null && level.includes(name);
    }

    /** Whether an included place has that member of the object that was begun in its name; {@code *} has not. */
    boolean names(String name) {
        return level != null && level.names(name);
    }

    /** Whether included places have members of the value that is written now in their names. */
    boolean namesMembers() {
        return level != null && level.namesMembers();
    }

    /** Whether places in that member of the object that was begun are included, and not all of it. */
    boolean includesOnlyInside(String name) {
        Exclusions.Level below = level == null ? null : level.below(name);
        return below != null && !Exclusions.Level.isLeftOut(below) && !below.includesAll();
    }

    UnseenFieldPolicy unseenFieldsOf(Class<?> type) {
        return unseenFields.of(type);
    }

    /** Names the member that is read next, so that a getter's failure names it. */
    void reading(String name) {
        members[depth - 1] = name;
    }

    /** Begins an object whose members come by {@link #member}. */
    void beginObject(Object object) {
        begin(object, '{');
    }

    void endObject() {
        end('}');
    }

    // Arrays

    void elements(Iterable<?> elements) {
        begin(elements, '[');
        boolean first = true;
        int index = 0;
        for (Object element : elements) {
            first = element(index++, element, first);
        }
        end(']');
    }

    /** A set: its elements in the order of their canonical JSON, since equal sets may iterate in any order. */
    void set(Collection<?> set) {
        begin(set, '[');
        unsorted++;
        byte[][] written = new byte[Math.max(set.size(), 4)][];
        int count = 0;
        long before = setAside;
        for (Object element : set) {
            int start = size;
            if (!element(ANY_ELEMENT, element, /* first= */ true)) {
                written = count == written.length ? Arrays.copyOf(written, count * 2) : written;
                written[count++] = Arrays.copyOfRange(buffer, start, size);
                setAside += size - start;
                size = start;
                refuseTooBig();
            }
        }
        setAside = before;
        Arrays.sort(written, 0, count, Arrays::compareUnsigned);
        for (int i = 0; i < count; i++) {
            if (i > 0) {
                ensure(1);
                buffer[size++] = ',';
            }
            raw(written[i]);
        }
        unsorted--;
        end(']');
    }

    /** Begins an array whose elements come by {@link #element}. */
    void beginArray(Object array) {
        begin(array, '[');
    }

    /** @return whether the next element is still the first, because this one is left out */
    boolean element(int index, Object value, boolean first) {
        Exclusions.Level here = level;
        boolean isFirst = first;
        if (here != null) {
            Exclusions.Level below = here.below(index == ANY_ELEMENT ? null : Integer.toString(index));
            if (Exclusions.Level.isLeftOut(below)) {
                unwritten[depth - 1] += below == Exclusions.Level.NOT_INCLUDED ? 1 : 0;
                return first;
            }
            if (index != ANY_ELEMENT) {
                isFirst = positionsOfUnwritten(first);
            }
            level = below;
        }
        elements[depth - 1] = index;
        if (!isFirst) {
            ensure(1);
            buffer[size++] = ',';
        }
        value(value);
        if (here != null) {
            metIncluded |= here.endsAt(level);
            level = here;
        }
        return false;
    }

    /** Writes null for each element before this one to which no included place belongs. */
    private boolean positionsOfUnwritten(boolean first) {
        boolean isFirst = first;
        for (; unwritten[depth - 1] > 0; unwritten[depth - 1]--) {
            ascii(isFirst ? "null" : ",null");
            isFirst = false;
        }
        return isFirst;
    }

    void endArray() {
        end(']');
    }

    private void begin(Object container, char bracket) {
        enter(container);
        if (levels == maxDepth) {
            throw tooDeep();
        }
        levels++;
        ensure(1);
        buffer[size++] = (byte) bracket;
    }

    private void end(char bracket) {
        levels--;
        leave();
        ensure(1);
        buffer[size++] = (byte) bracket;
    }

    private void enter(Object outer) {
        for (int i = 0; i < depth; i++) {
            if (around[i] == outer) {
                throw refused(
                        "a cycle: " + outer.getClass().getName()
                                + " contains itself; break it, exclude the field, or mark the parameter @Unhashed",
                        null);
            }
        }
        if (depth == around.length) {
            around = Arrays.copyOf(around, depth * 2);
            members = Arrays.copyOf(members, depth * 2);
            elements = Arrays.copyOf(elements, depth * 2);
            unwritten = Arrays.copyOf(unwritten, depth * 2);
        }
        unwritten[depth] = 0;
        members[depth] = null;
        elements[depth] = NO_ELEMENT;
        around[depth++] = outer;
    }

    private void leave() {
        around[--depth] = null;
    }

    // Failures

    /** The failure at the current place. */
    UnhashableException refused(String reason, @Nullable Throwable cause) {
        return new UnhashableException(place(), reason, cause);
    }

    /** Where the writer is in the document, as a JSON Pointer; of a very deep place the beginning. */
    private String place() {
        StringBuilder pointer = new StringBuilder();
        for (int i = 0; i < depth && pointer.length() < 500; i++) {
            if (members[i] != null) {
                pointer.append('/').append(Pointer.escape(members[i]));
            } else if (elements[i] != NO_ELEMENT) {
                pointer.append('/').append(elements[i] == ANY_ELEMENT ? "*" : Integer.toString(elements[i]));
            }
        }
        return pointer.toString();
    }

    /** What came out of the middle of a document, as a failure at its place that says what to do. */
    UnhashableException failure(Throwable thrown) {
        if (thrown instanceof UnhashableException known) {
            return known.pointer().isEmpty() && depth > 0 ? refused(known.reason(), known.getCause()) : known;
        }
        if (thrown instanceof StackOverflowError) {
            return refused(
                    "nested too deeply for the stack of this thread; flatten it, or mark the parameter @Unhashed",
                    null);
        }
        if (thrown instanceof ConcurrentModificationException) {
            return refused(
                    "it was changed while it was hashed; hand over a copy that no other thread changes, or mark the"
                            + " parameter @Unhashed",
                    thrown);
        }
        // The failure's own message stays out: it may quote the payload.
        return refused(
                "reading it threw " + thrown.getClass().getName()
                        + "; mend it, exclude the field, or mark the parameter @Unhashed",
                thrown);
    }

    private UnhashableException tooDeep() {
        return refused(
                "nested more than " + maxDepth + " levels deep; flatten it, or mark the parameter @Unhashed", null);
    }

    private UnhashableException tooBig() {
        return refused(
                "larger than " + maxBytes + " bytes of canonical JSON; mark the parameter @Unhashed and give it a key",
                null);
    }

    // Output

    private void ensure(int more) {
        if (size + more <= buffer.length && (size < FLUSH_AT || keep || unsorted > 0)) {
            return;
        }
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
}
