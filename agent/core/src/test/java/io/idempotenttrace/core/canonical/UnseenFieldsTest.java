package io.idempotenttrace.core.canonical;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.idempotenttrace.config.Configuration;
import io.idempotenttrace.config.Setting;
import io.idempotenttrace.core.open.PayloadHashers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Date;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** An object is hashed only where its properties show all of its state. */
class UnseenFieldsTest {

    private static final PayloadHasher PYTHON = new PayloadHasher(CanonicalForm.PYTHON);

    private static String python(Object value, String... exclude) {
        return new String(PYTHON.canonical(value, Exclusions.parse(exclude)), StandardCharsets.US_ASCII);
    }

    private static String python(Object value, UnseenFieldPolicy policy) {
        Configuration configuration = Configuration.defaults()
                .with(Setting.UNSEEN_FIELDS, policy.name().toLowerCase(java.util.Locale.ROOT));
        return new String(
                PYTHON.with(PayloadHashers.unseenFields(configuration, "")).canonical(value, Exclusions.NONE),
                StandardCharsets.US_ASCII);
    }

    private static UnhashableException refused(Object value) {
        return assertThrows(UnhashableException.class, () -> PYTHON.hash(value, Exclusions.NONE));
    }

    // What is not seen

    /** One getter, the rest by accessors of another style. */
    public static final class Fluent {

        private final String service;
        private final String name;

        Fluent(String service, String name) {
            this.service = service;
            this.name = name;
        }

        public String getService() {
            return service;
        }

        public String name() {
            return name;
        }
    }

    public static class PackagePrivate {

        private final int id;
        private final int value;

        PackagePrivate(int id, int value) {
            this.id = id;
            this.value = value;
        }

        public int getId() {
            return id;
        }

        int getValue() {
            return value;
        }
    }

    /** A flag that has a field's name, and tells what kind of object it is. */
    public static final class Kind {

        private final String string;

        Kind(String string) {
            this.string = string;
        }

        public boolean isString() {
            return true;
        }
    }

    public static final class Blob {

        private final byte[] bytes;

        Blob(byte[] bytes) {
            this.bytes = bytes;
        }

        public int getLength() {
            return bytes.length;
        }
    }

    /** A getter of the field's name and type that shows a part of it. */
    public static final class Masked {

        private final String card;

        Masked(String card) {
            this.card = card;
        }

        public String getCard() {
            return "****" + card.substring(2);
        }
    }

    public static final class MaskedByHelper {

        private final String card;

        MaskedByHelper(String card) {
            this.card = card;
        }

        public String getCard() {
            return mask(card);
        }

        private static String mask(String text) {
            return text.substring(2);
        }
    }

    /** A getter that returns another field than the one of its name. */
    public static final class Swapped {

        private final String name;
        private final String title;

        Swapped(String name, String title) {
            this.name = name;
            this.title = title;
        }

        public String getName() {
            return title;
        }
    }

    public static class Base {

        private final int hidden;

        Base(int hidden) {
            this.hidden = hidden;
        }

        int hidden() {
            return hidden;
        }
    }

    public static final class Derived extends Base {

        private final int shown = Integer.parseInt("1");

        Derived(int hidden) {
            super(hidden);
        }

        public int getShown() {
            return shown;
        }
    }

    /** A superclass's field that one of the same name hides. */
    public static class Hidden {

        protected final String name;

        Hidden(String name) {
            this.name = name;
        }
    }

    public static final class Hiding extends Hidden {

        private final String name;

        Hiding(String hidden, String name) {
            super(hidden);
            this.name = name;
        }

        public String getName() {
            return name;
        }
    }

    /** Written by nobody's constructor, and no cache: fluent setters are how such objects are filled. */
    public static final class Filled {

        private String service = "s";
        private int count;

        public String getService() {
            return service;
        }

        Filled count(int value) {
            count = value;
            return this;
        }
    }

    /** A number that hashCode returns, and that is what the object is. */
    public static final class Opaque {

        private final int id;

        Opaque(int id) {
            this.id = id;
        }

        public String getKind() {
            return "opaque";
        }

        @Override
        public int hashCode() {
            return id;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Opaque opaque && opaque.id == id;
        }
    }

    /** Hash codes that constructors compute of what no other field holds: equals tells two such objects apart. */
    static final class Fingerprints {

        private Fingerprints() {}

