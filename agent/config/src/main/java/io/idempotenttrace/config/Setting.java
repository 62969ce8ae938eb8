package io.idempotenttrace.config;

import org.jspecify.annotations.Nullable;

/**
 * Every setting there is: name, kind of value, default, meaning. The command line's help, the table in agent/docs and the check
 * of a user's values all come from here.
 */
public enum Setting {
    MODE(
            "mode",
            ValueKind.CHOICE,
            "enforce",
            "enforce|observe|off",
            "enforce guards; observe runs every body and only counts the verdicts; off does nothing, and for all scopes weaves nothing",
            Scope.PER_SCOPE),
    STORE(
            "store",
            ValueKind.CHOICE,
            "auto",
            "auto|redis|memory",
            "where records live; auto: Redis if there is a URL, else memory of this process"),
    REDIS_URL(
            "redis-url",
            ValueKind.REDIS_URL,
            "",
            "a URL of redis://, rediss:// (TLS), redis-sentinel://, rediss-sentinel://, redis-cluster:// or rediss-cluster://, or the same"
                    + " with valkey",
            "redis://[user:password@]host[:port][/database] and its kin; the environment variable REDIS_URL is read where "
                    + "this is not set"),
    KEY_PREFIX(
            "key-prefix",
            ValueKind.NAME,
            "idem",
            "1 to 64 of the ASCII letters and digits, '.', '_' and '-'",
            "how the names of all records and channels in Redis begin, before ':'; all workers that share keys need the same"),
    REDIS_PASSWORD_FILE(
            "redis-password-file",
            ValueKind.TEXT,
            "",
            "a file",
            "the file whose first line is the Redis password; it wins over one in the URL"),
    REDIS_CA_FILE(
            "redis-ca-file",
            ValueKind.TEXT,
            "",
            "a PEM file",
            "the certificates of the authorities to trust for TLS; none: those of the JVM"),
    REDIS_CERT_FILE(
            "redis-cert-file",
            ValueKind.TEXT,
            "",
            "a PEM file",
            "the client's certificate chain for TLS; needs redis-key-file"),
    REDIS_KEY_FILE(
            "redis-key-file",
            ValueKind.TEXT,
            "",
            "a PEM file",
            "the client's private key for TLS (PKCS#8, not encrypted); needs redis-cert-file"),
    REDIS_VERIFY_PEER(
            "redis-verify-peer",
            ValueKind.CHOICE,
            "full",
            "full|ca|none",
            "what is checked of the server's certificate: authority and host name, the authority alone, or nothing"),
    REDIS_PROTOCOL(
            "redis-protocol",
            ValueKind.CHOICE,
            "auto",
            "auto|resp2|resp3",
            "the protocol to speak; auto: RESP3 where the server knows it"),
    CONNECT_TIMEOUT(
            "connect-timeout", ValueKind.DURATION, "2s", "a duration", "how long a connection to Redis may take"),
    COMMAND_TIMEOUT(
            "command-timeout",
            ValueKind.DURATION,
            "2s",
            "a duration",
            "how long a call waits for one answer of Redis before it counts as a store failure"),
    WAIT_REPLICAS(
            "wait-replicas",
            ValueKind.COUNT_OR_ZERO,
            "0",
            "a number of replicas",
            "how many replicas must acknowledge a claim before its body runs; fewer: a store failure"),
    WAIT_REPLICAS_TIMEOUT(
            "wait-replicas-timeout",
            ValueKind.DURATION,
            "500ms",
            "a duration",
            "how long a claim waits for those replicas"),
    WAIT_DISK(
            "wait-disk",
            ValueKind.CHOICE,
            "false",
            "false|true",
            "whether a claim must be on the disk of Redis before its body runs, and on those of wait-replicas replicas; else it is a store "
                    + "failure. With completion=sync a completion must be, too. Needs Redis 7.2 or Valkey, with appendonly yes"),
    WAIT_DISK_TIMEOUT(
            "wait-disk-timeout",
            ValueKind.DURATION,
            "3s",
            "a duration",
            "how long a claim or completion waits for the disks; with appendfsync everysec it takes up to two seconds"),
    FLEET_POLL(
            "fleet-poll",
            ValueKind.DURATION_OR_OFF,
            "2s",
            "a duration, or off",
            "how often a process looks in Redis for what the commands mode and watch ask of the whole fleet; off: they do not reach it"),
    TENANT("tenant", ValueKind.TEXT, "default", "any text", "the tenant of methods without @TenantId"),
    ON_MISSING_TENANT(
            "on-missing-tenant",
            ValueKind.CHOICE,
            "default",
            "default|throw",
            "what a call gets whose @TenantId is null or empty; default: the tenant of the setting tenant; throw: it is refused",
            Scope.PER_SCOPE),
    RECORD_SCOPE(
            "record-scope",
            ValueKind.SCOPE,
            "",
            "a scope, for one scope alone",
            "the scope in the names of this scope's records: what a renamed class or method was called before, so that it keeps its keys",
            Scope.ONE_SCOPE_ALONE),
    TTL(
            "ttl",
            ValueKind.SECONDS,
            "24h",
            "a duration of at least 1s",
            "how long a completed record answers duplicates",
            Scope.PER_SCOPE),
    FAILED_TTL(
            "failed-ttl",
            ValueKind.SECONDS,
            "300s",
            "a duration of at least 1s",
            "how long a failed record is kept; it is claimable at once",
            Scope.PER_SCOPE),
    LEASE(
            "lease",
            ValueKind.LEASE,
            "30s",
            "a duration of at least 100ms",
            "how long a claim is held without a renewal; a killed worker's key is free after it",
            Scope.PER_SCOPE),
    MAX_HOLD(
            "max-hold",
            ValueKind.DURATION_OR_OFF,
            "off",
            "a duration, or off",
            "how long a running call keeps its key: after it the lease is no longer renewed, and another call can claim the key while the "
                    + "body still runs",
            Scope.PER_SCOPE),
    WARM_UP(
            "warm-up",
            ValueKind.CHOICE,
            "false",
            "false|true",
            "true: the start of the JVM does what the first guarded call has to wait for otherwise: it loads the engine and connects to Redis,"
                    + " for which it waits no longer than connect-timeout"),
    STOP_WAIT(
            "stop-wait",
            ValueKind.DURATION_OR_OFF,
            "10s",
            "a duration, or off",
            "how long the stop of the JVM waits for calls that still run, so that they are completed and counted; without such calls it "
                    + "takes no time"),
    CANONICAL_FORM(
            "canonical-form",
            ValueKind.CHOICE,
            "python",
            "python|python-str|python-unicode|jcs",
            "how the payload is written before it is hashed: as Python's json.dumps does (python; python-str: with default=str, for dates, "
                    + "decimals, bytes and enums; python-unicode: with ensure_ascii=False), or as RFC 8785 says (jcs)"),
    MAX_DEPTH("max-depth", ValueKind.COUNT, "500", "a number of levels", "how deeply a payload may be nested"),
    MAX_PAYLOAD_BYTES(
            "max-payload-bytes",
            ValueKind.COUNT,
            "8388608",
            "a number of bytes",
            "how large a payload's canonical JSON may be"),
    UNSEEN_FIELDS(
            "unseen-fields",
            ValueKind.CHOICE,
            "refuse",
            "refuse|hash|ignore",
            "what becomes of an object that has fields which none of its properties shows: it can't be hashed, the fields are hashed too, "
                    + "or only the properties count",
            Scope.PER_SCOPE_AND_TYPE),
    NULL_MEMBERS(
            "null-members",
            ValueKind.CHOICE,
            "keep",
            "keep|drop",
            "whether members that are null are hashed; drop: a payload class that gets a member which may be null keeps the hashes of "
                    + "payloads without it",
            Scope.PER_SCOPE),
    INCLUDE(
            "include",
            ValueKind.POINTERS,
            "",
            "JSON Pointers, several separated by ';'",
            "the places of the payload that alone are hashed, beside those of the annotation; none: all",
            Scope.PER_SCOPE),
    EXCLUDE(
            "exclude",
            ValueKind.EXCLUDED_POINTERS,
            "",
            "JSON Pointers, several separated by ';'",
            "places of the payload that are not hashed, beside those of the annotation",
            Scope.PER_SCOPE),
    HASH_SECRET(
            "hash-secret",
            ValueKind.SECRET_TEXT,
            "",
            "one secret, or several of id=secret, =secret and plain, separated by ';'",
            "hash by HMAC-SHA-256 with the first of these secrets, so that hashes tell nothing to those who lack it; records of the others "
                    + "are compared too. Workers that lack the secret can't share keys then"),
    HASH_SECRET_FILE(
            "hash-secret-file",
            ValueKind.TEXT,
            "",
            "a file",
            "the file whose first line is that one secret, or each line one of several"),
    MAPPING(
            "mapping",
            ValueKind.MAPPINGS,
            "",
            "class=class.method, several separated by ';', of classes that are not the JDK's",
            "static methods of your own that give the Map or JSON text to hash for a class and its subclasses; besides, the files "
                    + "META-INF/services/idempotent.mapping are read"),
    CONFLICT_DETAIL(
            "conflict-detail",
            ValueKind.CHOICE,
            "true",
            "true|false",
            "keep short digests of the payload's first members, so that a conflict names those that differ: in the record where there is a "
                    + "hash-secret, else only in the memory of this process",
            Scope.PER_SCOPE),
    ON_DUPLICATE(
            "on-duplicate",
            ValueKind.CHOICE,
            "return-stored",
            "return-stored|throw",
            "what a duplicate gets",
            Scope.PER_SCOPE),
    ON_IN_PROGRESS(
            "on-in-progress",
            ValueKind.CHOICE,
            "wait",
            "wait|throw|skip",
            "what a call gets whose key is held by a running call",
            Scope.PER_SCOPE),
    IN_PROGRESS_WAIT(
            "in-progress-wait",
            ValueKind.WAIT,
            "10s",
            "a duration of at least 10ms",
            "how long such a call waits before it gives up; for no wait, on-in-progress=throw",
            Scope.PER_SCOPE),
    ON_CONFLICT(
            "on-conflict",
            ValueKind.CHOICE,
            "throw",
            "throw|skip|proceed",
            "what a call gets whose key was used with another payload",
            Scope.PER_SCOPE),
    ON_STORE_FAILURE(
            "on-store-failure",
            ValueKind.CHOICE,
            "proceed",
            "proceed|throw",
            "what a call gets that the store can't answer for",
            Scope.PER_SCOPE),
    ON_MISSING_KEY(
            "on-missing-key",
            ValueKind.CHOICE,
            "proceed",
            "proceed|throw",
            "what a call gets whose key is null or empty, or has a part whose pointer matches nothing",
            Scope.PER_SCOPE),
    ON_UNHASHABLE(
            "on-unhashable",
            ValueKind.CHOICE,
            "",
            "proceed|throw",
            "what a call gets whose payload can't be hashed; proceed: its body runs unguarded; not set: as on-store-failure says",
            Scope.PER_SCOPE),
    ON_UNOBSERVABLE(
            "on-unobservable",
            ValueKind.CHOICE,
            "proceed",
            "proceed|throw",
            "what a call gets whose method returns what has not ended, and whose end the agent can't see; proceed: its body runs unguarded",
            Scope.PER_SCOPE),
    FAILED_VALUES(
            "failed-values",
            ValueKind.CHOICE,
            "exceptions",
            "none|exceptions|all",
            "which returned values count as failed, so that the key is free again; exceptions: a Try or Result that carries one; all: also "
                    + "an Either's Left, an invalid Validation",
            Scope.PER_SCOPE),
    STORE_ERROR(
            "store-error",
            ValueKind.CHOICE,
            "full",
            "full|type|none",
            "what a record keeps of the exception that ended its call: class and message, the class, or nothing",
            Scope.PER_SCOPE),
    MAX_RESULT_BYTES(
            "max-result-bytes",
            ValueKind.COUNT,
            "65536",
            "a number of bytes",
            "a larger result is neither stored nor fetched; its duplicates get DuplicateTraceException",
            Scope.PER_SCOPE),
    RESULT_KEY_FILE(
            "result-key-file",
            ValueKind.TEXT,
            "",
            "a file of lines id=key, each key 32 bytes in Base64",
            "encrypts stored results in Redis by AES-256-GCM: the first key encrypts, all decrypt; what can't be decrypted is as if none "
                    + "were stored"),
    PLAIN_RESULTS(
            "plain-results",
            ValueKind.CHOICE,
            "accept",
            "accept|refuse",
            "where result-key-file is set, whether a stored result that is not encrypted is returned; refuse: it is as if none were stored"),
    COMPLETION(
            "completion",
            ValueKind.CHOICE,
            "async",
            "async|sync",
            "async: a call returns at once, its completion follows within a millisecond; sync: when Redis has acknowledged it",
            Scope.PER_SCOPE),
    TRANSACTIONAL(
            "transactional",
            ValueKind.CHOICE,
            "join",
            "join|ignore",
            "join: a call that returns inside a transaction of Spring, Jakarta Transactions or JDBC is completed when that commits, and "
                    + "failed when it rolls back; ignore: when the method returns",
            Scope.PER_SCOPE),
    ASYNC_ERRORS(
            "async-errors",
            ValueKind.CHOICE,
            "stage",
            "stage|throw",
            "how a method that returns a future or a publisher is refused: by one that has failed, or by a thrown exception",
            Scope.PER_SCOPE),
    DUPLICATE_CACHE_BYTES(
            "duplicate-cache-bytes",
            ValueKind.COUNT_OR_ZERO,
            "4194304",
            "a number of bytes",
            "memory for completed records that were met as duplicates twice, so that the next one asks nobody; Redis (RESP3, "
                    + "not a Cluster) tells of their changes; 0: none"),
    OUTAGE_MEMORY_BYTES(
            "outage-memory-bytes",
            ValueKind.COUNT_OR_ZERO,
            "16777216",
            "a number of bytes",
            "memory for what this process has completed, the oldest goes first; while Redis is away it answers redeliveries that come to "
                    + "the same process; at most a sixteenth of the heap; 0: none"),
    PENDING_BYTES(
            "pending-bytes",
            ValueKind.COUNT,
            "67108864",
            "a number of bytes",
            "memory for completions and failures that could not be written yet; what does not fit is lost, counted and said; at most a "
                    + "quarter of the heap"),
    MEMORY_MAX_RECORDS(
            "memory-max-records",
            ValueKind.COUNT,
            "100000",
            "a number of records",
            "how many records the in-memory store holds at most; the oldest completed ones go first"),
    MEMORY_MAX_BYTES(
            "memory-max-bytes",
            ValueKind.STORE_BYTES,
            "134217728",
            "a number of bytes, at least 1048576",
            "memory for the records of the in-memory store, results included; the oldest completed ones go first, counted and said; a result "
                    + "that takes more than a quarter of it is not stored; at most a quarter of the heap"),
    LOG(
            "log",
            ValueKind.TEXT,
            "stderr",
            "stderr, slf4j, or a file",
            "where the agent's lines go; slf4j: to the application's, found when a guarded method is first called, until then to stderr; a"
                    + " file is appended to, and never rotated"),
    LOG_FORMAT(
            "log-format",
            ValueKind.CHOICE,
            "text",
            "text|json",
            "how a line is written to stderr or a file; json: one object with time, level, logger, process and message"),
    LOG_LEVEL(
            "log-level",
            ValueKind.CHOICE,
            "info",
            "debug|info|warn",
            "which lines are written; debug: also what became of each call, and why; warn: not the start, the counts at the exit and what"
                    + " else went well"),
    METRICS_PORT(
            "metrics-port",
            ValueKind.LISTEN_ADDRESS,
            "",
            "a port, or host:port; 0 is any free port",
            "serves the metrics for Prometheus at http://host:port/metrics, to this machine alone (127.0.0.1) unless a host is given; not"
                    + " set: no port is opened"),
    MICROMETER(
            "micrometer",
            ValueKind.CHOICE,
            "auto",
            "auto|off",
            "auto: once the application has loaded Micrometer's class Metrics, its global registry gets the metrics, to which Spring Boot and"
                    + " others add the application's own"),
    OPENTELEMETRY(
            "opentelemetry",
            ValueKind.CHOICE,
            "auto",
            "auto|off",
            "auto: once the application or OpenTelemetry's agent uses OpenTelemetry, its global instance gets the metrics, and the current span"
                    + " what became of a call"),
    LOG_PERIOD(
            "log-period",
            ValueKind.DURATION,
            "10s",
            "a duration",
            "a repeated failure is logged once in this time, with its count; the first one of each kind of each method is always logged"),
    CONFIG_FILE(
            "config-file",
            ValueKind.TEXT,
            "",
            "a file",
            "a Java properties file with these names; it counts less than every other source"),
    ON_CONFIG_ERROR(
            "on-config-error",
            ValueKind.CHOICE,
            "continue",
            "continue|exit",
            "what follows from a wrong name, value or file; continue: the application runs without the agent, or as said above; exit: the JVM"
                    + " ends with status 1");

