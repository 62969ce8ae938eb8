package io.idempotenttrace.weaver;

import io.idempotenttrace.bridge.DriverCalls;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a method of {@code java.sql.Statement} or {@code Connection} tells the engine, or one of JPA's {@code EntityManager} or {@code
 * EntityTransaction}.
 */
enum DriverMethod {
    EXECUTE(-1),
    /** What an entity manager sends may follow at the commit. */
    CHANGE(-1),
    COMMIT(DriverCalls.COMMIT),
    /** {@code setAutoCommit(boolean)}. */
    SWITCH(DriverCalls.AUTO_COMMIT),
    ROLLBACK(DriverCalls.ROLLBACK),
    CLOSE(DriverCalls.CLOSE),
    SAVEPOINT(-1),
    ROLLBACK_TO_SAVEPOINT(-1);

    static final String COMMIT_METHOD = "commit()V";
    static final String SWITCH_METHOD = "setAutoCommit(Z)V";
    static final String ROLLBACK_METHOD = "rollback()V";
    static final String PERSIST_METHOD = "persist(Ljava/lang/Object;)V";
    static final String MERGE_METHOD = "merge(Ljava/lang/Object;)Ljava/lang/Object;";

    private static final Map<String, DriverMethod> OF_METHOD = ofMethods();

    /** What the bridge is told when the method ends; below 0 where its end is of no interest. */
    final int how;

    DriverMethod(int how) {
        this.how = how;
    }

    /** Null if the method is of no interest. */
    static @Nullable DriverMethod of(String nameAndDescriptor) {
        return OF_METHOD.get(nameAndDescriptor);
    }

    private static Map<String, DriverMethod> ofMethods() {
        Map<String, DriverMethod> methods = new HashMap<>();
        for (String parameters : List.of(
                "()",
                "(Ljava/lang/String;)",
                "(Ljava/lang/String;I)",
                "(Ljava/lang/String;[I)",
                "(Ljava/lang/String;[Ljava/lang/String;)")) {
            methods.put("execute" + parameters + "Z", EXECUTE);
            methods.put("executeUpdate" + parameters + "I", EXECUTE);
            methods.put("executeLargeUpdate" + parameters + "J", EXECUTE);
        }
        for (String method : List.of(
                "executeQuery()Ljava/sql/ResultSet;",
                "executeQuery(Ljava/lang/String;)Ljava/sql/ResultSet;",
                "executeBatch()[I",
                "executeLargeBatch()[J",
                // A batch may be sent when the body has returned.
                "addBatch()V",
                "addBatch(Ljava/lang/String;)V")) {
            methods.put(method, EXECUTE);
        }
        for (String method : List.of(
                PERSIST_METHOD,
                MERGE_METHOD,
                "remove(Ljava/lang/Object;)V",
                "find(Ljava/lang/Class;Ljava/lang/Object;)Ljava/lang/Object;",
                // Of Hibernate alone, up to version 6.
                "save(Ljava/lang/Object;)Ljava/lang/Object;",
                "save(Ljava/lang/Object;)Ljava/io/Serializable;",
                "update(Ljava/lang/Object;)V",
                "saveOrUpdate(Ljava/lang/Object;)V",
                "delete(Ljava/lang/Object;)V")) {
            methods.put(method, CHANGE);
        }
        methods.put(COMMIT_METHOD, COMMIT);
        methods.put(SWITCH_METHOD, SWITCH);
        methods.put(ROLLBACK_METHOD, ROLLBACK);
        methods.put("close()V", CLOSE);
        methods.put("abort(Ljava/util/concurrent/Executor;)V", CLOSE);
        methods.put("rollback(Ljava/sql/Savepoint;)V", ROLLBACK_TO_SAVEPOINT);
        methods.put("setSavepoint()Ljava/sql/Savepoint;", SAVEPOINT);
        methods.put("setSavepoint(Ljava/lang/String;)Ljava/sql/Savepoint;", SAVEPOINT);
        return methods;
    }
}
