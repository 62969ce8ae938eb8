package io.idempotenttrace.survey;

import com.auth0.jwt.JWT;
import com.auth0.jwt.algorithms.Algorithm;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import graphql.ExecutionInput;
import graphql.ExecutionResultImpl;
import graphql.GraphqlErrorBuilder;
import io.grpc.Metadata;
import io.grpc.Status;
import io.jsonwebtoken.Jwts;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.AsciiString;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import jakarta.ws.rs.core.Form;
import jakarta.ws.rs.core.MultivaluedHashMap;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Date;
import java.util.List;
import java.util.Map;
import okhttp3.FormBody;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;
import okio.ByteString;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.message.BasicHeader;
import org.apache.hc.core5.http.message.BasicNameValuePair;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.data.domain.PageImpl;
import org.springframework.data.domain.PageRequest;
import org.springframework.data.domain.Range;
import org.springframework.data.domain.SliceImpl;
import org.springframework.data.domain.Sort;
import org.springframework.http.HttpEntity;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseCookie;
import org.springframework.http.ResponseEntity;
import org.springframework.messaging.support.GenericMessage;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MimeType;
import org.springframework.util.unit.DataSize;

/** What servers and clients of the web hand around. */
final class Web {

    private Web() {}

    static void add(Survey survey) {
        spring(survey);
        springData(survey);
        okhttp(survey);
        netty(survey);
        vertx(survey);
        remoteCalls(survey);
        headersAndMail(survey);
        tokens(survey);
    }

