package io.idempotenttrace.weaver;

import io.idempotenttrace.IdempotentTrace;
import io.idempotenttrace.OnConflict;
import io.idempotenttrace.OnDuplicate;
import io.idempotenttrace.OnInProgress;
import io.idempotenttrace.OnStoreFailure;
import io.idempotenttrace.config.Configuration;
import io.idempotenttrace.config.Durations;
import io.idempotenttrace.config.Setting;
import io.idempotenttrace.core.canonical.Exclusions;
import io.idempotenttrace.core.failure.StoredError;
import io.idempotenttrace.core.guard.CallPolicy;
import io.idempotenttrace.core.guard.ScopeMode;
import io.idempotenttrace.core.open.HashedParts;
import io.idempotenttrace.core.store.RecordTimes;
import io.idempotenttrace.weaver.async.FailureValue;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a method's annotation says, else its scope's settings, else the settings for all. */
final class Policies {

    private Policies() {}

    /** The name under which {@code scope.<scope>.<name>} sets values for the method. */
    static String settingScope(MethodSpecification method) {
        return method.scope().isEmpty() ? method.qualifiedName() : method.scope();
    }

    /** The scope inside the record's name; null for a shared key. */
    static @Nullable String recordScope(MethodSpecification method, Configuration configuration) {
        return method.scope().equals(IdempotentTrace.SHARED) ? null : configuration.recordScope(settingScope(method));
    }

    /** The places of the payload that alone are hashed; none where all are. */
    static List<String> included(MethodSpecification method, Configuration configuration) {
        return HashedParts.included(configuration, settingScope(method), method.include());
    }

    /** What is left out of the payload before it is hashed. */
    static Exclusions exclusions(MethodSpecification method, Configuration configuration) {
        return HashedParts.exclusions(configuration, settingScope(method), method.include(), method.exclude());
    }

    static CallPolicy resolve(MethodSpecification method, Configuration configuration) {
        String scope = settingScope(method);
        OnConflict onConflict =
                choose(OnConflict.class, method.onConflict(), configuration.text(Setting.ON_CONFLICT, scope));
        if (onConflict == OnConflict.SKIP && !method.descriptor().endsWith(")V")) {
            // A method that returns a value can't return without one, and none is made up.
            onConflict = OnConflict.THROW;
        }
        return new CallPolicy(
                new RecordTimes(
                        millis(method.ttl(), configuration, Setting.TTL, scope),
                        configuration.millis(Setting.FAILED_TTL, scope),
                        millis(method.lease(), configuration, Setting.LEASE, scope)),
                configuration.millis(Setting.IN_PROGRESS_WAIT, scope),
                choose(OnDuplicate.class, method.onDuplicate(), configuration.text(Setting.ON_DUPLICATE, scope)),
                choose(OnInProgress.class, method.onInProgress(), configuration.text(Setting.ON_IN_PROGRESS, scope)),
                onConflict,
                onStoreFailure(method, configuration, scope),
                configuration.text(Setting.ON_MISSING_KEY, scope).equals("throw"),
                configuration.text(Setting.COMPLETION, scope).equals("async"),
                configuration.millis(Setting.MAX_HOLD, scope));
    }

    /** The mode of the method's scope. */
    static ScopeMode mode(MethodSpecification method, GuardedMethod.Parts parts) {
        boolean refuses = refusesUnguarded(method, parts.configuration());
        return parts.guard().modes().of(settingScope(method), refuses);
    }

    /**
     * What becomes of a call whose payload can't be hashed.
     *
     * @param throwing whether it is refused, and does not run unguarded
     * @param setting what says so, for messages, such as {@code on-unhashable=throw}
     */
    record Unhashable(boolean throwing, String setting) {}

    /** As {@code on-unhashable} says; where it is not set, as for a store that can't answer. */
    static Unhashable unhashable(MethodSpecification method, CallPolicy policy, Configuration configuration) {
        String set = configuration.text(Setting.ON_UNHASHABLE, settingScope(method));
        boolean throwing = set.isEmpty() ? policy.onStoreFailure() == OnStoreFailure.THROW : set.equals("throw");
        Setting decisive = set.isEmpty() ? Setting.ON_STORE_FAILURE : Setting.ON_UNHASHABLE;
        return new Unhashable(throwing, decisive.key() + '=' + (throwing ? "throw" : "proceed"));
    }

