package io.idempotenttrace.dist.injection;

/** What {@link FaultDriver} calls; {@link GuardedEmitter} is loaded anew for each round. */
public interface Emitter {

    String value(String key, String payload);

    void nothing(String key, String payload);

    String traced(String key);

    long primitive(String key, int payload);

    String refusing(String key);

    String failing(String key) throws java.io.IOException;

    String failingForGood(String key);

    String outer(String key);

    String slow(String key, Runnable inBody);
}
