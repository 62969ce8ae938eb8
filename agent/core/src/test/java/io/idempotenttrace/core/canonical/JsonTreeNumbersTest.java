package io.idempotenttrace.core.canonical;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * A tree's numbers are the document's, whatever the tree keeps them in: read with {@code USE_BIG_DECIMAL_FOR_FLOATS} or without, by either
 * Jackson, a document has the hash of its text.
 */
class JsonTreeNumbersTest {

    private static final String[] TEXTS = {
        "0e5",
        "0E-7",
        "0.0",
        "0.00",
        "-0",
        "1.0",
        "1.10",
        "1.100",
        "100.0",
        "1E2",
        "1e2",
        "1e+2",
        "1.5e3",
        "1e16",
        "1e21",
        "1e23",
        "100000000000000000000.0",
        "123456789012345680.0",
        "1e400",
        "-1e400",
        "1e-400",
        "-5e-324",
        "4.9e-324",
        "0.30000000000000004",
        "0.1000000000000000055511151231257827",
        "0.1000000000000000055511151231257828",
        "9007199254740993.0",
        "12345678901234567.89",
        "1.7976931348623157e308",
        "1.7976931348623159e308",
        "2e23",
        "1e-7",
        "0.0001",
        "0.00001",
        "5",
        "12345678901234567890",
        "9223372036854775807",
        "9223372036854775808"
    };

    private final com.fasterxml.jackson.databind.ObjectMapper two = new com.fasterxml.jackson.databind.ObjectMapper();
    private final com.fasterxml.jackson.databind.ObjectMapper exactTwo =
            new com.fasterxml.jackson.databind.ObjectMapper()
                    .enable(com.fasterxml.jackson.databind.DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);
    private final com.fasterxml.jackson.databind.ObjectMapper keepingTwo =
            com.fasterxml.jackson.databind.json.JsonMapper.builder()
                    .enable(com.fasterxml.jackson.databind.DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .enable(com.fasterxml.jackson.databind.DeserializationFeature.USE_BIG_INTEGER_FOR_INTS)
                    .disable(com.fasterxml.jackson.databind.cfg.JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                    .build();
    private final tools.jackson.databind.json.JsonMapper three =
            tools.jackson.databind.json.JsonMapper.builder().build();
    private final tools.jackson.databind.json.JsonMapper exactThree = tools.jackson.databind.json.JsonMapper.builder()
            .enable(tools.jackson.databind.DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private static String hash(CanonicalForm form, Object document) {
        try {
            return new PayloadHasher(form).hash(document, Exclusions.NONE);
        } catch (UnhashableException e) {
            return "refused at " + e.pointer();
        }
    }

    private void assertOneHash(String json) throws Exception {
        for (CanonicalForm form : CanonicalForm.values()) {
            String expected = hash(form, JsonReader.read(json));
            assertEquals(expected, hash(form, two.readTree(json)), form + " of Jackson 2: " + json);
            assertEquals(
                    expected, hash(form, exactTwo.readTree(json)), form + " of Jackson 2 with BigDecimal: " + json);
            assertEquals(
                    expected, hash(form, keepingTwo.readTree(json)), form + " of Jackson 2 with all zeros: " + json);
            assertEquals(expected, hash(form, three.readTree(json)), form + " of Jackson 3: " + json);
            assertEquals(
                    expected, hash(form, exactThree.readTree(json)), form + " of Jackson 3 with BigDecimal: " + json);
        }
    }

    @Test
    void eachNotationIsTheNumberThatItsTextMeans() throws Exception {
        for (String text : TEXTS) {
            assertOneHash(text);
            assertOneHash("{\"a\":[" + text + "],\"b\":\"" + text + "\"}");
        }
    }

    @Test
    void someThousandRandomNotationsToo() throws Exception {
        Random random = new Random(23);
        for (int document = 0; document < 1000; document++) {
            StringBuilder json = new StringBuilder("[1");
            for (int i = 0; i < 10; i++) {
                json.append(',').append(number(random));
            }
            assertOneHash(json.append(']').toString());
        }
    }

    private static String number(Random random) {
        String sign = random.nextInt(4) == 0 ? "-" : "";
        String text = random.nextInt(5) == 0 ? "0" : "" + (1 + random.nextInt(9)) + digits(random, random.nextInt(12));
        // BigDecimal has no negative zero, see below.
        String last = "" + (1 + random.nextInt(9));
        return switch (random.nextInt(5)) {
            case 0 -> sign + text;
            case 1 -> sign + text + "." + digits(random, random.nextInt(20)) + last;
            case 2 -> (text.equals("0") ? "" : sign) + text + "." + "0".repeat(1 + random.nextInt(5));
            case 3 -> (text.equals("0") ? "" : sign) + text + "e" + (random.nextInt(40) - 20);
            default -> sign + text + "." + last + "E" + (random.nextInt(700) - 350);
        };
    }

    private static String digits(Random random, int count) {
        StringBuilder digits = new StringBuilder();
        for (int i = 0; i < count; i++) {
            digits.append(random.nextInt(10));
        }
        return digits.toString();
    }

    /** The sign of a zero is lost as a BigDecimal is made of it: the one number that the options of the reading change. */
    @Test
    void aNegativeZeroIsOneOnlyWithoutBigDecimal() throws Exception {
        assertEquals(hash(CanonicalForm.PYTHON, -0.0), hash(CanonicalForm.PYTHON, two.readTree("-0.0")));
        assertEquals(hash(CanonicalForm.PYTHON, 0.0), hash(CanonicalForm.PYTHON, exactTwo.readTree("-0.0")));
    }

    /** In a bean or a map a BigDecimal is no JSON that was read, but the number that it is, to its last digit. */
    @Test
    void aBigDecimalOutsideOfATreeStaysExact() {
        BigDecimal exact = new BigDecimal("0.1000000000000000055511151231257827");
        assertNotEquals(hash(CanonicalForm.PYTHON, Map.of("a", 0.1)), hash(CanonicalForm.PYTHON, Map.of("a", exact)));
        assertEquals(hash(CanonicalForm.PYTHON, 100), hash(CanonicalForm.PYTHON, new BigDecimal("1E2")));
    }

    @Test
    void aKeyOfATreeIsTheSameToo() throws Exception {
        for (String text : List.of("1.10", "1E2", "5.0", "0e5")) {
            assertEquals(
                    Pointer.parse("/id").textAt(two.readTree("{\"id\":" + text + "}")),
                    Pointer.parse("/id").textAt(exactTwo.readTree("{\"id\":" + text + "}")),
                    text);
        }
    }

    @Test
    void aNumberThatWouldTakeSecondsIsRefused() throws Exception {
        com.fasterxml.jackson.databind.JsonNode longOne = com.fasterxml.jackson.databind.node.DecimalNode.valueOf(
                new BigDecimal(new java.math.BigInteger("7".repeat(100_001)), 5));
        assertEquals("refused at /a", hash(CanonicalForm.PYTHON, Map.of("a", longOne)));
    }
}
