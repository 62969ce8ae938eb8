package io.idempotenttrace.survey;

import java.awt.Color;
import java.awt.Dimension;
import java.awt.Insets;
import java.awt.Point;
import java.awt.Rectangle;
import java.awt.geom.AffineTransform;
import java.awt.geom.Point2D;
import java.io.File;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.net.HttpCookie;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PasswordAuthentication;
import java.net.Proxy;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.spec.X509EncodedKeySpec;
import java.sql.Timestamp;
import java.text.DecimalFormat;
import java.text.SimpleDateFormat;
import java.util.Base64;
import java.util.Currency;
import java.util.DoubleSummaryStatistics;
import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.StringJoiner;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Pattern;
import javax.management.Attribute;
import javax.management.AttributeList;
import javax.management.Notification;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeDataSupport;
import javax.management.openmbean.CompositeType;
import javax.management.openmbean.OpenType;
import javax.management.openmbean.SimpleType;
import javax.sql.rowset.serial.SerialBlob;
import javax.sql.rowset.serial.SerialClob;
import javax.xml.datatype.DatatypeFactory;
import javax.xml.namespace.QName;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

/** Values of the JDK. */
final class JdkValues {

    private JdkValues() {}

    static void add(Survey survey) {
        numbers(survey);
        text(survey);
        net(survey);
        holders(survey);
        xml(survey);
        sql(survey);
        nio(survey);
        desktop(survey);
        management(survey);
        security(survey);
    }

    private static void numbers(Survey survey) {
        Library library = survey.library("java.lang, java.math", "in every program");
        library.type("Integer", () -> 1000).same(() -> 1000L).part("value", () -> 1001);
        library.type("Long", () -> 9007199254740993L).part("value beyond a double", () -> 9007199254740992L);
        library.type("Double", () -> 1.5)
                .same(() -> 1.5f)
                .part("value", () -> 1.25)
                .part("last digit", () -> Math.nextUp(1.5))
                .part("NaN", () -> Double.NaN);
        library.type("Float", () -> 0.1f).part("value", () -> 0.2f).part("last digit", () -> Math.nextUp(0.1f));
        library.type("BigDecimal", () -> new BigDecimal("1.10"))
                .same(() -> new BigDecimal("1.1"))
                .part("value", () -> new BigDecimal("1.11"))
                .part("sign", () -> new BigDecimal("-1.10"))
                .part("digit far behind", () -> new BigDecimal("1.1000000000000000000000000001"));
        library.type("BigInteger", () -> BigInteger.TEN.pow(30))
                .part("value", () -> BigInteger.TEN.pow(30).add(BigInteger.ONE));
        library.type("Character", () -> 'a').part("value", () -> 'b');
        library.type("Boolean", () -> true).part("value", () -> false);
        library.type("Byte", () -> (byte) 1).part("value", () -> (byte) -1);
        library.type("Class", () -> String.class)
                .part("class", () -> Integer.class)
                .part("array", () -> String[].class);
        library.type("Enum", () -> RoundingMode.UP).part("constant", () -> RoundingMode.DOWN);
        library.type("MathContext", () -> new MathContext(3, RoundingMode.UP))
                .part("precision", () -> new MathContext(4, RoundingMode.UP))
                .part("rounding", () -> new MathContext(3, RoundingMode.DOWN));
        library.type("AtomicInteger", () -> new AtomicInteger(1)).part("value", () -> new AtomicInteger(2));
        library.type("AtomicLong", () -> new AtomicLong(1)).part("value", () -> new AtomicLong(2));
        library.type("LongAdder", () -> adder(1)).part("value", () -> adder(2));
        library.type("Throwable", () -> new IllegalStateException("a"))
                .part("message", () -> new IllegalStateException("b"))
                .part("class", () -> new IllegalArgumentException("a"))
                .part("cause", () -> new IllegalStateException("a", new java.io.IOException("c")));
        library.type("StackTraceElement", () -> new StackTraceElement("C", "m", "C.java", 1))
                .part("class", () -> new StackTraceElement("D", "m", "C.java", 1))
                .part("method", () -> new StackTraceElement("C", "n", "C.java", 1))
                .part("file", () -> new StackTraceElement("C", "m", "D.java", 1))
                .part("line", () -> new StackTraceElement("C", "m", "C.java", 2))
                .part("loader", () -> new StackTraceElement("app", null, null, "C", "m", "C.java", 1))
                .part("module", () -> new StackTraceElement(null, "mod", "1", "C", "m", "C.java", 1));
        library.type("Runtime.Version", () -> Runtime.Version.parse("17.0.1+2"))
                .part("update", () -> Runtime.Version.parse("17.0.2+2"))
                .part("build", () -> Runtime.Version.parse("17.0.1+3"));
        library.type("IntSummaryStatistics", () -> ints(1, 3))
                .same(() -> ints(3, 1))
                .part("extremes", () -> ints(2, 2))
                .part("count", () -> ints(1, 3, 2));
        library.type("LongSummaryStatistics", () -> longs(1, 3)).part("extremes", () -> longs(2, 2));
        library.type("DoubleSummaryStatistics", () -> doubles(1, 3)).part("extremes", () -> doubles(2, 2));
    }

