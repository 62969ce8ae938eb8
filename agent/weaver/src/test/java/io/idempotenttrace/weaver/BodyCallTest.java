package io.idempotenttrace.weaver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BodyCallTest {

    @TempDir
    private Path folder;

    /** An optional library is missing, of which only another method of the class has a type. */
    @Test
    void aMethodIsFoundThoughATypeOfAnotherOneIsMissing() throws ReflectiveOperationException, IOException {
        JavaSources compiled = JavaSources.compile(
                folder,
                "app/Emitter",
                "package app; import io.idempotenttrace.*; public class Emitter {"
                        + " @IdempotentTrace public java.util.concurrent.Future<String> emit(@IdempotencyKey String a) { return null; }"
                        + " @IdempotentTrace public static java.util.concurrent.Future<String> fixed(@IdempotencyKey String a) { return null; }"
                        + " public void other(Missing missing) { } }",
                "app/Missing",
                "package app; public class Missing { }");
        byte[] classFile = compiled.classFile("app/Emitter");
        Files.delete(folder.resolve("app/Missing.class"));
        Class<?> emitter = compiled.loader().loadClass("app.Emitter");
        assertThrows(NoClassDefFoundError.class, emitter::getDeclaredMethods);
        MethodHandles.Lookup caller = MethodHandles.privateLookupIn(emitter, MethodHandles.lookup());
        int found = 0;
        for (AnnotatedMethods.Found method : AnnotatedMethods.in(classFile)) {
            assertNotNull(BodyCall.of(method.specification(), caller), method.specification()::methodName);
            found++;
        }
        assertEquals(2, found);
    }
}
