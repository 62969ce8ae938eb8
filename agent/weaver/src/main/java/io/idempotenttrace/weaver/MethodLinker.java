package io.idempotenttrace.weaver;

import io.idempotenttrace.bridge.GuardLinker;
import io.idempotenttrace.bridge.GuardPoint;
import io.idempotenttrace.weaver.application.ApplicationCode;
import io.idempotenttrace.weaver.async.AsyncTypes;
import io.idempotenttrace.weaver.async.Coroutines;
import io.idempotenttrace.weaver.async.FutureShape;
import io.idempotenttrace.weaver.async.PublisherShape;
import io.idempotenttrace.weaver.async.ValueClass;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JavaType;

/** Makes the guard of a woven method when it is first called: by then its classes are there to be looked at. */
final class MethodLinker extends GuardLinker {

    private final GuardedMethod.Parts parts;

    MethodLinker(GuardedMethod.Parts parts) {
        this.parts = parts;
    }

    /** Looks at the application's classes by its class loaders, which may be code of the application's. */
    @Override
    public GuardPoint link(MethodHandles.Lookup caller, String text) {
        boolean[] door = ApplicationCode.door();
        boolean before = door[0];
        door[0] = true;
        try {
            return guardPoint(caller, text);
        } finally {
            door[0] = before;
        }
    }

    private GuardPoint guardPoint(MethodHandles.Lookup caller, String text) {
        MethodSpecification specification = MethodSpecification.parse(text);
        Class<?> declaring = caller.lookupClass();
        MethodProblem mistake = WeavingRules.mistake(specification);
        if (mistake != null) {
            // It was said when the class was woven.
            String refusal = Policies.refusal(specification, mistake, parts.configuration());
            return new UnguardableMethod(
                    declaring,
                    specification,
                    refusal == null ? null : mistake.toRefusal(specification, refusal),
                    parts);
        }
        if (specification.isSuspending()) {
            return suspendMethod(specification, caller);
        }
        Class<?> returned = ResultJson.returnType(specification, declaring);
        Type generic = ResultJson.genericReturnType(specification, declaring);
        AsyncTypes.reportTo(parts.log()::sayOnce);
        String unended = UnendedReturn.of(returned, generic);
        if (unended != null) {
            return unobservable(specification, declaring, UnendedReturn.returns(unended), null);
        }
        String told = CallbackParameters.unended(specification, declaring);
        if (told != null) {
            return unobservable(specification, declaring, told, null);
        }
        if (returned.isPrimitive() || returned.isArray() || !AsyncTypes.isObserved(returned)) {
            return new ImmediateMethod(
                    specification,
                    declaring,
                    ReturnValue.ofImmediate(specification, declaring, returned, generic, parts),
                    parts,
                    returned);
        }
        FutureShape future = AsyncTypes.future(returned, caller);
        if (future != null && generic instanceof TypeVariable) {
            // The caller casts to the class that the variable stands for there: only the body's own future is of it.
            return new ImmediateMethod(
                    specification, declaring, value(specification, declaring, Object.class), parts, returned);
        }
        if (future != null) {
            // A subclass of CompletableFuture may have no type parameter of its own.
            Type type = future.valueless()
                    ? void.class
                    : ResultJson.genericParameterOf(generic, AsyncTypes.valueCarrier(returned), declaring);
            return new FutureMethod(
                    specification,
                    declaring,
                    value(specification, declaring, type),
                    parts,
                    future,
                    BodyCall.of(specification, caller),
                    Policies.throwsAsyncErrors(specification, parts.configuration()));
        }
        try {
            PublisherShape publisher = AsyncTypes.publisher(
                    returned, caller, what -> parts.log().sayOnce(UnendedReturn.atRunTime(specification, what)));
            // What is observed and no future is a publisher.
            return publisherMethod(specification, declaring, generic, returned, Objects.requireNonNull(publisher));
        } catch (IllegalStateException oldLibrary) {
            return unobservable(
                    specification,
                    declaring,
                    UnendedReturn.returns(
                            UnendedReturn.described(returned.getName(), String.valueOf(oldLibrary.getMessage()))),
                    null);
        }
    }

    private GuardPoint unobservable(
            MethodSpecification specification, Class<?> declaring, String does, @Nullable Resumptions resumptions) {
        UnobservableMethod method = new UnobservableMethod(
                specification, declaring, value(specification, declaring, void.class), parts, does, resumptions);
        parts.log().sayOnce(UnendedReturn.report(specification, does, method.throwsOnUnobservable));
        return method;
    }

    private GuardPoint suspendMethod(MethodSpecification specification, MethodHandles.Lookup caller) {
        Class<?> declaring = caller.lookupClass();
        try {
            Type result = ResultJson.typeOfSuspendFunction(specification, declaring);
            if (specification.traceIdReturned() && !WeavingRules.isTraceId(result.getTypeName())) {
                throw new IllegalStateException("it is annotated with @TraceId but returns " + result.getTypeName()
                        + "; return String, UUID or Long");
            }
            Resumptions resumptions = Resumptions.of(specification, caller);
            String unended = UnendedReturn.ofSuspendFunction(result);
            if (unended != null) {
                return unobservable(specification, declaring, UnendedReturn.returns(unended), resumptions);
            }
            ValueClass valueClass = ValueClass.of(result, resumptions.continuation());
            Type stored = valueClass == null ? result : valueClass.held();
            ReturnValue value =
                    value(specification, declaring, stored.getTypeName().equals("kotlin.Unit") ? void.class : stored);
            BodyCall body = BodyCall.of(specification, caller);
            if (body == null) {
                throw new IllegalStateException("its body can't be called");
            }
            return new SuspendMethod(
                    specification, declaring, value, parts, new Coroutines(caller), body, resumptions, valueClass);
        } catch (IllegalStateException | ReflectiveOperationException | LinkageError e) {
            String refusal = Policies.refusal(specification, parts.configuration());
            String problem = specification.qualifiedName() + " is a suspend function that can't be guarded ("
                    + e.getMessage() + ")";
            parts.log().say(problem + (refusal != null ? "; its calls are refused" : "; its body runs on every call"));
            return new UnguardableMethod(
                    declaring,
                    specification,
                    refusal == null ? null : MethodProblem.toRefusal(problem, refusal),
                    parts);
        }
    }

    private GuardPoint publisherMethod(
            MethodSpecification specification,
            Class<?> declaring,
            Type generic,
            Class<?> returned,
            PublisherShape publisher) {
        JavaType item = publisher.empty() ? null : ResultJson.parameterOf(generic, returned, declaring);
        Type itemType = item == null ? void.class : ResultJson.genericParameterOf(generic, returned, declaring);
        JavaType listed = item != null && publisher.many() && item.getRawClass() != Void.class ? item : null;
        ReturnValue itemValue = listed != null
                ? ReturnValue.ofItem(specification, declaring, itemType, parts)
                : value(specification, declaring, itemType);
        ReturnValue all =
                listed != null ? value(specification, declaring, ResultJson.listOf(listed, declaring)) : itemValue;
        return new PublisherMethod(
                specification,
                declaring,
                all,
                itemValue,
                parts,
                publisher,
                Policies.maxResultBytes(specification, parts.configuration()),
                Policies.throwsAsyncErrors(specification, parts.configuration()));
    }

    private ReturnValue value(MethodSpecification specification, Class<?> declaring, Type type) {
        return new ReturnValue(specification, declaring, type, parts);
    }
}
