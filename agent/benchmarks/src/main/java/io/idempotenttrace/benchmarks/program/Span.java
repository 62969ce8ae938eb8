package io.idempotenttrace.benchmarks.program;

import java.util.LinkedHashMap;
import java.util.Map;

/** A span of Zipkin v2, as a worker holds it. */
public record Span(
        String traceId,
        String parentId,
        String id,
        String kind,
        String name,
        long timestamp,
        long duration,
        Endpoint localEndpoint,
        Endpoint remoteEndpoint,
        Map<String, String> tags) {

    /** One side of a call. */
    public record Endpoint(String serviceName, String ipv4, int port) {}

    /** About 470 bytes as JSON, as the spans of real traces are. */
    public static Span typical() {
        return typical("a0dc23f22c4fee3f");
    }

    static Span typical(String id) {
        Map<String, String> tags = new LinkedHashMap<>();
        tags.put("http.method", "POST");
        tags.put("http.path", "/api/v2/orders");
        tags.put("http.status_code", "201");
        tags.put("lc", "checkout-controller");
        return new Span(
                "14b60fd9ae504820",
                "cfcd115a2af18bd9",
                id,
                "SERVER",
                "post /api/v2/orders",
                1543549826259342L,
                2120,
                new Endpoint("checkout-service", "10.104.90.167", 8140),
                new Endpoint("gateway-service", "10.6.83.20", 49152),
                tags);
    }
}
