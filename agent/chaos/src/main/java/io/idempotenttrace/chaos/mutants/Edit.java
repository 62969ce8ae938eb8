package io.idempotenttrace.chaos.mutants;

import java.util.function.Consumer;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;

/** One change of one file of the agent. An edit that finds nothing to change fails: the code has moved on, and the mutant has to follow. */
sealed interface Edit {

    /** The file's name inside of the agent's engine. */
    String file();

    byte[] apply(byte[] content);

    /** Replaces each place of a text in a script. */
    record OfScript(String script, String from, String to) implements Edit {

        static final String FOLDER = "io/idempotenttrace/core/store/redis/";

        @Override
        public String file() {
            return FOLDER + script;
        }

        String apply(String text) {
            String changed = text.replace(from, to);
            if (changed.equals(text)) {
                throw new IllegalStateException(script + " has no text '" + from + "'; adapt the mutant");
            }
            return changed;
        }

        @Override
        public byte[] apply(byte[] content) {
            return apply(new String(content, java.nio.charset.StandardCharsets.UTF_8))
                    .getBytes(java.nio.charset.StandardCharsets.UTF_8);
        }
    }

    /**
     * Gives all methods of a name in a class another body.
     *
     * @param type the class, as {@code io.idempotenttrace...}
     * @param method the name; with the descriptor behind it, that one method alone
     * @param body writes it, without jumps
     */
    record OfMethod(String type, String method, Consumer<MethodVisitor> body) implements Edit {

        @Override
        public String file() {
            return type.replace('.', '/') + ".class";
        }

        @Override
        public byte[] apply(byte[] content) {
            ClassReader reader = new ClassReader(content);
            ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
            boolean[] found = new boolean[1];
            reader.accept(
                    new ClassVisitor(Opcodes.ASM9, writer) {
                        @Override
                        public MethodVisitor visitMethod(
                                int access, String name, String descriptor, String signature, String[] exceptions) {
                            MethodVisitor out = super.visitMethod(access, name, descriptor, signature, exceptions);
                            if (!method.equals(name) && !method.equals(name + descriptor)) {
                                return out;
                            }
                            found[0] = true;
                            out.visitCode();
                            body.accept(out);
                            out.visitMaxs(0, 0);
                            out.visitEnd();
                            return null;
                        }
                    },
                    0);
            if (!found[0]) {
                throw new IllegalStateException(type + " has no method '" + method + "'; adapt the mutant");
            }
            return writer.toByteArray();
        }
    }
}