        /** What all of them share but the constructor. */
        abstract static class Named {

            private final String name;

            Named(String name) {
                this.name = name;
            }

            public String getName() {
                return name;
            }
        }

        static final class OfArgument extends Named {
            private final int contentHash;

            OfArgument(String name, byte[] content) {
                super(name);
                contentHash = Arrays.hashCode(content);
            }

            @Override
            public boolean equals(Object other) {
                return other instanceof OfArgument same && same.contentHash == contentHash;
            }

            @Override
            public int hashCode() {
                return contentHash;
            }
        }

        static final class InALoop extends Named {
            private final int contentHash;

            InALoop(String name, byte[] content) {
                super(name);
                int hash = 1;
                for (byte each : content) {
                    hash = 31 * hash + each;
                }
                contentHash = hash + name.length();
            }

            @Override
            public boolean equals(Object other) {
                return other instanceof InALoop same && same.contentHash == contentHash;
            }

            @Override
            public int hashCode() {
                return contentHash;
            }
        }

        static final class ByBranch extends Named {
            private final int contentHash;

            ByBranch(String name, boolean content) {
                super(name);
                contentHash = content ? 1 : 2;
            }

            @Override
            public boolean equals(Object other) {
                return other instanceof ByBranch same && same.contentHash == contentHash;
            }

            @Override
            public int hashCode() {
                return contentHash;
            }
        }

        static final class OfTransient extends Named {
            private final transient byte[] content;
            private final int contentHash;

            OfTransient(String name, byte[] content) {
                super(name);
                this.content = content;
                contentHash = Arrays.hashCode(this.content);
            }

            @Override
            public boolean equals(Object other) {
                return other instanceof OfTransient same && same.contentHash == contentHash;
            }

            @Override
            public int hashCode() {
                return contentHash;
            }
        }

        static final class Given extends Named {
            private final int hash;

            Given(String name, int hash) {
                super(name);
                this.hash = hash;
            }

            @Override
            public boolean equals(Object other) {
                return other instanceof Given same && same.hash == hash;
            }

            @Override
            public int hashCode() {
                return hash;
            }
        }

        static final class OfClock extends Named {
            private final int hash;

            OfClock(String name) {
                super(name);
                this.hash = (int) System.nanoTime();
            }

            @Override
            public boolean equals(Object other) {
                return other instanceof OfClock same && same.hash == hash;
            }

            @Override
            public int hashCode() {
                return hash;
            }
        }
    }

    /** Hash codes that constructors compute of what other fields hold. */
    static final class Precomputed extends Fingerprints.Named {

        private final String lower;
        private final byte[] content;
        private final List<String> tags;
        private final Long weight;
        private final int hashOfAll;
        private final int hashOfName;
        private final int hashInALoop;
        private final int hashByMethod;
        private final int hashOfLower;
        private final int hashOfWeight;
        private final int constantHash;

        Precomputed(String name, byte[] content, List<String> tags, String text, Long weight) {
            super(Objects.requireNonNull(name, "name"));
            if (content.length == 0) {
                throw new IllegalArgumentException("empty");
            }
            this.content = Arrays.copyOf(content, content.length);
            this.tags = new ArrayList<>(tags);
            this.weight = weight;
            String made = text.toLowerCase(java.util.Locale.ROOT);
            hashOfLower = made.hashCode();
            lower = made;
            hashOfAll = Objects.hash(name, tags, weight) ^ Arrays.hashCode(content);
            hashOfName = 31 * (name != null ? name.hashCode() : 0) + 17;
            int hash = 7;
            for (int i = 0; i < content.length; i++) {
                hash = hash * 31 + content[i];
            }
            hashInALoop = hash;
            hashByMethod = hashOfFields();
            hashOfWeight = (int) (weight ^ weight >>> 32);
            constantHash = 5;
        }

        Precomputed(Precomputed other) {
            super(other.getName());
            content = other.content;
            tags = other.tags;
            weight = other.weight;
            lower = other.lower;
            hashOfAll = other.hashOfAll;
            hashOfName = other.hashOfName;
            hashInALoop = other.hashInALoop;
            hashByMethod = other.hashByMethod;
            hashOfLower = other.lower.hashCode();
            hashOfWeight = other.hashOfWeight;
            constantHash = 5;
        }

        private int hashOfFields() {
            return lower.hashCode();
        }

        public byte[] getContent() {
            return content.clone();
        }