    private static void spring(Survey survey) {
        Library core = survey.library("org.springframework:spring-core", "most services of Java");
        core.type("LinkedMultiValueMap", () -> new LinkedMultiValueMap<>(Map.of("a", List.of(1, 2))))
                .part("value", () -> new LinkedMultiValueMap<>(Map.of("a", List.of(1, 3))))
                .part("one more", () -> new LinkedMultiValueMap<>(Map.of("a", List.of(1, 2, 2))));
        core.type("LinkedCaseInsensitiveMap", () -> insensitive("a", 1))
                .part("value", () -> insensitive("a", 2))
                .part("name", () -> insensitive("b", 1));
        core.type("MimeType", () -> new MimeType("a", "b"))
                .part("type", () -> new MimeType("c", "b"))
                .part("subtype", () -> new MimeType("a", "c"))
                .part("charset", () -> new MimeType("a", "b", StandardCharsets.UTF_8))
                .part("parameter", () -> new MimeType("a", "b", Map.of("x", "y")));
        core.type("DataSize", () -> DataSize.ofBytes(1)).part("bytes", () -> DataSize.ofBytes(2));
        core.type("ByteArrayResource", () -> new ByteArrayResource(new byte[] {1}))
                .part("bytes", () -> new ByteArrayResource(new byte[] {2}));
        core.type("StopWatch.TaskInfo of none", () -> new org.springframework.util.StopWatch("a"))
                .part("id", () -> new org.springframework.util.StopWatch("b"));

        Library messaging = survey.library(
                "org.springframework:spring-messaging", "messages of Spring Cloud Stream and Spring's brokers");
        messaging
                .type("GenericMessage", () -> message("a", "x"))
                .part("payload", () -> message("b", "x"))
                .part("header", () -> message("a", "y"));
        messaging
                .type(
                        "ErrorMessage",
                        () -> new org.springframework.messaging.support.ErrorMessage(
                                new IllegalStateException("a"), fixed("x")))
                .part(
                        "message",
                        () -> new org.springframework.messaging.support.ErrorMessage(
                                new IllegalStateException("b"), fixed("x")));
        messaging
                .type("MessageHeaders", () -> message("a", "x").getHeaders())
                .part("header", () -> message("a", "y").getHeaders());

        Library web = survey.library("org.springframework:spring-web", "Spring's controllers and clients");
        web.type("HttpHeaders", () -> httpHeaders("a", "b"))
                .part("value", () -> httpHeaders("a", "c"))
                .part("name", () -> httpHeaders("c", "b"));
        web.type(
                        "ResponseEntity",
                        () -> ResponseEntity.status(200).header("h", "i").body("a"))
                .part("body", () -> ResponseEntity.status(200).header("h", "i").body("b"))
                .part(
                        "status",
                        () -> ResponseEntity.status(201).header("h", "i").body("a"))
                .part(
                        "header",
                        () -> ResponseEntity.status(200).header("h", "j").body("a"));
        web.type("HttpEntity", () -> new HttpEntity<>("a")).part("body", () -> new HttpEntity<>("b"));
        web.type(
                        "RequestEntity",
                        () -> org.springframework.http.RequestEntity.post(URI.create("http://a"))
                                .body("a"))
                .part(
                        "body",
                        () -> org.springframework.http.RequestEntity.post(URI.create("http://a"))
                                .body("b"))
                .part(
                        "address",
                        () -> org.springframework.http.RequestEntity.post(URI.create("http://b"))
                                .body("a"))
                .part(
                        "method",
                        () -> org.springframework.http.RequestEntity.put(URI.create("http://a"))
                                .body("a"));
        web.type("HttpStatus", () -> HttpStatus.OK).part("status", () -> HttpStatus.CREATED);
        web.type("HttpStatusCode", () -> org.springframework.http.HttpStatusCode.valueOf(299))
                .part("code", () -> org.springframework.http.HttpStatusCode.valueOf(298));
        web.type("HttpMethod", () -> org.springframework.http.HttpMethod.GET)
                .part("method", () -> org.springframework.http.HttpMethod.PUT);
        web.type("MediaType", () -> org.springframework.http.MediaType.APPLICATION_JSON)
                .part("type", () -> org.springframework.http.MediaType.TEXT_PLAIN);
        web.type("ProblemDetail", () -> ProblemDetail.forStatusAndDetail(HttpStatus.OK, "a"))
                .part("detail", () -> ProblemDetail.forStatusAndDetail(HttpStatus.OK, "b"));
        web.type("ResponseCookie", () -> ResponseCookie.from("a", "b").build())
                .partBesideEquals("value", () -> ResponseCookie.from("a", "c").build());
        web.type("HttpRange", () -> org.springframework.http.HttpRange.createByteRange(1, 2))
                .part("end", () -> org.springframework.http.HttpRange.createByteRange(1, 3))
                .part("start", () -> org.springframework.http.HttpRange.createByteRange(0, 2))
                .part("suffix", () -> org.springframework.http.HttpRange.createSuffixRange(2));
        web.type("ETag", () -> new org.springframework.http.ETag("a", false))
                .part("tag", () -> new org.springframework.http.ETag("b", false));
        web.type(
                        "UriComponents",
                        () -> org.springframework.web.util.UriComponentsBuilder.fromUriString("http://a/b")
                                .build())
                .part(
                        "path",
                        () -> org.springframework.web.util.UriComponentsBuilder.fromUriString("http://a/c")
                                .build());
    }

    private static Object insensitive(String name, Object value) {
        var map = new org.springframework.util.LinkedCaseInsensitiveMap<Object>();
        map.put(name, value);
        return map;
    }

    /** Headers with an id and a time of its own, without which each message is another. */
    private static org.springframework.messaging.MessageHeaders fixed(String header) {
        return new GenericMessage<>("x", new FixedHeaders(Map.of("h", header))).getHeaders();
    }

    private static final class FixedHeaders extends org.springframework.messaging.MessageHeaders {

        private static final long serialVersionUID = 1L;

        FixedHeaders(Map<String, Object> headers) {
            super(headers, new java.util.UUID(1, 2), 3L);
        }
    }

    private static GenericMessage<String> message(String payload, String header) {
        return new GenericMessage<>(payload, fixed(header));
    }

    private static Object httpHeaders(String name, String value) {
        HttpHeaders headers = new HttpHeaders();
        headers.add(name, value);
        return headers;
    }

