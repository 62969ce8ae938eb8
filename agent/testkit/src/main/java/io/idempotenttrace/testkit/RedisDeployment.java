package io.idempotenttrace.testkit;

/** Redis as a client sees it: one server, a Cluster, or servers watched by Sentinels. */
public interface RedisDeployment extends AutoCloseable {

    /** For {@code redis-url}. */
    String url();

    /** The server that takes writes of that key now. */
    TestRedis primaryOf(String key);

    @Override
    void close();
}