        public List<String> getTags() {
            return tags;
        }

        public Long getWeight() {
            return weight;
        }

        public String getLower() {
            return lower;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Precomputed same && same.hashOfAll == hashOfAll;
        }

        @Override
        public int hashCode() {
            return hashOfAll + hashOfName + hashInALoop + hashByMethod + hashOfLower + hashOfWeight + constantHash;
        }
    }

    @Test
    void aHashCodeOfWhatNoOtherFieldHoldsIsState() {
        for (Object each : List.of(
                new Fingerprints.OfArgument("n", new byte[] {1}),
                new Fingerprints.InALoop("n", new byte[] {1}),
                new Fingerprints.ByBranch("n", true),
                new Fingerprints.OfTransient("n", new byte[] {1}),
                new Fingerprints.Given("n", 1),
                new Fingerprints.OfClock("n"))) {
            String refusal = refused(each).getMessage();
            assertTrue(refusal.contains("ash' (" + each.getClass().getName()), refusal);
        }
    }

    @Test
    void aHashCodeOfWhatOtherFieldsHoldIsNoState() {
        Precomputed first = new Precomputed("n", new byte[] {1}, List.of("t"), "A", 3L);
        String json = "{\"content\":\"AQ==\",\"lower\":\"a\",\"name\":\"n\",\"tags\":[\"t\"],\"weight\":3}";
        assertEquals(json, python(first));
        assertEquals(json, python(new Precomputed(first)));
    }

    public static final class Supplied {

        private final Supplier<String> supplier;

        Supplied(Supplier<String> supplier) {
            this.supplier = supplier;
        }

        public String getKind() {
            return "supplied";
        }
    }

    /** Iterates over one of its two fields. */
    public static final class Batch implements Iterable<String> {

        private final List<String> spans;
        private final String tenant;

        Batch(List<String> spans, String tenant) {
            this.spans = spans;
            this.tenant = tenant;
        }

        public int getCount() {
            return spans.size();
        }

        @Override
        public Iterator<String> iterator() {
            return spans.iterator();
        }
    }

    private static Object capturing(String captured) {
        return new Object() {
            public int getLength() {
                return captured.length();
            }
        };
    }

    /** An inner object that tells of the one around it. */
    private final class Inner {

        private final int id = Integer.parseInt("1");

        public int getId() {
            return id;
        }

        @Override
        public String toString() {
            return UnseenFieldsTest.this.toString();
        }
    }

    static Stream<Arguments> unseen() {
        return Stream.of(
                Arguments.of(new Fluent("svc", "login"), "Fluent.name"),
                Arguments.of(new PackagePrivate(1, 2), "PackagePrivate.value"),
                Arguments.of(new Kind("a"), "Kind.string"),
                Arguments.of(new Blob(new byte[] {1}), "Blob.bytes"),
                Arguments.of(new Masked("1234"), "Masked.card"),
                Arguments.of(new MaskedByHelper("1234"), "MaskedByHelper.card"),
                Arguments.of(new Swapped("n", "t"), "Swapped.name"),
                Arguments.of(new Derived(1), "Base.hidden"),
                Arguments.of(new Hiding("h", "n"), "Hidden.name"),
                Arguments.of(new Filled().count(1), "Filled.count"),
                Arguments.of(new Opaque(1), "Opaque.id"),
                Arguments.of(new Supplied(() -> "x"), "Supplied.supplier"),
                Arguments.of(new Batch(List.of("a"), "t"), "Batch.tenant"),
                Arguments.of(capturing("c"), "val$captured"),
                Arguments.of(new UnseenFieldsTest().new Inner(), "this$0"));
    }

    @ParameterizedTest
    @MethodSource("unseen")
    void anObjectOfWhichAPartIsSeenIsRefusedByItsUnseenField(Object value, String field) {
        UnhashableException refusal = refused(Map.of("spans", List.of(value)));
        assertEquals("/spans/0", refusal.pointer());
        for (String said : List.of(
                value.getClass().getName() + " shows",
                field + ")",
                "setting 'mapping'",
                "@JsonProperty",
                "exclude",
                "@IdempotencyKey",
                "type." + value.getClass().getName() + ".unseen-fields=hash")) {
            assertTrue(refusal.getMessage().contains(said), refusal.getMessage());
        }
        assertEquals(1, refusal.getMessage().lines().count());
        refusal = assertThrows(
                UnhashableException.class, () -> Pointer.parse("/spans/0").textAt(Map.of("spans", List.of(value))));
        assertTrue(refusal.getMessage().contains(field), refusal.getMessage());
    }