    /**
     * The setting by which calls of a method are refused that can't be guarded, such as {@code on-store-failure=throw}; null where their bodies
     * run. A pointer that is none leaves them without a key, or their payload without what it excludes.
     */
    static @Nullable String refusal(MethodSpecification method, MethodProblem problem, Configuration configuration) {
        if (problem.code() == ProblemCode.NO_BODY || problem.code() == ProblemCode.CONSTRUCTOR) {
            // The annotation is without effect there.
            return null;
        }
        String refusal = refusal(method, configuration);
        if (refusal == null && problem.code() == ProblemCode.BAD_POINTER) {
            for (Setting setting : List.of(Setting.ON_MISSING_KEY, Setting.ON_UNHASHABLE)) {
                if (configuration.text(setting, settingScope(method)).equals("throw")) {
                    return setting.key() + "=throw";
                }
            }
        }
        return refusal;
    }

    /** As the other one, of what no other setting concerns. */
    static @Nullable String refusal(MethodSpecification method, Configuration configuration) {
        return refusesUnguarded(method, configuration) ? Setting.ON_STORE_FAILURE.key() + "=throw" : null;
    }

    /** Whether a call is refused that can't be guarded; else its body runs. */
    static boolean refusesUnguarded(MethodSpecification method, Configuration configuration) {
        return onStoreFailure(method, configuration, settingScope(method)) == OnStoreFailure.THROW;
    }

    private static OnStoreFailure onStoreFailure(
            MethodSpecification method, Configuration configuration, String scope) {
        return choose(
                OnStoreFailure.class, method.onStoreFailure(), configuration.text(Setting.ON_STORE_FAILURE, scope));
    }

    /** Whether a call that returns inside a transaction ends with that. */
    static boolean joinsTransactions(MethodSpecification method, Configuration configuration) {
        return configuration.text(Setting.TRANSACTIONAL, settingScope(method)).equals("join");
    }

    /** What the method's records keep of an exception. */
    static StoredError storedError(MethodSpecification method, Configuration configuration) {
        return choose(StoredError.class, "DEFAULT", configuration.text(Setting.STORE_ERROR, settingScope(method)));
    }

    /** Whether a call is refused whose end nobody can see. */
    static boolean throwsOnUnobservable(MethodSpecification method, Configuration configuration) {
        return configuration.text(Setting.ON_UNOBSERVABLE, settingScope(method)).equals("throw");
    }

    /** Whether a method that returns a future or publisher throws a refusal; else what it returns fails with it. */
    static boolean throwsAsyncErrors(MethodSpecification method, Configuration configuration) {
        return configuration.text(Setting.ASYNC_ERRORS, settingScope(method)).equals("throw");
    }

    /** Whether a call without tenant is refused. */
    static boolean throwsOnMissingTenant(MethodSpecification method, Configuration configuration) {
        return configuration
                .text(Setting.ON_MISSING_TENANT, settingScope(method))
                .equals("throw");
    }

    /** Whether digests of the payload's members are kept, by which a conflict's message names those that differ. */
    static boolean keepsConflictDetail(MethodSpecification method, Configuration configuration) {
        return configuration.text(Setting.CONFLICT_DETAIL, settingScope(method)).equals("true");
    }

    /** The values of the method that count as failures. */
    static Set<FailureValue> failedValues(MethodSpecification method, Configuration configuration) {
        return FailureValue.counted(configuration.text(Setting.FAILED_VALUES, settingScope(method)));
    }

    /** How large a result may be to be stored. */
    static int maxResultBytes(MethodSpecification method, Configuration configuration) {
        return configuration.count(Setting.MAX_RESULT_BYTES, settingScope(method));
    }

    private static long millis(String annotated, Configuration configuration, Setting setting, String scope) {
        return annotated.isEmpty() ? configuration.millis(setting, scope) : Durations.parseMillis(annotated);
    }

    /** The annotated constant, or the one that the setting's word names: {@code return-stored} is RETURN_STORED. */
    private static <E extends Enum<E>> E choose(Class<E> type, String annotated, String configured) {
        String constant = annotated.equals("DEFAULT")
                ? configured.toUpperCase(Locale.ROOT).replace('-', '_')
                : annotated;
        return Enum.valueOf(type, constant);
    }
}
