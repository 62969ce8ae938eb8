package io.idempotenttrace.weaver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.IdempotencyException;
import io.idempotenttrace.config.Configuration;
import io.idempotenttrace.core.guard.CallCounters.Ending;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A method that tells its end to a parameter has not ended when it returns, and a duplicate tells such a parameter nothing. */
class CallbackParametersTest {

    private static final String GUARDED = "\"guarded\":true";

    @TempDir
    private Path folder;

    private final AtomicInteger bodies = new AtomicInteger();

    private void callTwice(WovenProgram program, String method) {
        for (int i = 0; i < 2; i++) {
            program.call(method, method, null, (Runnable) bodies::incrementAndGet);
        }
    }

    @ParameterizedTest
    @CsvSource({"completion, 2", "callback, 2", "both, 1", "function, 1"})
    void whatTellsItsEndToAParameterAloneIsNotDoneWhenItReturns(String method, int runs) {
        WovenProgram program = new WovenProgram(CallbackPrograms.class);
        callTwice(program, method);
        assertEquals(runs, bodies.get());
        assertEquals(runs == 2 ? 2 : 0, program.count(Ending.UNGUARDED), program::counts);
        assertEquals(
                runs == 2,
                program.said().contains(method + " takes 'end' of type ")
                        && program.said().contains("unguarded (on-unobservable=proceed)"),
                program::said);
    }

    @Test
    void itIsRefusedWhereThePolicyIsToRefuse() {
        WovenProgram program = new WovenProgram(CallbackPrograms.class, "on-unobservable", "throw");
        IdempotencyException refused = assertThrows(IdempotencyException.class, () -> callTwice(program, "completion"));
        assertTrue(refused.getMessage().contains("completion takes 'end' of type "), refused::getMessage);
        assertEquals(0, bodies.get());
    }

    private String explain(String parameters, String body) {
        JavaSources sources = JavaSources.compile(
                folder,
                "jakarta/jms/Message",
                "package jakarta.jms; public interface Message { void acknowledge(); }",
                "jakarta/jms/TextMessage",
                "package jakarta.jms; public interface TextMessage extends Message {}",
                "jakarta/jms/Session",
                "package jakarta.jms; public interface Session {}",
                "io/vertx/core/Handler",
                "package io.vertx.core; public interface Handler<E> { void handle(E event); }",
                "io/vertx/core/AsyncResult",
                "package io.vertx.core; public interface AsyncResult<T> {}",
                "io/vertx/core/Promise",
                "package io.vertx.core; public interface Promise<T> extends Handler<AsyncResult<T>> {}",
                "io/grpc/stub/StreamObserver",
                "package io.grpc.stub; public interface StreamObserver<T> {}",
                "io/grpc/stub/CallStreamObserver",
                "package io.grpc.stub; public abstract class CallStreamObserver<T> implements StreamObserver<T> {}",
                "app/Emitter",
                "package app; import io.idempotenttrace.*; public class Emitter { @IdempotentTrace public void emit("
                        + "@IdempotencyKey String key, " + parameters + ") {" + body + "} }");
        MethodExplainer explainer = new MethodExplainer(Configuration.defaults());
        explainer.met(sources.loader(), sources.classFile("app/Emitter"));
        List<String> lines = explainer.lines();
        assertEquals(1, lines.size(), lines::toString);
        return lines.get(0);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "io.grpc.stub.CallStreamObserver<String> end",
                "io.grpc.stub.CallStreamObserver<? super String> end",
                "io.vertx.core.Promise<Void> end",
                "io.vertx.core.Handler<? super io.vertx.core.AsyncResult<String>> end",
                "io.vertx.core.Handler<? extends io.vertx.core.AsyncResult<?>> end",
                "io.vertx.core.Handler<io.vertx.core.AsyncResult<String>> end"
            })
    void theEndOfItsWorkIsNamedByLibrariesTypes(String parameter) {
        for (String before : List.of("", "@Unhashed java.util.List<? extends Number> numbers, ")) {
            String line = explain(before + "@Unhashed " + parameter, "");
            assertTrue(line.contains("\"code\":\"unobservable-callback\""), line);
            assertTrue(line.contains("\"guarded\":false"), line);
        }
    }

    /** When the method is linked, its class has a method with a type that is not there. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aMissingTypeOfAnotherMethodHidesNoEnd(boolean fileIsShown) throws Exception {
        JavaSources sources = JavaSources.compile(
                folder,
                "app/Optional",
                "package app; public class Optional {}",
                "io/grpc/stub/StreamObserver",
                "package io.grpc.stub; public interface StreamObserver<T> {}",
                "app/Emitter",
                "package app; import io.idempotenttrace.*; public class Emitter { @IdempotentTrace public void emit("
                        + "@IdempotencyKey String key, @Unhashed io.grpc.stub.StreamObserver<String> end) {}"
                        + " void debug(Optional optional) {} }");
        MethodSpecification emit = sources.specification("app/Emitter", "emit");
        Files.delete(folder.resolve("app/Optional.class"));
        ClassLoader shown = sources.loader();
        ClassLoader loader = fileIsShown
                ? shown
                : new ClassLoader(shown) {
                    @Override
                    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
                        if (!name.equals("app.Emitter")) {
                            return super.loadClass(name, resolve);
                        }
                        byte[] classFile = sources.classFile("app/Emitter");
                        return defineClass(name, classFile, 0, classFile.length);
                    }

                    @Override
                    public @Nullable URL getResource(String name) {
                        return null;
                    }

                    @Override
                    public @Nullable InputStream getResourceAsStream(String name) {
                        return null;
                    }
                };
        String told = CallbackParameters.unended(emit, loader.loadClass("app.Emitter"));
        assertNotNull(told);
        assertTrue(told.startsWith("takes 'end' of type io.grpc.stub.StreamObserver,"), told);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "io.vertx.core.Handler<String> events | | which a duplicate does not call",
                "java.util.function.ObjIntConsumer<String> done | | which a duplicate does not call",
                "java.util.concurrent.CompletableFuture<String> end | | which a duplicate does not call",
                "Runnable done | | which a duplicate does not call",
                "java.util.function.Consumer<? super String> done | | which a duplicate does not call",
                "jakarta.jms.Session session | | by which its body may acknowledge a message",
                "jakarta.jms.TextMessage message | message.acknowledge(); | by which its body may acknowledge a message"
            })
    void whatADuplicateDoesNotCallIsNamed(String parameter, String body, String hint) {
        String line = explain("@Unhashed " + parameter, body == null ? "" : body);
        assertTrue(line.contains("\"code\":\"callback-parameter\""), line);
        assertTrue(line.contains(hint), line);
        assertTrue(line.contains(GUARDED), line);
    }

    @ParameterizedTest
    @CsvSource({
        "jakarta.jms.TextMessage message",
        "java.util.function.Supplier<String> text",
        "java.util.concurrent.CompletionStage<String> before"
    })
    void whatIsNotToldAnythingIsNotNamed(String parameter) {
        String line = explain("@Unhashed " + parameter, "");
        assertTrue(line.contains("\"problems\":[]"), line);
        assertTrue(line.contains(GUARDED), line);
    }
}
