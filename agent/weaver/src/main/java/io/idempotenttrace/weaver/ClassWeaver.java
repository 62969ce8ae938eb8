package io.idempotenttrace.weaver;

import io.idempotenttrace.bridge.GuardBootstrap;
import io.idempotenttrace.bridge.GuardPoint;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.asm.AsmVisitorWrapper;
import net.bytebuddy.description.annotation.AnnotationDescription;
import net.bytebuddy.description.method.MethodDescription;
import net.bytebuddy.description.method.ParameterDescription;
import net.bytebuddy.description.type.TypeDescription;
import net.bytebuddy.dynamic.ClassFileLocator;
import net.bytebuddy.dynamic.scaffold.InstrumentedType;
import net.bytebuddy.dynamic.scaffold.MethodGraph;
import net.bytebuddy.dynamic.scaffold.TypeValidation;
import net.bytebuddy.implementation.Implementation;
import net.bytebuddy.implementation.bytecode.assign.Assigner;
import net.bytebuddy.implementation.bytecode.member.MethodInvocation;
import net.bytebuddy.jar.asm.Label;
import net.bytebuddy.jar.asm.MethodTooLargeException;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.matcher.ElementMatchers;
import net.bytebuddy.pool.TypePool;
import net.bytebuddy.utility.JavaConstant;
import net.bytebuddy.utility.OpenedClassReader;

/**
 * Writes the guard into methods of a class file. The class keeps its shape (no member added, no format changed), so that a
 * class that is already loaded can be woven too. Types are described from class files alone: loading one while another loads
 * can deadlock or recurse.
 */
final class ClassWeaver {

    private static final MethodDescription.InDefinedShape BOOTSTRAP = new TypeDescription.ForLoadedType(GuardBootstrap.class)
            .getDeclaredMethods().filter(ElementMatchers.named("link")).getOnly();
    private static final TypeDescription POINT = new TypeDescription.ForLoadedType(GuardPoint.class);

    private final ByteBuddy byteBuddy = new ByteBuddy()
            .with(TypeValidation.DISABLED)
            .with(MethodGraph.Compiler.ForDeclaredMethods.INSTANCE)
            .with(InstrumentedType.Factory.Default.FROZEN)
            .with(Implementation.Context.Disabled.Factory.INSTANCE);

    /** What is written into a method. */
    private record Guarded(String specification, int firstLine) {
    }

    /**
     * @param loader the class's loader, where supertypes are read if a stack frame needs them
     * @param methods the methods to guard; none of them abstract, native or a bridge
     * @throws MethodTooLargeException if the guard has no room in a method's 64 KB
     */
    byte[] weave(ClassLoader loader, byte[] classFile, List<AnnotatedMethods.Found> methods) {
        Map<String, Guarded> guarded = new HashMap<>();
        for (AnnotatedMethods.Found method : methods) {
            guarded.put(method.specification().methodName() + method.specification().descriptor(),
                    new Guarded(method.specification().toText(), method.firstLine()));
        }
        String className = methods.get(0).specification().className();
        ClassFileLocator locator = new ClassFileLocator.Compound(ClassFileLocator.Simple.of(className, classFile),
                ClassFileLocator.ForClassLoader.of(loader));
        TypeDescription type = TypePool.Default.of(locator).describe(className).resolve();
        Advice advice = Advice.withCustomMapping()
                .bind(new CallSiteConstantFactory(guarded))
                .to(GuardAdvice.class, ClassFileLocator.ForClassLoader.of(GuardAdvice.class.getClassLoader()));
        return byteBuddy.decorate(type, locator)
                .visit(new AsmVisitorWrapper.ForDeclaredMethods().method(method -> guarded.containsKey(key(method)), new FirstLine(guarded)))
                .visit(new AsmVisitorWrapper.ForDeclaredMethods().method(method -> guarded.containsKey(key(method)), advice))
                .make()
                .getBytes();
    }

    private static String key(MethodDescription method) {
        return method.getInternalName() + method.getDescriptor();
    }

    /**
     * Gives the guard's entry the line at which the body begins: a stack trace that comes from the guard then names a line
     * of the method, as one from its body does.
     */
    private record FirstLine(Map<String, Guarded> guarded) implements AsmVisitorWrapper.ForDeclaredMethods.MethodVisitorWrapper {

        @Override
        public MethodVisitor wrap(TypeDescription type, MethodDescription method, MethodVisitor visitor, Implementation.Context context,
                TypePool pool, int writerFlags, int readerFlags) {
            int line = guarded.get(key(method)).firstLine;
            return line == 0 ? visitor : new MethodVisitor(OpenedClassReader.ASM_API, visitor) {
                @Override
                public void visitCode() {
                    super.visitCode();
                    Label start = new Label();
                    super.visitLabel(start);
                    super.visitLineNumber(line, start);
                }
            };
        }
    }

    /** Gives the advice's parameter the value of an {@code invokedynamic} that carries the method's specification. */
    private record CallSiteConstantFactory(Map<String, Guarded> guarded)
            implements Advice.OffsetMapping.Factory<GuardAdvice.CallSiteConstant> {

        @Override
        public Class<GuardAdvice.CallSiteConstant> getAnnotationType() {
            return GuardAdvice.CallSiteConstant.class;
        }

        @Override
        public Advice.OffsetMapping make(ParameterDescription.InDefinedShape target,
                AnnotationDescription.Loadable<GuardAdvice.CallSiteConstant> annotation, Advice.OffsetMapping.Factory.AdviceType adviceType) {
            return (TypeDescription instrumentedType, MethodDescription method, Assigner assigner,
                    Advice.ArgumentHandler argumentHandler, Advice.OffsetMapping.Sort sort) -> new Advice.OffsetMapping.Target.ForStackManipulation(MethodInvocation
                            .invoke(BOOTSTRAP)
                            .dynamic("guardPoint", POINT, List.of(), List.of(JavaConstant.Simple.ofLoaded(
                                    guarded.get(key(method)).specification))));
        }
    }
}
