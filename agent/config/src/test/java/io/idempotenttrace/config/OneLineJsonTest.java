package io.idempotenttrace.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OneLineJsonTest {

    @Test
    void membersComeInTheirOrderAndNothingLeavesTheLine() {
        Map<String, Object> value = new LinkedHashMap<>();
        value.put("z", Arrays.asList(1, null, true, List.of(), Map.of()));
        value.put("a\"\\", "line\nend\u2028\u00e9\u001b[31m");
        assertEquals(
                "{\"z\":[1,null,true,[],{}],\"a\\\"\\\\\":\"line\\u000aend\\u2028\\u00e9\\u001b[31m\"}",
                OneLineJson.of(value));
    }
}