    private static LongAdder adder(long value) {
        LongAdder adder = new LongAdder();
        adder.add(value);
        return adder;
    }

    private static IntSummaryStatistics ints(int... values) {
        return java.util.Arrays.stream(values).summaryStatistics();
    }

    private static LongSummaryStatistics longs(long... values) {
        return java.util.Arrays.stream(values).summaryStatistics();
    }

    private static DoubleSummaryStatistics doubles(double... values) {
        return java.util.Arrays.stream(values).summaryStatistics();
    }

    private static void text(Survey survey) {
        Library library = survey.library("java.lang, java.util: text", "in every program");
        library.type("String", () -> "a")
                .part("text", () -> "b")
                .part("empty", () -> "")
                .part("lone surrogate", () -> "\ud800")
                .part("other surrogate", () -> "\ud801")
                .part("zero", () -> "a\0");
        library.type("StringBuilder", () -> new StringBuilder("a"))
                .same(() -> "a")
                .part("text", () -> new StringBuilder("b"));
        library.type("StringBuffer", () -> new StringBuffer("a")).part("text", () -> new StringBuffer("b"));
        library.type("CharBuffer", () -> CharBuffer.wrap("abc")).part("text", () -> CharBuffer.wrap("abd"));
        library.type("StringJoiner", () -> new StringJoiner(",", "[", "]").add("a"))
                .part("element", () -> new StringJoiner(",", "[", "]").add("b"))
                .part("prefix", () -> new StringJoiner(",", "(", "]").add("a"))
                .part("suffix", () -> new StringJoiner(",", "[", ")").add("a"));
        library.type("UUID", () -> new UUID(1, 2))
                .part("high bits", () -> new UUID(3, 2))
                .part("low bits", () -> new UUID(1, 3));
        library.type("Locale", () -> new Locale("de", "AT"))
                .part("language", () -> new Locale("en", "AT"))
                .part("country", () -> new Locale("de", "DE"))
                .part("variant", () -> new Locale("de", "AT", "x"))
                .part("script", () -> Locale.forLanguageTag("de-Latn-AT"))
                .part("extension", () -> Locale.forLanguageTag("de-AT-u-ca-buddhist"));
        library.type("Currency", () -> Currency.getInstance("EUR")).part("code", () -> Currency.getInstance("USD"));
        library.type("Pattern", () -> Pattern.compile("a"))
                .part("text", () -> Pattern.compile("b"))
                .part("flags", () -> Pattern.compile("a", Pattern.CASE_INSENSITIVE));
        library.type("Base64.Decoder", Base64::getDecoder).part("alphabet", Base64::getUrlDecoder);
        library.type("SimpleDateFormat", () -> new SimpleDateFormat("yyyy", Locale.ROOT))
                .part("pattern", () -> new SimpleDateFormat("MM", Locale.ROOT));
        library.type("DecimalFormat", () -> new DecimalFormat("0.0")).part("pattern", () -> new DecimalFormat("0.00"));
        library.type("char[]", () -> "abc".toCharArray()).part("character", () -> "abd".toCharArray());
        library.type("Charset", () -> java.nio.charset.StandardCharsets.UTF_8)
                .part("name", () -> java.nio.charset.StandardCharsets.UTF_16);
    }

