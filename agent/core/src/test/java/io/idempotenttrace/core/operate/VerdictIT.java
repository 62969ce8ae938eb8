package io.idempotenttrace.core.operate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.core.canonical.JsonReader;
import io.idempotenttrace.core.spec.Specification;
import io.idempotenttrace.core.store.RecordId;
import io.idempotenttrace.core.store.Verdict;
import io.idempotenttrace.testkit.RedisConnection;
import io.idempotenttrace.testkit.TestRedis;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** To look at a record tells what a claim of it would be answered: on each case that clients in other languages have to pass. */
class VerdictIT {

    private static final Pattern TIME = Pattern.compile("<<(s|us|ms)([+-]\\d+)?>>");

    @Test
    void toLookTellsWhatAClaimWouldGet() throws IOException {
        List<String> different = new ArrayList<>();
        int compared = 0;
        try (RedisConnection redis =
                new RedisConnection("127.0.0.1", TestRedis.shared().port())) {
            for (String line :
                    Specification.documents().get("conformance.jsonl").lines().toList()) {
                Map<String, Object> one = map(JsonReader.read(line));
                Map<String, Object> step =
                        one.containsKey("steps") ? map(list(one.get("steps")).get(0)) : Map.of();
                if ("claim".equals(step.get("script")) && list(step.get("argv")).size() >= 6) {
                    String difference = compare(redis, one, strings(step.get("argv")));
                    compared++;
                    if (difference != null) {
                        different.add(one.get("name") + ": " + difference);
                    }
                }
            }
        }
        assertEquals(List.of(), different);
        assertTrue(compared > 30, "cases: " + compared);
    }

    private static String compare(RedisConnection redis, Map<String, Object> one, List<String> argv)
            throws IOException {
        List<String> keys = strings(one.get("keys"));
        List<String> now = strings(redis.call("TIME"));
        long millis = Long.parseLong(now.get(0)) * 1000 + Long.parseLong(now.get(1)) / 1000;
        RecordLook look = null;
        for (int i = 0; i < keys.size(); i++) {
            Map<String, String> fields =
                    put(redis, keys.get(i), list(one.get("before")).get(i), now);
            if (look == null && fields.containsKey("hash")) {
                RecordId id = RecordId.ofRedisKey("idem", keys.get(0));
                long lease = argv.get(5).matches("\\d{1,15}") ? Long.parseLong(argv.get(5)) : 1;
                look = new RecordLook(id, i == 1, fields, -1, -1, millis, lease);
            }
        }
        try {
            String claimed = claim(redis, keys, argv);
            // A claim that its owner sends again is granted again, and another payload is a matter of the payload.
            boolean own = look != null && look.owner().equals(argv.get(4));
            if (claimed == null || claimed.equals("conflict") || own) {
                return null;
            }
            Verdict seen = look == null ? Verdict.NEW : look.verdict();
            String word = String.valueOf(seen).toLowerCase(Locale.ROOT).replace('_', '-');
            return word.equals(claimed) ? null : "seen " + word + ", claimed " + claimed;
        } finally {
            for (String key : keys) {
                redis.call("DEL", key);
            }
        }
    }

    /** The verdict; null where the claim was refused. */
    private static String claim(RedisConnection redis, List<String> keys, List<String> argv) {
        List<String> command = new ArrayList<>(
                List.of("EVAL", Specification.scripts().get("claim.lua"), Integer.toString(keys.size())));
        command.addAll(keys);
        command.addAll(argv);
        try {
            Object reply = redis.call(command.toArray(new String[0]));
            return reply instanceof List<?> list ? (String) list.get(0) : "new";
        } catch (IOException refused) {
            return null;
        }
    }

    private static Map<String, String> put(RedisConnection redis, String key, Object state, List<String> now)
            throws IOException {
        redis.call("DEL", key);
        Map<String, String> fields = new HashMap<>();
        if (state == null || !map(state).containsKey("hash")) {
            return fields;
        }
        List<String> command = new ArrayList<>(List.of("HSET", key));
        map(map(state).get("hash")).forEach((name, value) -> {
            fields.put(name, filled((String) value, now));
            command.add(name);
            command.add(fields.get(name));
        });
        redis.call(command.toArray(new String[0]));
        return fields;
    }

    private static String filled(String text, List<String> now) {
        long seconds = Long.parseLong(now.get(0));
        return TIME.matcher(text).replaceAll(found -> {
            long unit = switch (found.group(1)) {
                case "s" -> seconds;
                case "us" -> Long.parseLong(now.get(1));
                default -> seconds * 1000 + Long.parseLong(now.get(1)) / 1000;
            };
            long more = found.group(2) == null ? 0 : Long.parseLong(found.group(2));
            return Matcher.quoteReplacement(Long.toString(unit + more));
        });
    }

    private static List<String> strings(Object value) {
        return list(value).stream().map(each -> (String) each).toList();
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