    private static void springData(Survey survey) {
        Library library =
                survey.library("org.springframework.data:spring-data-commons", "pages and sorts of repositories");
        library.type("PageImpl", () -> new PageImpl<>(List.of(1, 2), PageRequest.of(0, 2), 9))
                .part("content", () -> new PageImpl<>(List.of(1, 3), PageRequest.of(0, 2), 9))
                .part("total", () -> new PageImpl<>(List.of(1, 2), PageRequest.of(0, 2), 8))
                .part("page", () -> new PageImpl<>(List.of(1, 2), PageRequest.of(1, 2), 9));
        library.type("SliceImpl", () -> new SliceImpl<>(List.of(1, 2)))
                .part("content", () -> new SliceImpl<>(List.of(1, 3)));
        library.type("Sort", () -> Sort.by("a", "b"))
                .part("property", () -> Sort.by("a", "c"))
                .part("direction", () -> Sort.by("a", "b").descending())
                .part("order", () -> Sort.by("b", "a"));
        library.type("PageRequest", () -> PageRequest.of(1, 2))
                .part("page", () -> PageRequest.of(2, 2))
                .part("size", () -> PageRequest.of(1, 3))
                .part("sort", () -> PageRequest.of(1, 2, Sort.by("a")));
        library.type("Range", () -> Range.closed(1, 2))
                .part("end", () -> Range.closed(1, 3))
                .part("bound", () -> Range.open(1, 2));
        library.type("Point", () -> new org.springframework.data.geo.Point(1, 2))
                .part("x", () -> new org.springframework.data.geo.Point(3, 2))
                .part("y", () -> new org.springframework.data.geo.Point(1, 3));
        library.type("Distance", () -> new org.springframework.data.geo.Distance(1))
                .part("value", () -> new org.springframework.data.geo.Distance(2))
                .part(
                        "unit",
                        () -> new org.springframework.data.geo.Distance(1, org.springframework.data.geo.Metrics.MILES));
    }

    private static void okhttp(Survey survey) {
        Library library =
                survey.library("com.squareup.okhttp3:okhttp-jvm", "the client of Android and of most interfaces");
        library.type("HttpUrl", () -> HttpUrl.get("http://a/b?c=d#e"))
                .part("path", () -> HttpUrl.get("http://a/x?c=d#e"))
                .part("query", () -> HttpUrl.get("http://a/b?c=x#e"))
                .part("fragment", () -> HttpUrl.get("http://a/b?c=d#x"))
                .part("scheme", () -> HttpUrl.get("https://a/b?c=d#e"));
        library.type("Headers", () -> Headers.of("a", "b"))
                .part("value", () -> Headers.of("a", "c"))
                .part("name", () -> Headers.of("c", "b"));
        library.type("MediaType", () -> MediaType.get("text/plain"))
                .part("type", () -> MediaType.get("text/html"))
                .part("charset", () -> MediaType.get("text/plain; charset=utf-8"));
        library.type("Request", () -> new Request.Builder().url("http://a/b").build())
                .part("address", () -> new Request.Builder().url("http://a/c").build())
                .part(
                        "header",
                        () -> new Request.Builder()
                                .url("http://a/b")
                                .header("h", "i")
                                .build())
                .part(
                        "body",
                        () -> new Request.Builder()
                                .url("http://a/b")
                                .post(RequestBody.create("x", null))
                                .build());
        library.type("FormBody", () -> new FormBody.Builder().add("a", "b").build())
                .part("value", () -> new FormBody.Builder().add("a", "c").build());
        library.type("RequestBody", () -> RequestBody.create("a", MediaType.get("text/plain")))
                .part("text", () -> RequestBody.create("b", MediaType.get("text/plain")));
        library.type(
                        "Cookie",
                        () -> new okhttp3.Cookie.Builder()
                                .name("a")
                                .value("b")
                                .domain("c")
                                .expiresAt(1)
                                .build())
                .part(
                        "value",
                        () -> new okhttp3.Cookie.Builder()
                                .name("a")
                                .value("x")
                                .domain("c")
                                .expiresAt(1)
                                .build());

        Library square = survey.library("com.squareup.okio:okio-jvm", "bytes of OkHttp and Wire");
        square.type("ByteString", () -> ByteString.encodeUtf8("a")).part("bytes", () -> ByteString.encodeUtf8("b"));
        square.type("Buffer", () -> new okio.Buffer().writeUtf8("a"))
                .part("bytes", () -> new okio.Buffer().writeUtf8("b"));
        square.type("Path", () -> okio.Path.get("a")).part("path", () -> okio.Path.get("b"));
    }