    private static void net(Survey survey) {
        Library library = survey.library("java.net, java.io", "addresses in every service");
        library.type("URI", () -> new URI("http://a/b?c#d"))
                .part("scheme", () -> new URI("https://a/b?c#d"))
                .part("path", () -> new URI("http://a/x?c#d"))
                .part("query", () -> new URI("http://a/b?x#d"))
                .part("fragment", () -> new URI("http://a/b?c#x"));
        library.type("URL", () -> new URL("http://a/b?c#d"))
                .part("host", () -> new URL("http://x/b?c#d"))
                .part("port", () -> new URL("http://a:81/b?c#d"))
                .part("fragment", () -> new URL("http://a/b?c#x"));
        library.type("InetAddress", () -> InetAddress.getByAddress(new byte[] {1, 2, 3, 4}))
                .part("address", () -> InetAddress.getByAddress(new byte[] {1, 2, 3, 5}));
        library.type("Inet6Address", () -> InetAddress.getByName("::1"))
                .part("address", () -> InetAddress.getByName("::2"));
        library.type("InetSocketAddress", () -> InetSocketAddress.createUnresolved("a", 80))
                .part("host", () -> InetSocketAddress.createUnresolved("b", 80))
                .part("port", () -> InetSocketAddress.createUnresolved("a", 81));
        library.type(
                        "InetSocketAddress, resolved",
                        () -> new InetSocketAddress(InetAddress.getByAddress(new byte[] {1, 2, 3, 4}), 80))
                .part("address", () -> new InetSocketAddress(InetAddress.getByAddress(new byte[] {1, 2, 3, 5}), 80))
                .part("port", () -> new InetSocketAddress(InetAddress.getByAddress(new byte[] {1, 2, 3, 4}), 81));
        library.type("HttpCookie", () -> new HttpCookie("a", "b"))
                .part("name", () -> new HttpCookie("c", "b"))
                .partBesideEquals("value", () -> new HttpCookie("a", "c"));
        library.type("HttpHeaders", () -> HttpHeaders.of(Map.of("a", List.of("b")), (n, v) -> true))
                .part("name", () -> HttpHeaders.of(Map.of("c", List.of("b")), (n, v) -> true))
                .part("value", () -> HttpHeaders.of(Map.of("a", List.of("c")), (n, v) -> true));
        library.type("HttpRequest", () -> request("http://a/b", "c"))
                .part("uri", () -> request("http://a/c", "c"))
                .part("header", () -> request("http://a/b", "d"));
        library.type("Proxy", () -> new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved("a", 1)))
                .part("type", () -> new Proxy(Proxy.Type.SOCKS, InetSocketAddress.createUnresolved("a", 1)))
                .part("address", () -> new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved("b", 1)));
        library.type("PasswordAuthentication", () -> new PasswordAuthentication("a", "b".toCharArray()))
                .part("user", () -> new PasswordAuthentication("c", "b".toCharArray()))
                .part("password", () -> new PasswordAuthentication("a", "c".toCharArray()));
        library.type("File", () -> new File("a"))
                .part("path", () -> new File("b"))
                .part("folder", () -> new File("x/a"));
        library.type("Path", () -> Path.of("a")).part("path", () -> Path.of("b"));
    }

    private static HttpRequest request(String uri, String header) {
        return HttpRequest.newBuilder(URI.create(uri)).header("h", header).GET().build();
    }

    private static void holders(Survey survey) {
        Library library = survey.library("java.util: holders", "in every program");
        library.type("Optional", () -> Optional.of("a"))
                .part("value", () -> Optional.of("b"))
                .part("nothing", Optional::empty);
        library.type("OptionalInt", () -> OptionalInt.of(1))
                .part("value", () -> OptionalInt.of(2))
                .part("nothing", OptionalInt::empty);
        library.type("OptionalLong", () -> OptionalLong.of(1)).part("value", () -> OptionalLong.of(2));
        library.type("OptionalDouble", () -> OptionalDouble.of(1)).part("value", () -> OptionalDouble.of(2));
        library.type("AtomicBoolean", () -> new AtomicBoolean(true)).part("value", () -> new AtomicBoolean(false));
        library.type("AtomicReference", () -> new AtomicReference<>("a"))
                .part("value", () -> new AtomicReference<>("b"));
        library.type("AtomicIntegerArray", () -> new AtomicIntegerArray(new int[] {1, 2}))
                .part("element", () -> new AtomicIntegerArray(new int[] {1, 3}));
        library.type(
                        "AtomicMarkableReference",
                        () -> new java.util.concurrent.atomic.AtomicMarkableReference<>("a", true))
                .part("value", () -> new java.util.concurrent.atomic.AtomicMarkableReference<>("b", true))
                .part("mark", () -> new java.util.concurrent.atomic.AtomicMarkableReference<>("a", false));
        library.type("WeakReference", () -> new java.lang.ref.WeakReference<>("a"))
                .part("value", () -> new java.lang.ref.WeakReference<>("b"));
        library.type("CompletableFuture", () -> java.util.concurrent.CompletableFuture.completedFuture("a"))
                .part("value", () -> java.util.concurrent.CompletableFuture.completedFuture("b"));
        library.type("EventObject", () -> new java.util.EventObject("a"))
                .part("source", () -> new java.util.EventObject("b"));
        library.type("PropertyChangeEvent", () -> new java.beans.PropertyChangeEvent("s", "p", 1, 2))
                .part("source", () -> new java.beans.PropertyChangeEvent("t", "p", 1, 2))
                .part("name", () -> new java.beans.PropertyChangeEvent("s", "q", 1, 2))
                .part("old value", () -> new java.beans.PropertyChangeEvent("s", "p", 3, 2))
                .part("new value", () -> new java.beans.PropertyChangeEvent("s", "p", 1, 3));
        library.type("LogRecord", () -> new java.util.logging.LogRecord(java.util.logging.Level.INFO, "a"))
                .part("text", () -> new java.util.logging.LogRecord(java.util.logging.Level.INFO, "b"));
        library.type("Level", () -> java.util.logging.Level.INFO).part("level", () -> java.util.logging.Level.FINE);
        library.type("StringTokenizer", () -> new java.util.StringTokenizer("a b"))
                .part("text", () -> new java.util.StringTokenizer("a c"));
        library.type("Random", () -> new java.util.Random(1)).part("seed", () -> new java.util.Random(2));
        library.type("ZipEntry", () -> new java.util.zip.ZipEntry("a"))
                .part("name", () -> new java.util.zip.ZipEntry("b"));
        library.type("CRC32", () -> crc("a")).part("value", () -> crc("b"));
    }

    private static Object crc(String text) {
        java.util.zip.CRC32 crc = new java.util.zip.CRC32();
        crc.update(text.getBytes());
        return crc;
    }

    private static void xml(Survey survey) {
        Library library = survey.library("javax.xml, org.w3c.dom", "XML messages");
        library.type("Document", () -> document("<a b='c'><d>e</d></a>"))
                .part("text", () -> document("<a b='c'><d>f</d></a>"))
                .part("attribute", () -> document("<a b='x'><d>e</d></a>"))
                .part("name", () -> document("<a b='c'><x>e</x></a>"));
        library.type("Element", () -> document("<a b='c'/>").getDocumentElement())
                .part("attribute", () -> document("<a b='x'/>").getDocumentElement());
        library.type("Text", () -> document("<a>b</a>").getDocumentElement().getFirstChild())
                .part("text", () -> document("<a>c</a>").getDocumentElement().getFirstChild());
        library.type("QName", () -> new QName("u", "a"))
                .part("name", () -> new QName("u", "b"))
                .part("namespace", () -> new QName("v", "a"));
        library.type(
                        "XMLGregorianCalendar",
                        () -> DatatypeFactory.newInstance().newXMLGregorianCalendar("2020-01-01T00:00:00Z"))
                .part("zone", () -> DatatypeFactory.newInstance().newXMLGregorianCalendar("2020-01-01T00:00:00"))
                .part(
                        "fraction",
                        () -> DatatypeFactory.newInstance().newXMLGregorianCalendar("2020-01-01T00:00:00.5Z"));
        library.type(
                        "javax.xml.datatype.Duration",
                        () -> DatatypeFactory.newInstance().newDuration("P1Y2M"))
                .part("months", () -> DatatypeFactory.newInstance().newDuration("P1Y3M"))
                .part("seconds", () -> DatatypeFactory.newInstance().newDuration("P1Y2MT1S"));
        library.type("DOMSource", () -> new javax.xml.transform.dom.DOMSource(document("<a/>")))
                .part("document", () -> new javax.xml.transform.dom.DOMSource(document("<b/>")));
        library.type("StreamSource", () -> new javax.xml.transform.stream.StreamSource("a"))
                .part("id", () -> new javax.xml.transform.stream.StreamSource("b"));
    }

    private static Document document(String text) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new java.io.StringReader(text)));
    }

    private static void sql(Survey survey) {
        Library library = survey.library("java.sql", "rows of databases");
        library.type("Timestamp", () -> nanos(1))
                .part("nanosecond", () -> nanos(2))
                .part("second", () -> new Timestamp(1000));
        library.type("java.sql.Date", () -> java.sql.Date.valueOf("2020-01-01"))
                .part("day", () -> java.sql.Date.valueOf("2020-01-02"))
                .part(
                        "time of the day",
                        () -> new java.sql.Date(
                                java.sql.Date.valueOf("2020-01-01").getTime() + 1));
        library.type("java.sql.Time", () -> java.sql.Time.valueOf("01:02:03"))
                .part("second", () -> java.sql.Time.valueOf("01:02:04"))
                .part(
                        "millisecond",
                        () -> new java.sql.Time(
                                java.sql.Time.valueOf("01:02:03").getTime() + 1));
        library.type("SerialBlob", () -> new SerialBlob(new byte[] {1}))
                .part("bytes", () -> new SerialBlob(new byte[] {2}));
        library.type("SerialClob", () -> new SerialClob("a".toCharArray()))
                .part("text", () -> new SerialClob("b".toCharArray()));
        library.type("SQLException", () -> new java.sql.SQLException("a", "s", 1))
                .part("message", () -> new java.sql.SQLException("b", "s", 1))
                .part("state", () -> new java.sql.SQLException("a", "t", 1))
                .part("code", () -> new java.sql.SQLException("a", "s", 2));
        library.type("JDBCType", () -> java.sql.JDBCType.INTEGER).part("type", () -> java.sql.JDBCType.BIGINT);
        library.type("DriverPropertyInfo", () -> new java.sql.DriverPropertyInfo("a", "b"))
                .part("value", () -> new java.sql.DriverPropertyInfo("a", "c"));
    }

    private static Timestamp nanos(int nanos) {
        Timestamp at = new Timestamp(0);
        at.setNanos(nanos);
        return at;
    }

    private static void nio(Survey survey) {
        Library library = survey.library("java.nio and arrays", "bytes of messages");
        library.type("byte[]", () -> new byte[] {1, 2})
                .part("byte", () -> new byte[] {1, 3})
                .part("length", () -> new byte[] {1, 2, 0});
        library.type("ByteBuffer", () -> ByteBuffer.wrap(new byte[] {1, 2}))
                .same(() -> ByteBuffer.wrap(new byte[] {0, 1, 2}, 1, 2))
                .same(() ->
                        ByteBuffer.allocateDirect(2).put((byte) 1).put((byte) 2).flip())
                .part("byte", () -> ByteBuffer.wrap(new byte[] {1, 3}))
                .part("limit", () -> ByteBuffer.wrap(new byte[] {1, 2}, 0, 1));
        library.type("IntBuffer", () -> IntBuffer.wrap(new int[] {1, 2}))
                .part("number", () -> IntBuffer.wrap(new int[] {1, 3}))
                .part("limit", () -> IntBuffer.wrap(new int[] {1, 2}, 0, 1));
        library.type("LongBuffer", () -> LongBuffer.wrap(new long[] {1, 2}))
                .part("number", () -> LongBuffer.wrap(new long[] {1, 3}));
        library.type("int[]", () -> new int[] {1, 2})
                .part("number", () -> new int[] {1, 3})
                .part("order", () -> new int[] {2, 1});
        library.type("long[]", () -> new long[] {1, 1L << 60}).part("number", () -> new long[] {1, 1L + (1L << 60)});
        library.type("double[]", () -> new double[] {1, 2.5}).part("number", () -> new double[] {1, 2.25});
        library.type("boolean[]", () -> new boolean[] {true, false}).part("flag", () -> new boolean[] {true, true});
        library.type("Object[]", () -> new Object[] {"a", 1})
                .part("element", () -> new Object[] {"a", 2})
                .part("nested", () -> new Object[] {"a", new int[] {1}});
        library.type("String[][]", () -> new String[][] {{"a"}, {}})
                .part("element", () -> new String[][] {{"b"}, {}})
                .part("shape", () -> new String[][] {{}, {"a"}});
        library.type("FileTime", () -> java.nio.file.attribute.FileTime.fromMillis(1))
                .part("time", () -> java.nio.file.attribute.FileTime.fromMillis(2));
        library.type("ByteArrayInputStream", () -> new java.io.ByteArrayInputStream(new byte[] {1}))
                .part("bytes", () -> new java.io.ByteArrayInputStream(new byte[] {2}));
        library.type("ByteArrayOutputStream", () -> output(1)).part("bytes", () -> output(2));
        library.type("StringReader", () -> new java.io.StringReader("a"))
                .part("text", () -> new java.io.StringReader("b"));
        library.type("StringWriter", () -> new java.io.StringWriter().append("a"))
                .part("text", () -> new java.io.StringWriter().append("b"));
    }

    private static Object output(int value) {
        java.io.ByteArrayOutputStream output = new java.io.ByteArrayOutputStream();
        output.write(value);
        return output;
    }

    private static void desktop(Survey survey) {
        Library library = survey.library("java.awt", "points, colours and shapes of graphics and reports");
        library.type("Point", () -> new Point(1, 2))
                .part("x", () -> new Point(2, 2))
                .part("y", () -> new Point(1, 3));
        library.type("Point2D.Double", () -> new Point2D.Double(1.5, 2))
                .part("x", () -> new Point2D.Double(1.25, 2))
                .part("y", () -> new Point2D.Double(1.5, 3));
        library.type("Dimension", () -> new Dimension(1, 2))
                .part("width", () -> new Dimension(3, 2))
                .part("height", () -> new Dimension(1, 3));
        library.type("Rectangle", () -> new Rectangle(1, 2, 3, 4))
                .part("x", () -> new Rectangle(0, 2, 3, 4))
                .part("y", () -> new Rectangle(1, 0, 3, 4))
                .part("width", () -> new Rectangle(1, 2, 0, 4))
                .part("height", () -> new Rectangle(1, 2, 3, 0));
        library.type("Insets", () -> new Insets(1, 2, 3, 4))
                .part("top", () -> new Insets(0, 2, 3, 4))
                .part("left", () -> new Insets(1, 0, 3, 4));
        library.type("Color", () -> new Color(1, 2, 3))
                .part("red", () -> new Color(0, 2, 3))
                .part("green", () -> new Color(1, 0, 3))
                .part("blue", () -> new Color(1, 2, 0))
                .part("alpha", () -> new Color(1, 2, 3, 4));
        library.type("AffineTransform", () -> new AffineTransform(1, 2, 3, 4, 5, 6))
                .part("shear", () -> new AffineTransform(1, 0, 3, 4, 5, 6))
                .part("shift", () -> new AffineTransform(1, 2, 3, 4, 5, 0))
                .part("scale", () -> new AffineTransform(1, 2, 3, 0, 5, 6));
    }

    private static void management(Survey survey) {
        Library library = survey.library("javax.management", "what JMX reads and tells");
        library.type("ObjectName", () -> new ObjectName("d:a=1,b=2"))
                .same(() -> new ObjectName("d:b=2,a=1"))
                .part("domain", () -> new ObjectName("e:a=1,b=2"))
                .part("value", () -> new ObjectName("d:a=1,b=3"));
        library.type("Attribute", () -> new Attribute("a", 1))
                .part("name", () -> new Attribute("b", 1))
                .part("value", () -> new Attribute("a", 2));
        library.type("AttributeList", () -> attributes(1)).part("value", () -> attributes(2));
        library.type("CompositeData", () -> composite(1)).part("value", () -> composite(2));
        library.type("Notification", () -> new Notification("t", "s", 1, 2, "m"))
                .part("type", () -> new Notification("u", "s", 1, 2, "m"))
                .part("source", () -> new Notification("t", "r", 1, 2, "m"))
                .part("number", () -> new Notification("t", "s", 0, 2, "m"))
                .part("time", () -> new Notification("t", "s", 1, 0, "m"))
                .part("message", () -> new Notification("t", "s", 1, 2, "n"));
        library.type("MemoryUsage", () -> new java.lang.management.MemoryUsage(1, 2, 3, 4))
                .part("used", () -> new java.lang.management.MemoryUsage(1, 1, 3, 4))
                .part("max", () -> new java.lang.management.MemoryUsage(1, 2, 3, 5));
    }

    private static AttributeList attributes(int value) {
        return new AttributeList(List.of(new Attribute("a", value)));
    }

    private static Object composite(int value) throws Exception {
        CompositeType type = new CompositeType(
                "t", "d", new String[] {"a"}, new String[] {"a"}, new OpenType<?>[] {SimpleType.INTEGER});
        return new CompositeDataSupport(type, Map.of("a", value));
    }

    private static void security(Survey survey) {
        Library library = survey.library("java.security, javax.crypto", "keys and names of callers");
        library.type("PublicKey", () -> key(0)).part("key", () -> key(1));
        library.type("SecretKeySpec", () -> new javax.crypto.spec.SecretKeySpec(new byte[] {1}, "AES"))
                .part("bytes", () -> new javax.crypto.spec.SecretKeySpec(new byte[] {2}, "AES"))
                .part("algorithm", () -> new javax.crypto.spec.SecretKeySpec(new byte[] {1}, "DES"));
        library.type("X500Principal", () -> new javax.security.auth.x500.X500Principal("CN=a"))
                .part("name", () -> new javax.security.auth.x500.X500Principal("CN=b"));
        library.type("Subject", () -> subject("CN=a")).part("principal", () -> subject("CN=b"));
    }

    private static final List<byte[]> KEYS = keys();

    private static List<byte[]> keys() {
        try {
            var generator = java.security.KeyPairGenerator.getInstance("EC");
            return List.of(
                    generator.generateKeyPair().getPublic().getEncoded(),
                    generator.generateKeyPair().getPublic().getEncoded());
        } catch (java.security.GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Object key(int index) throws Exception {
        return KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(KEYS.get(index)));
    }

    private static Object subject(String name) {
        return new javax.security.auth.Subject(
                true,
                java.util.Set.of(new javax.security.auth.x500.X500Principal(name)),
                java.util.Set.of(),
                java.util.Set.of());
    }
}
