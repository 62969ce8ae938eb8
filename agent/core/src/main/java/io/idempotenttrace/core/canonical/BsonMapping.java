package io.idempotenttrace.core.canonical;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The types of BSON as the JSON that they are: text, numbers, booleans and null as such, an ObjectId as its hex digits, a date as its
 * instant, binary data as base64. What JSON has no type for is written as MongoDB's Extended JSON does. Documents and arrays are maps
 * and lists by themselves.
 */
final class BsonMapping {

    private BsonMapping() {}

    /** @return null for what is a map or list */
    static @Nullable ValueMapping of(Class<?> known, Class<?> type) throws NoSuchMethodException {
        if (Iterable.class.isAssignableFrom(type) || Map.class.isAssignableFrom(type)) {
            return null;
        }
        return switch (known.getSimpleName()) {
            case "ObjectId" -> new ScalarMapping.Text(text(LibraryMethod.of(known, "toHexString")));
            case "Decimal128" -> new ScalarMapping.Holder(BsonMapping::decimal);
            case "BSONObject" -> new ScalarMapping.Holder(LibraryMethod.of(known, "toMap")::read);
            case "BsonValue" -> new ScalarMapping.Holder(BsonMapping::value);
            default ->
                new ScalarMapping.Holder(
                        value -> extended(value, value.getClass().getSimpleName()));
        };
    }

    private static java.util.function.Function<Object, String> text(LibraryMethod method) {
        return value -> (String) method.read(value);
    }

    private static @Nullable Object value(Object value) {
        String type = value.getClass().getSimpleName();
        return switch (type) {
            case "BsonString",
                    "BsonBoolean",
                    "BsonInt32",
                    "BsonInt64",
                    "BsonDouble",
                    "BsonDecimal128",
                    "BsonObjectId" -> read(value, "getValue");
            case "BsonDateTime" -> Instant.ofEpochMilli((Long) read(value, "getValue"));
            case "BsonNull" -> null;
            default -> extended(value, type);
        };
    }

    private static Object extended(Object value, String type) {
        return switch (type) {
            case "BsonBinary", "Binary" -> binary(value);
            case "BsonTimestamp", "BSONTimestamp" ->
                Map.of(
                        "$timestamp",
                        Map.of(
                                "t",
                                Integer.toUnsignedLong((Integer) read(value, "getTime")),
                                "i",
                                Integer.toUnsignedLong((Integer) read(value, "getInc"))));
            case "BsonRegularExpression" ->
                Map.of(
                        "$regularExpression",
                        Map.of("pattern", read(value, "getPattern"), "options", read(value, "getOptions")));
            case "BsonJavaScript", "Code" -> Map.of("$code", read(value, "getCode"));
            case "BsonJavaScriptWithScope", "CodeWithScope", "CodeWScope" -> codeWithScope(value);
            case "BsonSymbol", "Symbol" -> Map.of("$symbol", read(value, "getSymbol"));
            case "BsonDbPointer" ->
                Map.of("$dbPointer", Map.of("$ref", read(value, "getNamespace"), "$id", read(value, "getId")));
            case "BsonMinKey", "MinKey" -> Map.of("$minKey", 1);
            case "BsonMaxKey", "MaxKey" -> Map.of("$maxKey", 1);
            case "BsonUndefined" -> Map.of("$undefined", true);
            default ->
                throw new UnhashableException(
                        "",
                        value.getClass().getName() + " is of a BSON type that is not known; hand over a"
                                + " document of other types, or mark the parameter @Unhashed",
                        null);
        };
    }

    private static Object binary(Object value) {
        byte[] data = (byte[]) read(value, "getData");
        int subType = (Byte) read(value, "getType") & 0xff;
        return subType == 0
                ? data
                : Map.of(
                        "$binary",
                        Map.of(
                                "base64",
                                data,
                                "subType",
                                Integer.toHexString(0x100 | subType).substring(1)));
    }

    private static Map<String, Object> codeWithScope(Object value) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("$code", read(value, "getCode"));
        members.put("$scope", read(value, "getScope"));
        return members;
    }

    /** A number with the digits of a decimal; NaN, the infinities and the negative zero, which no BigDecimal is, as the double. */
    private static Object decimal(Object value) {
        boolean finite = (Boolean) read(value, "isFinite");
        if (!finite) {
            return (Boolean) read(value, "isNaN")
                    ? Double.NaN
                    : (Boolean) read(value, "isNegative") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
        }
        String digits = value.toString();
        BigDecimal number = new BigDecimal(digits);
        return number.signum() == 0 && digits.startsWith("-") ? (Object) (-0.0) : number;
    }

    private static Object read(Object value, String method) {
        return LibraryMethods.of(value, value.getClass().getName(), method).read(value);
    }
}