    @Test
    void aPartOfAKeyMayStillBeTakenFromWhatIsShown() {
        assertEquals("svc", Pointer.parse("/service").textAt(new Fluent("svc", "login")));
    }

    @Test
    void aMessageNamesWhatIsShownAndWhatIsNot() {
        String message = refused(new Fluent("svc", "login")).getMessage();
        assertTrue(
                message.contains("Fluent shows only 'service' of its state: field 'name' (" + Fluent.class.getName()
                        + ".name) is held by no getter, so two"),
                message);
        message = refused(new Blob(new byte[] {1})).getMessage();
        assertTrue(message.contains(" of its state: field '"), message);
        message = refused(new Object() {
                    public final int a = Integer.parseInt("1");
                    public final int b = a;
                    public final int c = b;
                    public final int d = c;
                    public final int e = d;
                    public final int f = e;
                    private final int[] x = new int[a];
                    int y = x.length;
                })
                .getMessage();
        assertTrue(
                message.contains(" shows only 'a', 'b', 'c', 'd', 'e', ... of its state: field 'x' (")
                        && message.contains("), field 'y' (")
                        && message.contains(") are held by no getter"),
                message);
    }

    @Test
    void aMessageNamesFiveFieldsAndCountsTheRest() {
        UnhashableException refusal = refused(new Object() {
            public final int shown = Integer.parseInt("1");
            private final int[] all = new int[7];
            int a = all.length;
            int b = a;
            int c = b;
            int d = c;
            int e = d;
            int f = e;
        });
        assertTrue(refusal.getMessage().contains("and 2 more are held by no getter"), refusal.getMessage());
    }

    // What is seen

    /** Getters of every simple kind. */
    public static class Shown {

        private static final Logger LOG = Logger.getLogger("x");

        private final List<String> tags;
        private final long created;
        private final byte[] content;
        private final AtomicLong counter = new AtomicLong(7);
        private final String optional;
        private final Integer boxed;
        private final boolean enabled;
        private final String mName;
        private final int month;
        private Map<String, String> lazilyMade;
        private final String urn;
        private final Object lock = new Object();
        private final Lock reading = new ReentrantLock();
        private final Logger logger = LOG;
        private final String kind = "constant";
        private transient int used;
        private int hash;
        private boolean hashIsZero;
        private String text;
        private final int hashCode;
        // A loader of scripts shows no class file, so that only the names tell what Groovy has written.
        private int $hash$code;
        private String $to$string;

        Shown(List<String> tags, long created, byte[] content, String name) {
            this.tags = tags;
            this.created = created;
            this.content = content;
            this.optional = name;
            this.boxed = (int) created;
            this.enabled = created > 0;
            this.mName = name;
            this.month = (int) created;
            this.urn = name;
            this.hashCode = Objects.hash(tags, created);
            this.$hash$code = tags.size() + 31;
            this.$to$string = name + tags.size();
        }

        public List<String> getTags() {
            return Collections.unmodifiableList(tags);
        }

        public Date getCreatedAt() {
            return new Date(created);
        }

        public byte[] getBytes() {
            synchronized (lock) {
                return content.clone();
            }
        }

        public long getCounter() {
            return counter.get();
        }

        public Optional<String> getOptional() {
            return Optional.ofNullable(optional);
        }

        public int getBoxed() {
            return boxed;
        }

        public boolean isDisabled() {
            return !isEnabled();
        }

        public boolean isEnabled() {
            return this.enabled;
        }

        public String getName() {
            return mName == null ? "" : mName;
        }

        public int getMonth() {
            return month - 1;
        }

        public Map<String, String> getMore() {
            if (lazilyMade == null) {
                lazilyMade = new java.util.HashMap<>();
            }
            return lazilyMade;
        }

        public String getUrn() {
            return "urn:" + urn;
        }

        @Override
        public int hashCode() {
            int known = hash;
            if (known == 0 && !hashIsZero) {
                known = tags.hashCode() + hashCode;
                hashIsZero = known == 0;
                hash = known;
            }
            return known;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Shown shown && shown.hashCode == hashCode && shown.tags.equals(tags);
        }

