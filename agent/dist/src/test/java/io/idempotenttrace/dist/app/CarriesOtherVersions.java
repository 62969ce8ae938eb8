package io.idempotenttrace.dist.app;

import io.idempotenttrace.IdempotencyKey;
import io.idempotenttrace.IdempotentTrace;
import java.lang.reflect.Method;

/**
 * An application whose payload is a tree of its own Jackson. By reflection, so that this module need not depend on a Jackson
 * that its packed jar must not have.
 */
public final class CarriesOtherVersions {

    private CarriesOtherVersions() {}

    public static void main(String[] arguments) throws Exception {
        Object mapper = Class.forName("com.fasterxml.jackson.databind.ObjectMapper")
                .getConstructor()
                .newInstance();
        Method readTree = mapper.getClass().getMethod("readTree", String.class);
        emit(readTree.invoke(
                mapper, "{\"id\": 1, \"text\": \"\\u00e9\", \"price\": 1.50, \"parts\": [null, true, {}]}"));
        emit(readTree.invoke(mapper, "{\"price\": 1.5, \"text\": \"é\", \"id\": 1, \"parts\": [null, true, {}]}"));
        System.out.println("jackson " + mapper.getClass().getMethod("version").invoke(mapper));
        ClassPathProbe.main(arguments);
    }

    @IdempotentTrace
    private static void emit(@IdempotencyKey("/id") Object message) {
        System.out.println("body of a message");
    }
}
