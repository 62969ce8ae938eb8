package io.idempotenttrace.weaver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.bridge.DriverCalls;
import io.idempotenttrace.bridge.DriverWatch;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityTransaction;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.dynamic.loading.ClassLoadingStrategy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What classes of drivers tell the bridge when they are woven, and which classes are. */
class DriverWeaverTest {

    private static final String CONNECTION = "package app; import java.sql.*; import java.util.concurrent.Executor;"
            + " public abstract class Driver implements Connection {"
            + " public boolean fails; public Savepoint made;"
            + " public void commit() throws SQLException { for (long i = 0; i < 3; i++) { if (i == 2) return; int j = (int) i; if (j > 5)"
            + " throw new SQLException(\"never\"); } }"
            + " public void rollback() throws SQLException { double d = Math.random(); try { if (fails) throw new SQLException(\"\" + d); }"
            + " finally { fails = false; } }"
            + " public void setAutoCommit(boolean on) throws SQLException { on = !on; if (fails) throw new SQLException(); }"
            + " public void close() { if (fails) return; synchronized (this) { fails = false; } }"
            + " public void abort(Executor executor) { throw new UnsupportedOperationException(); }"
            + " public Savepoint setSavepoint() { return made != null ? made : null; }"
            + " public Savepoint setSavepoint(String name) { if (name == null) return null; String twice = name + name;"
            + " return twice.isEmpty() ? null : made; }"
            + " public void rollback(Savepoint to) { } }";

    private static final String STATEMENT =
            "package app; import java.sql.*; public abstract class Sent implements Statement {"
                    + " public boolean execute(String sql) { while (sql.length() > 3) sql = sql.substring(1); return sql.isEmpty(); }"
                    + " public int executeUpdate(String sql, int[] keys) { return keys.length; }"
                    + " public ResultSet executeQuery(String sql) throws SQLException { throw new SQLException(sql); }"
                    + " public int[] executeBatch() { return null; } public void addBatch(String sql) { } public void close() { }"
                    + " public boolean execute(Runnable work) { return true; } }";

    private static final List<Class<?>> KINDS =
            List.of(Statement.class, Connection.class, EntityManager.class, EntityTransaction.class);

    @TempDir
    private Path folder;

    private final List<String> told = new ArrayList<>();

    private final class Recorder extends DriverWatch {

        private void tell(String what, Object about) {
            told.add(what + (KINDS.stream().anyMatch(kind -> kind.isInstance(about)) ? "" : " of something else"));
        }

        @Override
        protected void executing(Object statement) {
            tell("executing", statement);
        }

        @Override
        protected void ending(Object connection, int how) {
            tell("ending " + how, connection);
        }

        @Override
        protected void ended(Object connection, int how, boolean threw) {
            tell((threw ? "threw " : "returned ") + how, connection);
        }

        @Override
        protected void beginning(Object connection) {
            tell("beginning", connection);
        }

        @Override
        protected void savepoint(Object connection, Object savepoint) {
            tell("savepoint " + savepoint, connection);
        }

        @Override
        protected void rollingBack(Object connection, Object savepoint) {
            tell("rolling back to " + savepoint, connection);
            throw new IllegalStateException("a fault of the agent");
        }

        @Override
        protected void failed(Throwable fault) {
            told.add("failed: " + fault.getMessage());
        }
    }

    @BeforeEach
    void connect() {
        DriverCalls.connect(new Recorder());
    }

    @AfterEach
    void disconnect() {
        // Only the agent connects, and nobody disconnects: what comes now reaches a recorder that nobody reads.
        DriverCalls.connect(new Recorder());
    }

    /** An object of the woven class; what the class does not implement is missing in it. */
    private Object woven(String internalName, String source) throws Exception {
        byte[] classFile = JavaSources.compile(folder, internalName, source).classFile(internalName);
        DriverWeaver.Woven woven = present(DriverWeaver.weave(classFile));
        String name = internalName.replace('/', '.');
        ClassLoader loader = new ClassLoader(getClass().getClassLoader()) {
            @Override
            protected Class<?> findClass(String wanted) throws ClassNotFoundException {
                if (!wanted.equals(name)) {
                    throw new ClassNotFoundException(wanted);
                }
                return defineClass(wanted, woven.classFile(), 0, woven.classFile().length);
            }
        };
        return new ByteBuddy()
                .subclass(loader.loadClass(name))
                .make()
                .load(loader, ClassLoadingStrategy.Default.WRAPPER)
                .getLoaded()
                .getConstructor()
                .newInstance();
    }

    private static DriverWeaver.Woven present(DriverWeaver.Woven woven) {
        assertNotNull(woven);
        return woven;
    }

    private static void set(Object driver, String field, Object value) throws Exception {
        driver.getClass().getField(field).set(driver, value);
    }

