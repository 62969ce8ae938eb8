package io.idempotenttrace.core.store.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.config.ResultKeys;
import io.idempotenttrace.core.canonical.CanonicalForm;
import io.idempotenttrace.core.canonical.Exclusions;
import io.idempotenttrace.core.canonical.HashForm;
import io.idempotenttrace.core.canonical.HashSecret;
import io.idempotenttrace.core.canonical.HashSecrets;
import io.idempotenttrace.core.canonical.JsonReader;
import io.idempotenttrace.core.canonical.PayloadHasher;
import io.idempotenttrace.core.canonical.UnhashableException;
import io.idempotenttrace.core.spec.Specification;
import io.idempotenttrace.core.store.RecordId;
import io.idempotenttrace.testkit.RedisConnection;
import io.idempotenttrace.testkit.TestRedis;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The cases that a client in another language has to pass, passed by the scripts, names and hashes of this store. */
class ConformanceIT {

    private static final Pattern TIME = Pattern.compile("<<(s|us|ms)([+-]\\d+)?>>");

    private static RedisConnection redis;

    @BeforeAll
    static void connect() throws IOException {
        redis = new RedisConnection("127.0.0.1", TestRedis.shared().port());
    }

    @AfterAll
    static void disconnect() throws IOException {
        redis.close();
    }

    @Test
    void everyCaseIsPassed() throws IOException {
        List<String> failed = new ArrayList<>();
        List<String> lines =
                Specification.documents().get("conformance.jsonl").lines().toList();
        for (String line : lines) {
            Map<String, Object> one = map(JsonReader.read(line));
            String found = switch ((String) one.get("kind")) {
                case "script" -> runScripts(one);
                case "name" -> name(one);
                case "result" -> result(one);
                case "response_hash" -> responseHash(one);
                default -> hash(one);
            };
            if (found != null) {
                failed.add(one.get("name") + ": " + found);
            }
        }
        assertEquals(List.of(), failed);
        assertTrue(lines.size() > 200, "cases: " + lines.size());
    }

    @Test
    void theScriptsThatAreHandedOutAreTheStores() {
        for (LuaScript script : LuaScript.values()) {
            assertEquals(
                    script.text(0, LuaScript.NO_LIMIT),
                    Specification.scripts().get(script.name().toLowerCase(Locale.ROOT) + ".lua"));
        }
        assertEquals(LuaScript.values().length, Specification.scripts().size());
    }

    /** A comparison that accepts everything would pass every case. */
    @Test
    void aWrongReplyIsSeen() throws IOException {
        Map<String, Object> one = map(JsonReader.read(Specification.documents()
                .get("conformance.jsonl")
                .lines()
                .filter(line -> line.contains("\"claim-duplicate\""))
                .findFirst()
                .orElseThrow()));
        assertNull(runScripts(one));
        list(map(list(one.get("steps")).get(0)).get("reply")).set(0, "new");
        assertEquals("reply 1/0: expected new, got duplicate", runScripts(one));
    }

    private static String runScripts(Map<String, Object> template) throws IOException {
        List<Object> now = list(redis.call("TIME"));
        Map<String, Object> one =
                map(filled(template, Long.parseLong((String) now.get(0)), Long.parseLong((String) now.get(1))));
        List<Object> keys = list(one.get("keys"));
        for (int i = 0; i < keys.size(); i++) {
            put((String) keys.get(i), list(one.get("before")).get(i));
        }
        try {
            List<Object> steps = list(one.get("steps"));
            for (int i = 0; i < steps.size(); i++) {
                Map<String, Object> step = map(steps.get(i));
                String found = difference(step.get("reply"), reply(step, keys), "reply " + (i + 1));
                if (found != null) {
                    return found;
                }
            }
            for (int i = 0; i < keys.size(); i++) {
                String key = (String) keys.get(i);
                String found = difference(list(one.get("after")).get(i), state(key), key);
                if (found != null) {
                    return found;
                }
            }
            return null;
        } finally {
            for (Object key : keys) {
                redis.call("DEL", (String) key);
            }
        }
    }

