package io.idempotenttrace.core.canonical;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.ConcurrentModificationException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes one document as canonical JSON, straight into the digest: no text, no tree. Members of objects are written in order
 * because their names are sorted before; of a map's entries only references are sorted. Used again for the next document; not
 * safe for use by several threads.
 *
 * <p>This class decides what a value is written as, and what of it is left out. Where it is in the document, {@link DocumentPlace} knows;
 * {@link MemberRanges} puts members in order, and {@link JsonOutput} holds the bytes.
 */
final class CanonicalWriter implements BiConsumer<Object, Object> {

    /** Before the name of an id of a type where a member has that name already. */
    static final String TYPE_BESIDE = "$";

    final CanonicalForm form;
    private final HashForm hashForm;
    private final HashForm hashFormWithoutNulls;
    private final int maxDepth;
    private final long maxBytes;
    private final MemberDigester memberDigests;
    private final DocumentPlace place;
    private final JsonOutput out;
    private final FormNumbers numbers;
    private final MemberRanges ranges;

    /** Of the document being written. */
    private UnseenFieldPolicies unseenFields = UnseenFieldPolicies.DEFAULT;

    private boolean digestMembers;
    /** Above 0 while a tree of a JSON library is written, of which each decimal is a number in JSON. */
    private int trees;

    /** What is left out of the document being written. */
    private Exclusions exclusions = Exclusions.NONE;
    /** What is left out of the current value; null for nothing. */
    private Exclusions.@Nullable Level level;
    /** Whether a member was left out because it is null. */
    private boolean droppedNull;
    /** Whether an included place was written. */
    private boolean metIncluded;
    /** The member that is the type of the object which is begun next, and its value; null where it has none. */
    private @Nullable String typeName;

    private @Nullable String typeId;
    /** Where the members end that the class of the object declares; what follows are entries of a map, whose names may be any. */
    private int declaredTo;
    /** Whether the map whose members were added last has such keys. */
    private boolean otherKeysThanText;

    /** @param secret the one that {@code hashForm} names; null where it names none */
    CanonicalWriter(HashForm hashForm, int maxDepth, long maxBytes, @Nullable HashSecret secret) {
        this.hashForm = hashForm;
        this.hashFormWithoutNulls = hashForm.ofNullMembers(true);
        this.form = hashForm.canonical();
        this.maxDepth = maxDepth;
        this.maxBytes = maxBytes;
        memberDigests = MemberDigester.of(secret);
        place = new DocumentPlace(maxDepth);
        out = new JsonOutput(form, maxBytes, secret, memberDigests, place);
        numbers = new FormNumbers(form, place);
        ranges = new MemberRanges(form.isPython() ? KeyOrder.CODE_POINTS : KeyOrder.UTF_16_UNITS);
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
        trees = 0;
        typeName = null;
        typeId = null;
        out.start(keep);
        memberDigests.reset();
    }

    /** After a document was written: gives up room that only a large one needed, and the references to its names. */
    void rest() {
        out.rest();
        ranges.rest();
    }

    PayloadDigest finishDigest() {
        refuseUnmatched();
        String hash = out.finishHash();
        HashForm made = droppedNull ? hashFormWithoutNulls : hashForm;
        return digestMembers ? memberDigests.digest(made, hash) : new PayloadDigest(made, hash, "");
    }

    /** After {@link #finishDigest}: the names of the members that were digested, in their order. */
    List<String> digestedNames() {
        return memberDigests.names();
    }

    byte[] finishBytes() {
        refuseUnmatched();
        return out.finishText();
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
            left = writer.out.finishText();
        } catch (UnhashableException e) {
            throw new UnhashableException(place.pointer() + "|json" + e.pointer(), e.reason(), e.getCause());
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

    /** One value without these members of it. */
    void without(Set<String> members, Runnable writesValue) {
        Exclusions.Level here = level;
        level = members.isEmpty() ? here : Exclusions.without(here, members);
        writesValue.run();
        level = here;
    }

    /** What a holder holds, in its place. */
    void held(Object holder, @Nullable Object content) {
        place.enterHolder(holder);
        value(content);
        place.leaveHolder();
    }

    /**
     * What the object around it is, without its own members: no cycle, though the mapping writes the object that is being written.
     *
     * @param standsFor what is around the value meanwhile, in the object's place
     */
    void content(Object standsFor, ValueMapping mapping, Object value) {
        boolean inside = place.isDirectlyIn(value);
        if (inside) {
            place.replaceInnermost(standsFor);
        }
        mapping.write(this, value);
        if (inside) {
            place.replaceInnermost(value);
        }
    }

    void string(String text) {
        out.string(text);
    }

    void ascii(String text) {
        out.ascii(text);
    }

    void integer(long value) {
        if (numbers.isWrittenAsItself(value)) {
            out.digits(value);
        } else {
            out.ascii(numbers.integer(value));
        }
    }

    void integer(BigInteger value) {
        out.ascii(numbers.integer(value));
    }

    void decimal(BigDecimal value) {
        if (trees > 0) {
            value(JsonNumber.of(value));
        } else if (form == CanonicalForm.PYTHON_STR) {
            out.string(numbers.pythonDecimal(value));
        } else {
            out.ascii(numbers.decimal(value));
        }
    }

    void number(double value) {
        out.ascii(numbers.number(value));
    }

    void number(float value) {
        out.ascii(numbers.number(value));
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
            BytesText.python(bytes, out);
        } else {
            base64(bytes);
        }
    }