    private static void netty(Survey survey) {
        Library library = survey.library("io.netty:netty-codec-http", "under most servers and clients");
        library.type("ByteBuf", () -> buffer("a"))
                .same(() -> Unpooled.wrappedBuffer("xa".getBytes(), 1, 1))
                .part("bytes", () -> buffer("b"));
        library.type("ByteBuf, read in part", () -> buffer("ab").skipBytes(1))
                .part("bytes", () -> buffer("ac").skipBytes(1));
        library.type("AsciiString", () -> AsciiString.of("a")).part("text", () -> AsciiString.of("b"));
        library.type("HttpHeaders", () -> new DefaultHttpHeaders().add("a", "b"))
                .part("value", () -> new DefaultHttpHeaders().add("a", "c"))
                .part("name", () -> new DefaultHttpHeaders().add("c", "b"));
        library.type("FullHttpRequest", () -> fullRequest("/a", "b"))
                .part("path", () -> fullRequest("/b", "b"))
                .part("content", () -> fullRequest("/a", "c"));
        library.type("HttpMethod", () -> HttpMethod.GET).part("method", () -> HttpMethod.PUT);
        library.type("HttpResponseStatus", () -> HttpResponseStatus.OK)
                .part("status", () -> HttpResponseStatus.CREATED);
        library.type("DefaultCookie", () -> new io.netty.handler.codec.http.cookie.DefaultCookie("a", "b"))
                .partBesideEquals("value", () -> new io.netty.handler.codec.http.cookie.DefaultCookie("a", "c"));
    }

    private static ByteBuf buffer(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
    }