    private static Object reply(Map<String, Object> step, List<Object> keys) {
        String script = ((String) step.get("script")).toUpperCase(Locale.ROOT);
        List<String> command = new ArrayList<>(
                List.of("EVAL", LuaScript.valueOf(script).text(0, LuaScript.NO_LIMIT), Integer.toString(keys.size())));
        keys.forEach(key -> command.add((String) key));
        list(step.get("argv")).forEach(argument -> command.add((String) argument));
        try {
            return redis.call(command.toArray(new String[0]));
        } catch (IOException e) {
            return Map.of("error", e.getMessage());
        }
    }

    private static void put(String key, Object state) throws IOException {
        redis.call("DEL", key);
        if (state == null) {
            return;
        }
        Map<String, Object> wanted = map(state);
        if (wanted.containsKey("string")) {
            redis.call("SET", key, (String) wanted.get("string"));
            return;
        }
        List<String> command = new ArrayList<>(List.of("HSET", key));
        map(wanted.get("hash")).forEach((name, value) -> {
            command.add(name);
            command.add((String) value);
        });
        redis.call(command.toArray(new String[0]));
        if (wanted.get("ttl") instanceof Number ttl && ttl.longValue() > 0) {
            redis.call("PEXPIRE", key, ttl.toString());
        }
    }

    private static Object state(String key) throws IOException {
        return switch ((String) redis.call("TYPE", key)) {
            case "none" -> null;
            case "string" -> Map.of("string", redis.call("GET", key), "ttl", redis.call("PTTL", key));
            default -> {
                List<Object> parts = list(redis.call("HGETALL", key));
                Map<String, Object> fields = new TreeMap<>();
                for (int i = 0; i < parts.size(); i += 2) {
                    fields.put((String) parts.get(i), parts.get(i + 1));
                }
                yield Map.of("hash", fields, "ttl", redis.call("PTTL", key));
            }
        };
    }

    private static String name(Map<String, Object> one) {
        String prefix = (String) one.get("prefix");
        RecordId id = new RecordId((String) one.get("tenant"), (String) one.get("scope"), (String) one.get("key"));
        String found = difference(one.get("record"), id.redisKey(prefix), "record");
        byte[][] keys = new RecordNames(prefix).keysOf(id);
        return found != null
                ? found
                : difference(one.get("note"), keys.length == 1 ? null : Wtf8.decode(keys[1]), "note");
    }

    private static HashSecrets secrets(Map<String, Object> one) {
        List<Object> given = list(one.get("secret"));
        return given == null
                ? HashSecrets.NONE
                : HashSecrets.of(new HashSecret(
                        (String) given.get(0), ((String) given.get(1)).getBytes(StandardCharsets.UTF_8)));
    }

    private static PayloadHasher hasher(CanonicalForm form, Map<String, Object> one) {
        return new PayloadHasher(form, PayloadHasher.DEFAULT_MAX_DEPTH, PayloadHasher.DEFAULT_MAX_BYTES, secrets(one));
    }

    private static String responseHash(Map<String, Object> one) {
        byte[] result = ((String) one.get("result")).getBytes(StandardCharsets.UTF_8);
        return difference(one.get("hash"), hasher(CanonicalForm.PYTHON, one).resultHashOf(result), "hash");
    }