    /** What a value may be set for: all; by {@code scope.<scope>.<name>} one scope; by {@code type.<class or package>.<name>} some types. */
    private enum Scope {
        GLOBAL,
        PER_SCOPE,
        ONE_SCOPE_ALONE,
        PER_SCOPE_AND_TYPE
    }

    private final String key;
    private final ValueKind kind;
    private final String defaultValue;
    private final String allowed;
    private final String meaning;
    private final Scope scope;

    Setting(String key, ValueKind kind, String defaultValue, String allowed, String meaning) {
        this(key, kind, defaultValue, allowed, meaning, Scope.GLOBAL);
    }

    Setting(String key, ValueKind kind, String defaultValue, String allowed, String meaning, Scope scope) {
        this.key = key;
        this.kind = kind;
        this.defaultValue = defaultValue;
        this.allowed = allowed;
        this.meaning = meaning;
        this.scope = scope;
    }

    /** The name a user writes, such as {@code redis-url}. */
    public String key() {
        return key;
    }

    public ValueKind kind() {
        return kind;
    }

    /** The value where none is given; empty where there is none. */
    public String defaultValue() {
        return defaultValue;
    }

    /** The allowed values, for people; for a choice, the words separated by {@code '|'}. */
    public String allowed() {
        return allowed;
    }