    private static Object fullRequest(String path, String content) {
        return new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, path, buffer(content));
    }

    private static void vertx(Survey survey) {
        Library library = survey.library("io.vertx:vertx-core", "Quarkus' and other event loops");
        library.type("JsonObject", () -> new JsonObject("{\"a\":1,\"b\":[1]}"))
                .same(() -> new JsonObject("{\"b\":[1],\"a\":1}"))
                .part("number", () -> new JsonObject("{\"a\":2,\"b\":[1]}"))
                .part("element", () -> new JsonObject("{\"a\":1,\"b\":[2]}"))
                .part("name", () -> new JsonObject("{\"c\":1,\"b\":[1]}"));
        library.type("JsonArray", () -> new JsonArray("[1,{\"a\":1}]"))
                .part("element", () -> new JsonArray("[2,{\"a\":1}]"))
                .part("nested", () -> new JsonArray("[1,{\"a\":2}]"));
        library.type("Buffer", () -> Buffer.buffer("a")).part("bytes", () -> Buffer.buffer("b"));
        library.type("MultiMap", () -> MultiMap.caseInsensitiveMultiMap().add("a", "b"))
                .part("value", () -> MultiMap.caseInsensitiveMultiMap().add("a", "c"))
                .part(
                        "one more",
                        () -> MultiMap.caseInsensitiveMultiMap().add("a", "b").add("a", "c"));
        library.type("SocketAddress", () -> io.vertx.core.net.SocketAddress.inetSocketAddress(1, "a"))
                .part("port", () -> io.vertx.core.net.SocketAddress.inetSocketAddress(2, "a"))
                .part("host", () -> io.vertx.core.net.SocketAddress.inetSocketAddress(1, "b"));
        library.type("DeliveryOptions", () -> new io.vertx.core.eventbus.DeliveryOptions().addHeader("a", "b"))
                .part("header", () -> new io.vertx.core.eventbus.DeliveryOptions().addHeader("a", "c"));
    }

    private static void remoteCalls(Survey survey) {
        Library grpc = survey.library("io.grpc:grpc-api", "remote calls of Google's kind");
        grpc.type("Metadata", () -> metadata("a")).part("value", () -> metadata("b"));
        grpc.type("Status", () -> Status.INTERNAL.withDescription("a"))
                .part("description", () -> Status.INTERNAL.withDescription("b"))
                .part("code", () -> Status.UNKNOWN.withDescription("a"));
        grpc.type("Deadline", () -> io.grpc.Deadline.after(1, java.util.concurrent.TimeUnit.DAYS, new Tick()))
                .part("time", () -> io.grpc.Deadline.after(2, java.util.concurrent.TimeUnit.DAYS, new Tick()));
        grpc.type(
                        "Attributes",
                        () -> io.grpc.Attributes.newBuilder()
                                .set(ATTRIBUTE, "a")
                                .build())
                .part(
                        "value",
                        () -> io.grpc.Attributes.newBuilder()
                                .set(ATTRIBUTE, "b")
                                .build());
        grpc.type(
                        "StatusRuntimeException",
                        () -> Status.INTERNAL.withDescription("a").asRuntimeException())
                .part("description", () -> Status.INTERNAL.withDescription("b").asRuntimeException())
                .part("trailers", () -> Status.INTERNAL.withDescription("a").asRuntimeException(metadata("b")));

        Library graphql = survey.library("com.graphql-java:graphql-java", "GraphQL of Spring and Netflix");
        graphql.type("ExecutionResult", () -> new ExecutionResultImpl(Map.of("a", 1), List.of()))
                .part("data", () -> new ExecutionResultImpl(Map.of("a", 2), List.of()))
                .part(
                        "error",
                        () -> new ExecutionResultImpl(
                                Map.of("a", 1),
                                List.of(GraphqlErrorBuilder.newError()
                                        .message("m")
                                        .build())));
        graphql.type(
                        "GraphQLError",
                        () -> GraphqlErrorBuilder.newError().message("a").build())
                .part(
                        "message",
                        () -> GraphqlErrorBuilder.newError().message("b").build());
        graphql.type(
                        "ExecutionInput",
                        () -> ExecutionInput.newExecutionInput("{a}")
                                .variables(Map.of("v", 1))
                                .build())
                .part(
                        "query",
                        () -> ExecutionInput.newExecutionInput("{b}")
                                .variables(Map.of("v", 1))
                                .build())
                .part(
                        "variable",
                        () -> ExecutionInput.newExecutionInput("{a}")
                                .variables(Map.of("v", 2))
                                .build());
        graphql.type("SourceLocation", () -> new graphql.language.SourceLocation(1, 2))
                .part("line", () -> new graphql.language.SourceLocation(2, 2))
                .part("column", () -> new graphql.language.SourceLocation(1, 3));

        Library swagger = survey.library("io.swagger.core.v3:swagger-models", "descriptions of interfaces");
        swagger.type("OpenAPI", () -> openApi("a")).part("title", () -> openApi("b"));
        swagger.type(
                        "Schema",
                        () -> new io.swagger.v3.oas.models.media.Schema<Object>()
                                .type("a")
                                .description("d"))
                .part(
                        "type",
                        () -> new io.swagger.v3.oas.models.media.Schema<Object>()
                                .type("b")
                                .description("d"));
    }

    private static final io.grpc.Attributes.Key<String> ATTRIBUTE = io.grpc.Attributes.Key.create("k");

    private static final class Tick extends io.grpc.Deadline.Ticker {
        @Override
        public long nanoTime() {
            return 0;
        }
    }

    private static Metadata metadata(String value) {
        Metadata metadata = new Metadata();
        metadata.put(Metadata.Key.of("k", Metadata.ASCII_STRING_MARSHALLER), value);
        return metadata;
    }

    private static Object openApi(String title) {
        return new io.swagger.v3.oas.models.OpenAPI().info(new io.swagger.v3.oas.models.info.Info().title(title));
    }

    private static void headersAndMail(Survey survey) {
        Library core5 = survey.library("org.apache.httpcomponents.core5:httpcore5", "Apache's client");
        core5.type("BasicHeader", () -> new BasicHeader("a", "b"))
                .part("name", () -> new BasicHeader("c", "b"))
                .part("value", () -> new BasicHeader("a", "c"));
        core5.type("BasicNameValuePair", () -> new BasicNameValuePair("a", "b"))
                .part("name", () -> new BasicNameValuePair("c", "b"))
                .part("value", () -> new BasicNameValuePair("a", "c"));
        core5.type("HttpHost", () -> new HttpHost("http", "a", 1))
                .part("host", () -> new HttpHost("http", "b", 1))
                .part("port", () -> new HttpHost("http", "a", 2))
                .part("scheme", () -> new HttpHost("https", "a", 1));
        core5.type("ContentType", () -> org.apache.hc.core5.http.ContentType.TEXT_PLAIN)
                .part("type", () -> org.apache.hc.core5.http.ContentType.TEXT_HTML);
        core5.type("Timeout", () -> org.apache.hc.core5.util.Timeout.ofSeconds(1))
                .part("duration", () -> org.apache.hc.core5.util.Timeout.ofSeconds(2));

        Library rest = survey.library("jakarta.ws.rs:jakarta.ws.rs-api", "Jakarta EE's web services");
        rest.type("MultivaluedHashMap", () -> multivalued("a")).part("value", () -> multivalued("b"));
        rest.type("MediaType", () -> new jakarta.ws.rs.core.MediaType("a", "b"))
                .part("subtype", () -> new jakarta.ws.rs.core.MediaType("a", "c"));
        rest.type("Form", () -> new Form("a", "b")).part("value", () -> new Form("a", "c"));

        Library mail = survey.library("org.eclipse.angus:jakarta.mail", "mail");
        mail.type("InternetAddress", () -> new InternetAddress("a@b", "n"))
                .part("address", () -> new InternetAddress("c@b", "n"))
                .partBesideEquals("name", () -> new InternetAddress("a@b", "m"));
        mail.type("MimeMessage", () -> mail("a")).part("text", () -> mail("b"));
        mail.type("ContentType", () -> new jakarta.mail.internet.ContentType("text/plain"))
                .part("type", () -> new jakarta.mail.internet.ContentType("text/html"));
        mail.type("Flags", () -> new jakarta.mail.Flags(jakarta.mail.Flags.Flag.SEEN))
                .part("flag", () -> new jakarta.mail.Flags(jakarta.mail.Flags.Flag.DELETED))
                .part("user's flag", () -> new jakarta.mail.Flags("x"));
    }

    private static Object multivalued(String value) {
        MultivaluedHashMap<String, String> map = new MultivaluedHashMap<>();
        map.add("n", value);
        return map;
    }

    private static Object mail(String text) throws Exception {
        MimeMessage message = new MimeMessage((jakarta.mail.Session) null);
        message.setText(text);
        return message;
    }

    private static void tokens(Survey survey) {
        Library nimbus = survey.library("com.nimbusds:nimbus-jose-jwt", "tokens of Spring Security");
        nimbus.type("JWTClaimsSet", () -> claims("a"))
                .part("subject", () -> claims("b"))
                .part(
                        "claim",
                        () -> new JWTClaimsSet.Builder()
                                .subject("a")
                                .expirationTime(new Date(1000))
                                .claim("c", 1)
                                .build());
        nimbus.type("JWSHeader", () -> new JWSHeader(JWSAlgorithm.HS256))
                .part("algorithm", () -> new JWSHeader(JWSAlgorithm.HS384));
        nimbus.type("Base64URL", () -> Base64URL.encode("a")).part("text", () -> Base64URL.encode("b"));
        nimbus.type(
                        "OctetSequenceKey",
                        () -> new com.nimbusds.jose.jwk.OctetSequenceKey.Builder(new byte[] {1}).build())
                .part("bytes", () -> new com.nimbusds.jose.jwk.OctetSequenceKey.Builder(new byte[] {2}).build());

        Library auth0 = survey.library("com.auth0:java-jwt", "tokens of Auth0");
        auth0.type("DecodedJWT", () -> JWT.decode(token("a"))).part("subject", () -> JWT.decode(token("b")));
        auth0.type("Claim", () -> JWT.decode(token("a")).getClaim("sub"))
                .part("text", () -> JWT.decode(token("b")).getClaim("sub"));

        Library jjwt = survey.library("io.jsonwebtoken:jjwt-impl", "tokens of most other services");
        jjwt.type("Claims", () -> Jwts.claims().subject("a").build())
                .part("subject", () -> Jwts.claims().subject("b").build());
        jjwt.type("Header", () -> Jwts.header().type("a").build())
                .part("type", () -> Jwts.header().type("b").build());
    }

    private static Object claims(String subject) {
        return new JWTClaimsSet.Builder()
                .subject(subject)
                .expirationTime(new Date(1000))
                .build();
    }

    private static String token(String subject) {
        return JWT.create().withSubject(subject).sign(Algorithm.HMAC256("secret"));
    }
}