    private static String hash(Map<String, Object> one) {
        HashForm form = HashForm.named((String) one.get("form"));
        PayloadHasher hasher =
                form == null ? null : hasher(form.canonical(), one).with(form);
        Exclusions nulls = Exclusions.NONE.ofNullMembers(((String) one.get("form")).contains("+nonulls"));
        String hash = null;
        String canonical = null;
        if (hasher != null) {
            try {
                Object document = JsonReader.read((String) one.get("document"));
                hash = hasher.hash(document, nulls);
                canonical = new String(hasher.canonical(document, nulls), StandardCharsets.UTF_8);
            } catch (UnhashableException e) {
                // As some forms are expected to answer.
            }
        }
        String found = difference(one.get("hash"), hash, "hash");
        return found != null || one.get("canonical") == null
                ? found
                : difference(one.get("canonical"), canonical, "canonical");
    }

    private static String result(Map<String, Object> one) {
        List<Object> key = list(one.get("secret"));
        RedisStoreSettings settings = new RedisStoreSettings(
                null,
                RecordId.DEFAULT_PREFIX,
                0,
                Durability.NONE,
                0,
                scope -> LuaScript.NO_LIMIT,
                List.of(new ResultKeys.Key((String) key.get(0), HexFormat.of().parseHex((String) key.get(1)))),
                /* plainResults= */ true,
                0);
        RecordId id = new RecordId((String) one.get("tenant"), (String) one.get("scope"), (String) one.get("key"));
        String text = new StoredResults(settings, warning -> {}).of(id, (String) one.get("stored"));
        return difference(one.get("text"), text, "text");
    }

    private static Object filled(Object value, long seconds, long micros) {
        if (value instanceof Map<?, ?> members) {
            Map<String, Object> result = new TreeMap<>();
            members.forEach((name, each) -> result.put((String) name, filled(each, seconds, micros)));
            return result;
        }
        if (value instanceof List<?> elements) {
            List<Object> result = new ArrayList<>();
            elements.forEach(each -> result.add(filled(each, seconds, micros)));
            return result;
        }
        return value instanceof String text
                ? TIME.matcher(text).replaceAll(found -> {
                    long unit = switch (found.group(1)) {
                        case "s" -> seconds;
                        case "us" -> micros;
                        default -> seconds * 1000 + micros / 1000;
                    };
                    long more = found.group(2) == null ? 0 : Long.parseLong(found.group(2));
                    return Matcher.quoteReplacement(Long.toString(unit + more));
                })
                : value;
    }

    /** The first difference; null where there is none. */
    private static String difference(Object expected, Object seen, String place) {
        boolean same;
        if (expected instanceof Map<?, ?> matcher && matcher.containsKey("match")) {
            same = seen instanceof String text && text.matches((String) matcher.get("match"));
        } else if (expected instanceof Map<?, ?> matcher && matcher.containsKey("between")) {
            List<Object> range = list(matcher.get("between"));
            same = seen instanceof Long number
                    && number >= ((Number) range.get(0)).longValue()
                    && number <= ((Number) range.get(1)).longValue();
        } else if (expected instanceof Map<?, ?> members && seen instanceof Map<?, ?> there) {
            if (!members.keySet().equals(there.keySet())) {
                return place + ": expected " + members.keySet() + ", but there is " + there.keySet();
            }
            return members.entrySet().stream()
                    .map(each -> difference(each.getValue(), there.get(each.getKey()), place + "/" + each.getKey()))
                    .filter(found -> found != null)
                    .findFirst()
                    .orElse(null);
        } else if (expected instanceof List<?> elements
                && seen instanceof List<?> there
                && elements.size() == there.size()) {
            for (int i = 0; i < elements.size(); i++) {
                String found = difference(elements.get(i), there.get(i), place + "/" + i);
                if (found != null) {
                    return found;
                }
            }
            return null;
        } else {
            same = expected instanceof Number number && seen instanceof Long answered
                    ? number.longValue() == answered
                    : java.util.Objects.equals(expected, seen);
        }
        return same ? null : place + ": expected " + expected + ", got " + seen;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(Object value) {
        return (Map<String, Object>) value;
    }

    @SuppressWarnings("unchecked")
    private static List<Object> list(Object value) {
        return (List<Object>) value;
    }
}
