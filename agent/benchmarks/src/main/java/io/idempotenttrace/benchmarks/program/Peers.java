package io.idempotenttrace.benchmarks.program;

import com.trendyol.jdempotent.core.annotation.JdempotentRequestPayload;
import com.trendyol.jdempotent.core.annotation.JdempotentResource;
import com.trendyol.jdempotent.core.aspect.IdempotentAspect;
import com.trendyol.jdempotent.redis.RedisConfigProperties;
import com.trendyol.jdempotent.redis.RedisIdempotentRepository;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.camel.component.redis.processor.idempotent.SpringRedisStringIdempotentRepository;
import org.springframework.aop.aspectj.annotation.AspectJProxyFactory;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.RedisTemplate;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.integration.redis.metadata.RedisMetadataStore;
import org.springframework.integration.selector.MetadataStoreSelector;
import org.springframework.messaging.support.GenericMessage;

/**
 * The same operation by each: the body, which does nothing, runs if the key was not seen before. Of the peers what stands
 * around that step, such as a route or a channel, is left out, in their favour. Spring Integration and Camel do not hash the
 * payload, so they tell no conflict from a duplicate; no peer tells a running call from a completed one, so a worker's death
 * in the body loses the call.
 */
final class Peers implements AutoCloseable {

    static final String OURS = "idempotent-trace";

    private final Map<String, Consumer<String>> calls = new LinkedHashMap<>();
    private final LettuceConnectionFactory connections;

    Peers(int port) {
        connections = new LettuceConnectionFactory(new RedisStandaloneConfiguration("127.0.0.1", port));
        connections.afterPropertiesSet();
        connections.start();
        Span span = Span.typical();
        calls.put(OURS, key -> Emitter.emit(key, span));
        calls.put("Spring Integration, metadata store receiver", springIntegration(span));
        calls.put("Camel, string repository", camel(span));
        calls.put("Jdempotent", jdempotent());
    }

    /** What an IdempotentReceiverInterceptor asks before it lets a message through. */
    private Consumer<String> springIntegration(Span span) {
        MetadataStoreSelector receiver = new MetadataStoreSelector(
                message -> (String) message.getHeaders().get("key"), new RedisMetadataStore(connections));
        return key -> {
            if (receiver.accept(new GenericMessage<>(span, Map.of("key", key)))) {
                body(span);
            }
        };
    }

    /** What an IdempotentConsumer does around its processor. */
    private Consumer<String> camel(Span span) {
        SpringRedisStringIdempotentRepository repository =
                new SpringRedisStringIdempotentRepository(new StringRedisTemplate(connections), "spans");
        repository.setExpiry(86_400);
        return key -> {
            if (repository.add(key)) {
                body(span);
                repository.confirm(key);
            }
        };
    }

    private Consumer<String> jdempotent() {
        RedisTemplate<Object, Object> template = new RedisTemplate<>();
        template.setConnectionFactory(connections);
        template.afterPropertiesSet();
        RedisConfigProperties properties = new RedisConfigProperties();
        properties.setExpirationTimeHour(24L);
        // The payload itself need not be stored: ours does not either.
        properties.setPersistReqRes(false);
        AspectJProxyFactory proxy = new AspectJProxyFactory(new JdempotentEmitter());
        proxy.addAspect(new IdempotentAspect(new RedisIdempotentRepository(template, properties)));
        JdempotentEmitter emitter = proxy.getProxy();
        return key -> emitter.emit(Span.typical(key));
    }

    /** Its key is the payload's hash. */
    public static class JdempotentEmitter {

        @JdempotentResource(cachePrefix = "spans")
        public void emit(@JdempotentRequestPayload Span span) {
            body(span);
        }
    }

    private static void body(Span span) {
        // Measured is what surrounds this.
    }

    Map<String, Consumer<String>> calls() {
        return calls;
    }

    @Override
    public void close() {
        connections.destroy();
    }
}