    public String meaning() {
        return meaning;
    }

    /** Whether {@code scope.<scope>.<name>} may set it for one scope alone. */
    public boolean perScope() {
        return scope != Scope.GLOBAL;
    }

    /** Whether nothing but {@code scope.<scope>.<name>} may set it. */
    public boolean onlyPerScope() {
        return scope == Scope.ONE_SCOPE_ALONE;
    }

    /** Whether {@code type.<class or package>.<name>} may set it for the objects of some classes alone. */
    public boolean perType() {
        return scope == Scope.PER_SCOPE_AND_TYPE;
    }

    /** Whether its value may carry a password and must not be printed. */
    public boolean secret() {
        return kind == ValueKind.REDIS_URL || kind == ValueKind.SECRET_TEXT;
    }

    /** The system property of this setting: {@code idempotent.trace.redis-url}. */
    public String property() {
        return "idempotent.trace." + key;
    }

    /** The environment variable of this setting: {@code IDEMPOTENT_TRACE_REDIS_URL}. */
    public String environmentVariable() {
        return "IDEMPOTENT_TRACE_" + name();
    }

    /** The setting of that name, or null. */
    public static @Nullable Setting byKey(String key) {
        for (Setting setting : values()) {
            if (setting.key.equals(key)) {
                return setting;
            }
        }
        return null;
    }
}
