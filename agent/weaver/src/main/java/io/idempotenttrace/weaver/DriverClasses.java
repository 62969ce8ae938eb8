package io.idempotenttrace.weaver;

import io.idempotenttrace.agent.WovenNames;
import io.idempotenttrace.bridge.DriverCalls;
import io.idempotenttrace.core.guard.Guard;
import io.idempotenttrace.core.guard.GuardLog;
import io.idempotenttrace.weaver.transaction.JdbcWatch;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Weaves the JDBC classes of the application's drivers and pools, and its entity managers of JPA, so that the transactions are seen that it begins and ends by itself. It
 * begins when the first guarded method is linked whose calls join transactions: before its body runs, the classes that are loaded already
 * are woven, and from then on each that loads. A JVM without such a method has no class of JDBC woven. Safe for use by many threads.
 */
final class DriverClasses {

    private static final String MODULE = "java.sql";
    private static final Set<String> INTERFACES = Set.of(
            "java.sql.Connection",
            "java.sql.Statement",
            "jakarta.persistence.EntityManager",
            "jakarta.persistence.EntityTransaction",
            "javax.persistence.EntityManager",
            "javax.persistence.EntityTransaction");

    private final GuardLog log;
    /** Names of classes whose methods tell how they end transactions, as {@link Class#getName()} gives them. */
    private final Set<String> endTransactions = ConcurrentHashMap.newKeySet();

    private volatile boolean watched;
    /** Guarded by this. */
    private boolean connected;

    DriverClasses(GuardLog log) {
        this.log = log;
    }

    /** Called before a method is first called whose calls join transactions; another thread that comes meanwhile waits. Throws nothing. */
    void watch(Guard guard) {
        if (!watched) {
            begin(guard);
        }
    }

    private synchronized void begin(Guard guard) {
        if (watched) {
            return;
        }
        try {
            if (ModuleLayer.boot().findModule(MODULE).isPresent()) {
                if (!connected) {
                    DriverCalls.connect(new JdbcWatch(guard, log, endTransactions::contains));
                    DriverWeaver.NAMES.forEach(WovenNames::add);
                    connected = true;
                }
                weaveLoaded();
            }
            watched = true;
        } catch (Throwable fault) {
            // It may pass, as a lack of memory does: the next method that is linked tries again.
            log.sayOnce("the JDBC drivers that are loaded could not be looked through (" + fault
                    + "); a call that returns inside of a transaction of theirs is completed before it commits");
        }
    }

    private void weaveLoaded() {
        Class<?>[] loaded = WovenNames.loadedClasses();
        List<Class<?>> interfaces = new ArrayList<>();
        for (Class<?> type : loaded) {
            if (type.isInterface() && type.getClassLoader() != null && INTERFACES.contains(type.getName())) {
                interfaces.add(type);
            }
        }
        List<Class<?>> drivers = new ArrayList<>();
        for (Class<?> type : interfaces.isEmpty() ? new Class<?>[0] : loaded) {
            if (mayBeChanged(type) && isBelow(interfaces, type)) {
                drivers.add(type);
            }
        }
        weaveAgain(drivers);
    }

    private static boolean isBelow(List<Class<?>> interfaces, Class<?> type) {
        for (Class<?> each : interfaces) {
            if (each.isAssignableFrom(type)) {
                return true;
            }
        }
        return false;
    }

    private static boolean mayBeChanged(Class<?> type) {
        return isOfApplication(type.getClassLoader())
                && !type.isInterface()
                && !type.isArray()
                && !type.isHidden()
                && !Proxy.isProxyClass(type);
    }

    private static boolean isOfApplication(@Nullable ClassLoader loader) {
        return loader != null && loader != ClassLoader.getPlatformClassLoader();
    }

    /** One class that the JVM refuses makes it refuse all: halves find it. */
    private void weaveAgain(List<Class<?>> drivers) {
        if (drivers.isEmpty()) {
            return;
        }
        try {
            WovenNames.retransform(drivers.toArray(new Class<?>[0]));
        } catch (Throwable refused) {
            if (drivers.size() > 1) {
                int middle = drivers.size() / 2;
                weaveAgain(drivers.subList(0, middle));
                weaveAgain(drivers.subList(middle, drivers.size()));
            } else {
                endTransactions.remove(drivers.get(0).getName());
                sayUnwoven(drivers.get(0).getName(), refused.toString());
            }
        }
    }

    /**
     * Called for each class that names one of {@link DriverWeaver#NAMES}, or another name that somebody asked for. Takes no lock: the class is
     * about to be loaded.
     *
     * @param className its internal name; null where the JVM knows none
     * @return null to leave the class as it is. Throws nothing
     */
    byte @Nullable [] weave(@Nullable ClassLoader loader, @Nullable String className, byte[] classFile) {
        if (className == null || loader == null || !isOfApplication(loader)) {
            return null;
        }
        try {
            DriverWeaver.Woven woven = DriverWeaver.weave(classFile);
            if (woven == null) {
                return null;
            }
            String name = className.replace('/', '.');
            if (!BridgeView.isIn(loader)) {
                sayUnwoven(
                        name,
                        "its class loader " + loader + " does not delegate package " + BridgeView.PACKAGE
                                + " to its parents; " + BridgeView.advice(loader));
                return null;
            }
            if (woven.endsTransactions()) {
                endTransactions.add(name);
            }
            return woven.classFile();
        } catch (Throwable fault) {
            sayUnwoven(className.replace('/', '.'), fault.toString());
            return null;
        }
    }

    private void sayUnwoven(String name, String reason) {
        log.sayOnce(
                "JDBC class " + name + " could not be changed (" + reason
                        + "); where nothing else tells of its transactions, a call that returns inside of one is completed before it commits");
    }
}
