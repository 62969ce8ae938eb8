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
import net.bytebuddy.matcher.ElementMatchers;
import net.bytebuddy.pool.TypePool;
import net.bytebuddy.utility.JavaConstant;

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

    /**
     * @param loader the class's loader, where supertypes are read if a stack frame needs them
     * @param methods the methods to guard; none of them abstract, native or a bridge
     */
    byte[] weave(ClassLoader loader, byte[] classFile, List<MethodSpecification> methods) {
        Map<String, String> specifications = new HashMap<>();
        for (MethodSpecification method : methods) {
            specifications.put(method.methodName() + method.descriptor(), method.toText());
        }
        String className = methods.get(0).className();
        ClassFileLocator locator = new ClassFileLocator.Compound(ClassFileLocator.Simple.of(className, classFile),
                ClassFileLocator.ForClassLoader.of(loader));
        TypeDescription type = TypePool.Default.of(locator).describe(className).resolve();
        Advice advice = Advice.withCustomMapping()
                .bind(new CallSiteConstantFactory(specifications))
                .to(GuardAdvice.class, ClassFileLocator.ForClassLoader.of(GuardAdvice.class.getClassLoader()));
        return byteBuddy.decorate(type, locator)
                .visit(new AsmVisitorWrapper.ForDeclaredMethods().method(
                        method -> specifications.containsKey(method.getInternalName() + method.getDescriptor()), advice))
                .make()
                .getBytes();
    }

    /** Gives the advice's parameter the value of an {@code invokedynamic} that carries the method's specification. */
    private record CallSiteConstantFactory(Map<String, String> specifications)
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
                                    specifications.get(method.getInternalName() + method.getDescriptor())))));
        }
    }
}
