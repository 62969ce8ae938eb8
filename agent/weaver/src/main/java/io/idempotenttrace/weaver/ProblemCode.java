package io.idempotenttrace.weaver;

import java.util.Locale;

/** The kinds of mistakes that annotated methods show before they are called. The codes are stable: builds compare them. */
public enum ProblemCode {
    NO_BODY("annotated is an abstract, native or interface method without body: it has no effect"),
    CONSTRUCTOR("annotated is a constructor: it has no effect"),
    STRAY_ANNOTATION("@IdempotencyKey, @TenantId, @TraceId or @Unhashed without @IdempotentTrace: it has no effect"),
    UNGUARDED_OVERRIDE("overrides a guarded method and is not annotated itself: its body runs on every call"),
    OLD_CLASS_FILE("compiled for Java 6 or older: runs unguarded"),
    SUSPEND_LAMBDA("a Kotlin suspend lambda: runs unguarded"),
    INLINE_FUNCTION("a Kotlin inline function: its callers hold unguarded copies of its body"),
    BODY_TOO_LONG("the guard has no room in the 64 KB of the method's code: runs unguarded"),
    TRACE_ID_TYPE(
            "@TraceId on a method that returns what is no trace id (runs unguarded), or on a list, map or object"),
    TENANT_TYPE("@TenantId on a list, map or object, whose whole JSON would be the tenant"),
    BAD_DURATION("ttl or lease is no duration: runs unguarded"),
    BAD_POINTER("a text is no JSON Pointer: runs unguarded"),
    UNOBSERVABLE_RETURN("returns what ends later and nobody sees it: runs unguarded, or is refused"),
    UNOBSERVABLE_CALLBACK("the end of its work is told to a parameter alone: runs unguarded, or is refused"),
    CALLBACK_PARAMETER("takes a function, or what acknowledges a message, which a duplicate does not call"),
    UNSTABLE_SCOPE("the default scope holds a number that the compiler counts up: give it a scope"),
    SHARED_SCOPE("another method, or class that inherits it, has the same scope: a key of one is a key of the other"),
    NO_KEY("no @IdempotencyKey: the hash of the payload is the key, so a changed payload is a new call"),
    CONSTANT_KEY("neither key nor payload: all calls have one key, and the body runs once"),
    WEAK_KEY("the key is a boolean or an enum alone: calls that have nothing to do with each other share it"),
    VOLATILE_KEY("a part of the key looks like a value made anew for each delivery: a redelivery runs again"),
    DUPLICATE_ANNOTATION("an annotation of which one counts stands on two parameters, or a part of the key twice"),
    UNMATCHED_POINTER("a pointer matches nothing in the declared types"),
    UNHASHABLE_TYPE("a type of the payload, key, tenant or trace id can't be hashed"),
    UNSEEN_FIELDS("a class of the payload shows a part of its state only, and is refused"),
    VOLATILE_MEMBER(
            "a member of the payload looks like a value made anew for each delivery: a redelivery is a conflict"),
    NOTHING_HASHED("include and exclude leave nothing of the payload to hash"),
    MISSING_NAMES("names of parameters are hashed, and the class file lacks them: compile with -parameters"),
    UNREADABLE_RESULT("duplicates may get no result, since it can't be read back from JSON"),
    POLICY_WITHOUT_EFFECT("a policy of the annotation does nothing for what the method returns"),
    SHORT_WAIT("in-progress-wait is shorter than the lease: who meets a killed worker's key gives up too early"),
    CLASS_MISSING("a class is missing on the class path, so that types could not be looked at");

    private final String meaning;

    ProblemCode(String meaning) {
        this.meaning = meaning;
    }

    /** As programs know it, such as {@code no-key}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** One line for people. */
    public String meaning() {
        return meaning;
    }
}