        @Override
        public String toString() {
            if (text == null) {
                text = "Shown" + tags;
            }
            used++;
            return text + logger + reading + kind + used;
        }
    }

    @Test
    void whatAGetterReturnsInAnotherFormIsSeen() {
        String json =
                "{\"boxed\":5,\"bytes\":\"AQ==\",\"counter\":7,\"createdAt\":\"1970-01-01T00:00:00.005Z\",\"disabled\":false,"
                        + "\"enabled\":true,\"month\":4,\"more\":{},\"name\":\"n\",\"optional\":\"n\",\"tags\":[\"a\"],\"urn\":\"urn:n\"}";
        Shown shown = new Shown(List.of("a"), 5, new byte[] {1}, "n");
        assertEquals(json, python(shown));
        shown.toString();
        shown.hashCode();
        assertEquals(json, python(shown, UnseenFieldPolicy.HASH));
    }

    /** Left out by whoever wrote it. */
    @JsonIgnoreProperties("secret")
    public static final class LeftOut {

        @JsonIgnore
        private final String ignored;

        private final String pwd;
        private final String secret;

        @JsonProperty
        private final String kept;

        LeftOut(String ignored, String pwd, String secret, String kept) {
            this.ignored = ignored;
            this.pwd = pwd;
            this.secret = secret;
            this.kept = kept;
        }

        @JsonIgnore
        public String getPassword() {
            return pwd;
        }

        @JsonIgnore
        public String getIgnored() {
            return ignored;
        }
    }

    @Test
    void whatAnnotationsLeaveOutIsNoUnseenField() {
        assertEquals("{\"kept\":\"k\"}", python(new LeftOut("i", "p", "s", "k")));
    }

    /** Reads its elements through an inner class, and shows its other field. */
    public static final class Chain implements Iterable<String> {

        private final String[] links;
        private final String name;

        Chain(String name, String... links) {
            this.name = name;
            this.links = links;
        }

        public String getName() {
            return name;
        }

        @Override
        public Iterator<String> iterator() {
            return new Iterator<>() {
                private int next;

                @Override
                public boolean hasNext() {
                    return next < links.length;
                }

                @Override
                public String next() {
                    return links[next++];
                }
            };
        }
    }

    @Test
    void whatAnIteratorReadsIsSeen() {
        assertEquals("{\"elements\":[\"a\"],\"name\":\"n\"}", python(new Chain("n", "a")));
    }

    // Policies

    @Test
    void unseenFieldsArePartOfThePayloadWhereTheUserSaysSo() {
        assertEquals(
                "{\"name\":\"login\",\"service\":\"svc\"}", python(new Fluent("svc", "login"), UnseenFieldPolicy.HASH));
        assertEquals("{\"service\":\"svc\"}", python(new Fluent("svc", "login"), UnseenFieldPolicy.IGNORE));
        assertEquals("{\"bytes\":\"AQ==\",\"length\":1}", python(new Blob(new byte[] {1}), UnseenFieldPolicy.HASH));
        assertEquals("{\"hidden\":1,\"shown\":1}", python(new Derived(1), UnseenFieldPolicy.HASH));
        assertEquals(
                "{\"" + Hidden.class.getName() + ".name\":\"h\",\"name\":\"n\"}",
                python(new Hiding("h", "n"), UnseenFieldPolicy.HASH));
        assertEquals(
                "{\"elements\":[\"a\"],\"tenant\":\"t\"}",
                python(new Batch(List.of("a"), "t"), UnseenFieldPolicy.HASH));
        assertEquals("{\"length\":1,\"val$captured\":\"c\"}", python(capturing("c"), UnseenFieldPolicy.HASH));
    }

    /** Of which nothing is shown, or flags alone. */
    static final class Closed {

        private final List<Integer> content;

        Closed(List<Integer> content) {
            this.content = content;
        }

        public boolean isEmpty() {
            return content.isEmpty();
        }
    }

    @Test
    void anObjectThatShowsOnlyFlagsHasItsFieldsAtMost() {
        assertTrue(refused(new Closed(List.of(1))).getMessage().contains("Closed.content"));
        assertEquals("{\"content\":[1],\"empty\":false}", python(new Closed(List.of(1)), UnseenFieldPolicy.HASH));
        UnhashableException refusal =
                assertThrows(UnhashableException.class, () -> python(new Closed(List.of(1)), UnseenFieldPolicy.IGNORE));
        assertTrue(refusal.getMessage().contains("shows only flags"), refusal.getMessage());
    }

