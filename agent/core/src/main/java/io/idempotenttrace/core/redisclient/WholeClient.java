package io.idempotenttrace.core.redisclient;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.resource.ClientResources;

/** Lettuce's client for one server as it is, for what few processes need: to ask Sentinels, and to hear messages. */
final class WholeClient extends RedisClient {

    WholeClient(ClientResources resources, ClientOptions options) {
        super(resources, new RedisURI());
        setOptions(options);
    }
}