    /** Bytes as base64 whatever the form, in quotes. */
    void base64(ByteBuffer bytes) {
        BytesText.base64(bytes, out);
    }

    // Objects

    /** An object with these members, in any order. */
    void members(String[] memberNames, Object[] memberValues) {
        int from = beginMembers(memberValues);
        for (int i = 0; i < memberNames.length; i++) {
            addMember(memberNames[i], memberValues[i]);
        }
        endDeclared();
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
        if (otherKeysThanText
                && typeName == null
                && form.isPython()
                && NumericKeys.areAll(map, exclusions.dropsNullMembers())) {
            ranges.remove(from);
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
        declaredTo = ranges.begin();
        return declaredTo;
    }

    void addMember(String name, @Nullable Object value) {
        ranges.add(name, value);
    }

    /** The members that were added since {@link #beginMembers} are declared by the class of the object: each of its objects has them. */
    void endDeclared() {
        declaredTo = ranges.begin();
    }

    /** Writes the members that were added since {@link #beginMembers}, in order. */
    void endMembers(int from) {
        String nameOfType = typeName;
        String id = typeId;
        if (nameOfType != null && id != null) {
            typeName = null;
            typeId = null;
            addTypeId(from, nameOfType, id);
        }
        int to = ranges.sort(from);
        boolean first = true;
        String before = null;
        for (int i = from; i < to; i++) {
            MemberName name = ranges.name(i);
            refuseSame(before, name.text);
            first = member(name.text, name.written, ranges.value(i), first);
            before = name.text;
        }
        ranges.remove(from);
        end('}');
    }

    /** The object that is begun next has this id of its type, unless it has one already. */
    void beginTyped(String name, String id) {
        if (typeName == null) {
            typeName = name;
            typeId = id;
        }
    }

    /** Whether the object that is begun next has an id of its type. */
    boolean isTyped() {
        return typeName != null;
    }

    /** Whether that member is the id of the type of the object whose members are being added. */
    boolean isTypedBy(String name) {
        return name.equals(typeName);
    }

    /**
     * Adds the id of a type to the members that were added since {@link #beginMembers}. A getter of that name tells the same mostly, and
     * Jackson writes the name twice; where it tells something else, neither may be lost, and the id has another name. An entry of a map
     * never tells the type, even if it has the same name and text: another object may lack the entry.
     */
    void addTypeId(int from, String name, Object id) {
        int known = ranges.find(from, name);
        Object told = known < 0 ? null : ranges.value(known);
        boolean isTold = told != null
                && id.equals(ValueMapping.of(told).textOrBytes(told))
                && ranges.longest(declaredTo, TYPE_BESIDE, name) == null;
        if (!isTold) {
            String longest = ranges.longest(from, TYPE_BESIDE, name);
            addMember(longest == null ? name : TYPE_BESIDE + longest, id);
        }
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
        place.atMember(name);
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
            out.ascii(',');
        }
        if (digestMembers && place.isOnFirstLevel()) {
            out.beginDigest(name);
        }
        if (written != null) {
            out.raw(written);
        } else {
            out.string(name);
            out.ascii(':');
        }
        value(value);
    }

    private void endDigest() {
        if (digestMembers && place.isOnFirstLevel()) {
            out.endDigest();
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
        long start = out.beginUnlessNull(name);
        nameAndValue(name, written, value, first);
        if (!out.takeBackIfNull(name, start)) {
            endDigest();
            return true;
        }
        droppedNull = true;
        if (digestMembers && place.isOnFirstLevel()) {
            memberDigests.withdraw();
        }
        return false;
    }

    /** Names the member that is read next, so that a getter's failure names it. */
    void reading(String name) {
        place.atMember(name);
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
        long before = out.beginSet();
        byte[][] written = new byte[Math.max(set.size(), 4)][];
        int count = 0;
        for (Object element : set) {
            int start = out.size();
            if (!element(DocumentPlace.ANY_ELEMENT, element, /* first= */ true)) {
                written = count == written.length ? Arrays.copyOf(written, count * 2) : written;
                written[count++] = out.takeOut(start);
            }
        }
        out.endSet(written, count, before);
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
            Exclusions.Level below = here.below(index == DocumentPlace.ANY_ELEMENT ? null : Integer.toString(index));
            if (Exclusions.Level.isLeftOut(below)) {
                if (below == Exclusions.Level.NOT_INCLUDED) {
                    place.addUnwritten();
                }
                return first;
            }
            if (index != DocumentPlace.ANY_ELEMENT) {
                isFirst = positionsOfUnwritten(first);
            }
            level = below;
        }
        place.atElement(index);
        if (!isFirst) {
            out.ascii(',');
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
        while (place.takeUnwritten()) {
            out.ascii(isFirst ? "null" : ",null");
            isFirst = false;
        }
        return isFirst;
    }

    void endArray() {
        end(']');
    }

    private void begin(Object container, char bracket) {
        place.enterContainer(container);
        out.ascii(bracket);
    }

    private void end(char bracket) {
        place.leaveContainer();
        out.ascii(bracket);
    }

    // What is left out

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

    // Failures

    /** The failure at the current place. */
    UnhashableException refused(String reason, @Nullable Throwable cause) {
        return place.refused(reason, cause);
    }

    /** What came out of the middle of a document, as a failure at its place that says what to do. */
    UnhashableException failure(Throwable thrown) {
        if (thrown instanceof UnhashableException known) {
            return known.pointer().isEmpty() && !place.isAtRoot() ? refused(known.reason(), known.getCause()) : known;
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
}