    @Test
    void anUnseenFieldThatIsExcludedIsNoReasonToRefuse() {
        assertEquals("{\"service\":\"svc\"}", python(new Fluent("svc", "login"), "/name"));
        assertEquals("[{\"service\":\"svc\"}]", python(List.of(new Fluent("svc", "login")), "/*/name"));
        assertThrows(UnhashableException.class, () -> python(new Fluent("svc", "login"), "/other"));
    }

    @Test
    void anUnseenFieldThatHasNoPayloadIsRefusedByItsOwnPlace() {
        UnhashableException refusal =
                assertThrows(UnhashableException.class, () -> python(new Supplied(() -> "x"), UnseenFieldPolicy.HASH));
        assertEquals("/supplier", refusal.pointer());
    }

    @Test
    void theDefaultOfALibraryIsTheDefaultOfTheSetting() {
        assertEquals(
                PayloadHashers.unseenFields(Configuration.defaults(), /* scope= */ "")
                        .of(Blob.class),
                UnseenFieldPolicies.DEFAULT.of(Blob.class));
    }

    @Test
    void theNearestPolicyCounts() throws Exception {
        String pkg = UnseenFieldsTest.class.getPackageName();
        String argument = "unseen-fields=refuse,scope.s.unseen-fields=ignore,type." + pkg + ".unseen-fields=hash,type."
                + Blob.class.getName() + ".unseen-fields=refuse,type.java.unseen-fields=refuse";
        Configuration configuration =
                Configuration.fromMap(Configuration.load(argument).toMap());
        UnseenFieldPolicies inScope = PayloadHashers.unseenFields(configuration, "s");
        UnseenFieldPolicies elsewhere = PayloadHashers.unseenFields(configuration, "other");
        assertEquals(UnseenFieldPolicy.REFUSE, inScope.of(Blob.class));
        assertEquals(UnseenFieldPolicy.HASH, inScope.of(Fluent.class));
        assertEquals(UnseenFieldPolicy.IGNORE, inScope.of(Test.class));
        assertEquals(UnseenFieldPolicy.REFUSE, inScope.of(String.class));
        assertEquals(UnseenFieldPolicy.REFUSE, elsewhere.of(Test.class));
        PayloadHasher hasher = PYTHON.with(inScope);
        assertNotEquals(
                hasher.hash(new Fluent("svc", "login"), Exclusions.NONE),
                hasher.hash(new Fluent("svc", "logout"), Exclusions.NONE));
        assertThrows(UnhashableException.class, () -> hasher.hash(new Blob(new byte[] {1}), Exclusions.NONE));
        // The two hashers share their writers, but not their policies.
        assertFalse(refused(new Fluent("svc", "login")).getMessage().isEmpty());
    }

    // Getters that throw

    /** One getter of a field, one that computes something of it and fails, one that fails with the field. */
    public static final class Failing {

        private final String name;
        private final String body;

        Failing(String name, String body) {
            this.name = name;
            this.body = body;
        }

        public String getName() {
            return name;
        }

        public int getLength() {
            throw new UnsupportedOperationException("secret payload");
        }

        public String getContent() {
            if (body == null) {
                throw new IllegalStateException("secret payload");
            }
            return body;
        }
    }

    @Test
    void aGetterThatThrowsIsLeftOutOnlyIfItShowsNoField() {
        assertEquals("{\"content\":\"b\",\"name\":\"n\"}", python(new Failing("n", "b")));
        UnhashableException refusal = refused(new Failing("n", null));
        assertEquals("/content", refusal.pointer());
        assertFalse(refusal.getMessage().contains("secret"), refusal.getMessage());
    }

    @Test
    void aFieldOfAClosedModuleIsRefusedByTheModuleToOpen() {
        UnhashableException refusal =
                assertThrows(UnhashableException.class, () -> python(new OfPlatform("n"), UnseenFieldPolicy.HASH));
        assertTrue(refusal.getMessage().contains("does not open package java."), refusal.getMessage());
    }

    /** Below a class of the JDK that has a state of its own. */
    public static final class OfPlatform extends java.util.StringTokenizer {

        private final String name;

        OfPlatform(String name) {
            super("a b");
            this.name = name;
        }

        public String getName() {
            return name;
        }
    }
}