    @Test
    void aConnectionTellsHowItEndsTransactions() throws Exception {
        Connection driver = (Connection) woven("app/Driver", CONNECTION);
        driver.commit();
        driver.rollback();
        set(driver, "fails", true);
        assertThrows(SQLException.class, driver::rollback);
        driver.close();
        set(driver, "fails", true);
        driver.close();
        assertThrows(UnsupportedOperationException.class, () -> driver.abort(Runnable::run));
        assertEquals(
                List.of(
                        "ending 0",
                        "returned 0",
                        "ending 2",
                        "returned 2",
                        "ending 2",
                        "threw 2",
                        "ending 3",
                        "returned 3",
                        "ending 3",
                        "returned 3",
                        "ending 3",
                        "threw 3"),
                told);
    }

    /** The method changes its own parameter; what it was called with counts. */
    @Test
    void aConnectionTellsInWhichModeItIsSet() throws Exception {
        Connection driver = (Connection) woven("app/Driver", CONNECTION);
        driver.setAutoCommit(false);
        driver.setAutoCommit(true);
        set(driver, "fails", true);
        assertThrows(SQLException.class, () -> driver.setAutoCommit(true));
        assertEquals(List.of("beginning", "returned 1", "ending 1", "returned 1", "ending 1", "threw 1"), told);
    }

    @Test
    void aConnectionTellsOfItsSavepointsAndNoFaultReachesIt() throws Exception {
        Connection driver = (Connection) woven("app/Driver", CONNECTION);
        driver.setSavepoint();
        Savepoint savepoint = new Savepoint() {
            @Override
            public int getSavepointId() {
                return 1;
            }

            @Override
            public String getSavepointName() {
                return "one";
            }

            @Override
            public String toString() {
                return "one";
            }
        };
        set(driver, "made", savepoint);
        driver.setSavepoint();
        driver.setSavepoint("named");
        driver.setSavepoint(null);
        driver.rollback(savepoint);
        assertEquals(
                List.of("savepoint one", "savepoint one", "rolling back to one", "failed: a fault of the agent"), told);
    }

    @Test
    void aStatementTellsThatItIsExecuted() throws Exception {
        Statement statement = (Statement) woven("app/Sent", STATEMENT);
        assertFalse(statement.execute("select"));
        assertEquals(2, statement.executeUpdate("insert", new int[2]));
        assertThrows(SQLException.class, () -> statement.executeQuery("select"));
        assertNull(statement.executeBatch());
        statement.addBatch("insert");
        statement.close();
        assertEquals(List.of("executing", "executing", "executing", "executing", "executing"), told);
    }

    @Test
    void anEntityManagerTellsWhatItIsAskedToChangeAndItsTransactionHowItEnds() throws Exception {
        EntityManager entities = (EntityManager)
                woven(
                        "app/Entities",
                        "package app; public abstract class Entities implements jakarta.persistence.EntityManager {"
                                + " public void persist(Object entity) { } public <T> T merge(T entity) { return entity; } public void close() { } }");
        entities.persist("entity");
        assertEquals("entity", entities.merge("entity"));
        entities.close();
        EntityTransaction transaction = (EntityTransaction) woven(
                "app/Unit",
                "package app; public abstract class Unit implements jakarta.persistence.EntityTransaction {"
                        + " public void commit() { throw new IllegalStateException(); } public void rollback() { }"
                        + " public boolean isActive() { return true; } public void setRollbackOnly() { } }");
        assertThrows(IllegalStateException.class, transaction::commit);
        transaction.setRollbackOnly();
        transaction.rollback();
        assertEquals(List.of("executing", "executing", "ending 0", "threw 0", "ending 2", "returned 2"), told);
    }

    private DriverWeaver.Woven weave(String source) {
        return DriverWeaver.weave(
                JavaSources.compile(folder, "app/Other", source).classFile("app/Other"));
    }

    @Test
    void aClassThatOnlyUsesJdbcIsLeftAlone() {
        assertNull(weave("package app; public class Other { void commit() { } public void close() { }"
                + " public boolean execute(String task) { return true; } void setAutoCommit(boolean on) { } }"));
        assertNull(weave(
                "package app; public class Other { private boolean on; public boolean getAutoCommit() { return on; }"
                        + " public void setAutoCommit(boolean to) { on = to; } public void close() { } }"));
        assertNull(weave("package app; public interface Other extends java.sql.Connection { }"));
    }

    /** The interface of JDBC may stand above one of the driver's own, and methods in several classes. */
    @Test
    void aClassIsKnownByItsMethodsToo() {
        DriverWeaver.Woven connection = weave("package app; import java.sql.*; public abstract class Other {"
                + " public Statement createStatement() { return null; } public void commit() { } }");
        assertTrue(present(connection).endsTransactions());
        DriverWeaver.Woven statement = weave("package app; import java.sql.*; public abstract class Other {"
                + " public ResultSet executeQuery() { return null; } }");
        assertFalse(present(statement).endsTransactions());
    }
}
