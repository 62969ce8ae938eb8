package io.idempotenttrace.core.redisclient;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.protocol.DefaultEndpoint;
import io.lettuce.core.resource.ClientResources;
import io.netty.channel.Channel;
import org.jspecify.annotations.Nullable;

/** Lettuce's endpoint of a connection, which says over which channel it is open now. */
final class LeanEndpoint extends DefaultEndpoint {

    LeanEndpoint(ClientOptions options, ClientResources resources) {
        super(options, resources);
    }

    /** Null while it is not connected. */
    @Nullable
    Channel channel() {
        return channel;
    }
}
