package io.idempotenttrace.benchmarks.program;

import io.lettuce.core.RedisClient;
import io.lettuce.core.ScriptOutputType;

/** An application whose first act is a script in Redis, by Lettuce alone; prints the time at which the reply was there. */
public final class FirstRawCall {

    private FirstRawCall() {}

    /** @param arguments the Redis URL */
    public static void main(String[] arguments) {
        RedisClient client = RedisClient.create(arguments[0]);
        client.connect()
                .sync()
                .eval("return redis.call('HSETNX', KEYS[1], 'hash', '')", ScriptOutputType.INTEGER, "first-raw-call");
        System.out.println(System.nanoTime());
        // Its threads end with the JVM; an orderly shutdown takes seconds.
        Runtime.getRuntime().halt(0);
    }
}
