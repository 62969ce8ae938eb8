package io.idempotenttrace.weaver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.config.Configuration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.bytebuddy.jar.asm.AnnotationVisitor;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Mistakes that no source has, or that a class path makes; those of sources are in package {@code planted} of the commands. */
class MethodExplainerTest {

    @TempDir
    private Path folder;

    private String explain(JavaSources sources, byte[] classFile) {
        return explain(Configuration.defaults(), sources, classFile);
    }

    private static String explain(Configuration configuration, JavaSources sources, byte[] classFile) {
        MethodExplainer explainer = new MethodExplainer(configuration);
        explainer.met(sources.loader(), classFile);
        List<String> lines = explainer.lines();
        assertEquals(1, lines.size(), lines::toString);
        return lines.get(0);
    }

    private JavaSources emitter(String parameters) {
        return JavaSources.compile(
                folder,
                "app/Emitter",
                "package app; import io.idempotenttrace.*; public class Emitter { public static class Order { public String id; }"
                        + " @IdempotentTrace public void emit(" + parameters + ") {} }");
    }

    @Test
    void aTypeThatOnlyAnotherMethodNeedsMayBeMissing() throws IOException {
        JavaSources sources = JavaSources.compile(
                folder,
                "app/Emitter",
                "package app; import io.idempotenttrace.*; public class Emitter { public record Order(String id) {}"
                        + " @IdempotentTrace public void emit(@IdempotencyKey(\"/id\") Order order) {"
                        + " java.util.function.Consumer<Missing> body = missing -> {}; } }",
                "app/Missing",
                "package app; public class Missing { }");
        byte[] classFile = sources.classFile("app/Emitter");
        Files.delete(folder.resolve("app/Missing.class"));
        String line = explain(sources, classFile);
        assertTrue(line.contains("\"id\""), line);
        assertFalse(line.contains("class-missing"), line);
    }

    @Test
    void aBodyWithoutRoomForTheGuardIsNamed() {
        JavaSources sources = emitter("@IdempotencyKey String key");
        ClassWriter writer = new ClassWriter(0);
        new ClassReader(sources.classFile("app/Emitter"))
                .accept(
                        new ClassVisitor(Opcodes.ASM9, writer) {
                            @Override
                            public MethodVisitor visitMethod(
                                    int access, String name, String descriptor, String signature, String[] exceptions) {
                                return new MethodVisitor(
                                        Opcodes.ASM9,
                                        super.visitMethod(access, name, descriptor, signature, exceptions)) {
                                    @Override
                                    public void visitCode() {
                                        super.visitCode();
                                        for (int i = 0; name.equals("emit") && i < 65_500; i++) {
                                            super.visitInsn(Opcodes.NOP);
                                        }
                                    }
                                };
                            }
                        },
                        0);
        String line = explain(sources, writer.toByteArray());
        assertTrue(line.contains("\"code\":\"body-too-long\"") && line.contains("\"guarded\":false"), line);
    }

    @Test
    void aClassFileOfJava6IsNamed() {
        JavaSources sources = emitter("@IdempotencyKey String key");
        byte[] old = sources.classFile("app/Emitter");
        old[7] = 50;
        assertTrue(explain(sources, old).contains("\"code\":\"old-class-file\""));
    }

    @Test
    void whatIsRefusedIsToldAsRefusedAndWhatHasNoBodyIsNot() {
        Map<String, String> settings = new HashMap<>(Configuration.defaults().toMap());
        settings.put("on-store-failure", "throw");
        Configuration closed = Configuration.fromMap(settings);
        JavaSources sources = emitter("@IdempotencyKey(\"id\") String key");
        String refused = explain(closed, sources, sources.classFile("app/Emitter"));
        assertTrue(
                refused.contains("its calls are refused (on-store-failure=throw): 'id' is no JSON Pointer"), refused);
        JavaSources without = JavaSources.compile(
                folder,
                "app/Bodiless",
                "package app; import io.idempotenttrace.*; public interface Bodiless { @IdempotentTrace void emit(String key); }");
        String bodiless = explain(closed, without, without.classFile("app/Bodiless"));
        assertTrue(bodiless.contains("has no body"), bodiless);
        assertFalse(bodiless.contains("refused"), bodiless);
    }

    @Test
    void namesThatTheClassFileLacksAreNamed() {
        JavaSources sources = emitter("@IdempotencyKey String key, String text, int count");
        ClassWriter writer = new ClassWriter(0);
        new ClassReader(sources.classFile("app/Emitter")).accept(writer, ClassReader.SKIP_DEBUG);
        String line = explain(sources, writer.toByteArray());
        assertTrue(line.contains("\"code\":\"missing-names\""), line);
    }

    @Test
    void anAnnotatedConstructorIsNamed() {
        JavaSources sources = emitter("@IdempotencyKey String key");
        ClassWriter writer = new ClassWriter(0);
        new ClassReader(sources.classFile("app/Emitter"))
                .accept(
                        new ClassVisitor(Opcodes.ASM9, writer) {
                            @Override
                            public MethodVisitor visitMethod(
                                    int access, String name, String descriptor, String signature, String[] exceptions) {
                                MethodVisitor method =
                                        super.visitMethod(access, name, descriptor, signature, exceptions);
                                if (!name.equals("<init>")) {
                                    // Its own annotation goes: one method is enough.
                                    return new MethodVisitor(Opcodes.ASM9, method) {
                                        @Override
                                        public AnnotationVisitor visitAnnotation(String type, boolean visible) {
                                            return null;
                                        }

                                        @Override
                                        public AnnotationVisitor visitParameterAnnotation(
                                                int index, String type, boolean visible) {
                                            return null;
                                        }
                                    };
                                }
                                method.visitAnnotation(AnnotatedMethods.ANNOTATION, true)
                                        .visitEnd();
                                return method;
                            }
                        },
                        0);
        assertTrue(explain(sources, writer.toByteArray()).contains("\"code\":\"constructor\""));
    }

    @Test
    void aTypeThatIsMissingIsNamedAndWhatTheClassFileShowsIsStillTold() throws IOException {
        JavaSources sources = emitter("@IdempotencyKey(\"/id\") Order order");
        byte[] classFile = sources.classFile("app/Emitter");
        Files.delete(folder.resolve("app/Emitter$Order.class"));
        String line = explain(sources, classFile);
        assertTrue(
                line.contains("\"key\":\"order/id\"")
                        && line.contains("\"code\":\"class-missing\"")
                        && line.contains("Order"),
                line);
    }
}
