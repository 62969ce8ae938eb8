package io.idempotenttrace.weaver.transaction;

import io.idempotenttrace.core.guard.GuardLog;
import io.idempotenttrace.core.guard.OpenTransaction;
import io.idempotenttrace.core.guard.RunningCall;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The transactions that the calls of one woven class may run in: those of the libraries that the class's own loader sees, else of those
 * that the thread's context loader sees. Safe for use by many threads.
 *
 * <p>The libraries are looked up once for a loader, when a woven class of it is first called, or when it is first the context loader of a
 * call. Where neither sees a library of transactions, a call costs two comparisons.
 */
public final class Transactions {

    /**
     * Classes that tell of a library, in the order in which the libraries are asked. Spring comes first: it ends the transactions of
     * Jakarta's managers, too, and knows more of them.
     */
    private static final List<String> NAMES = List.of(
            SpringTransactions.NAME, JtaManager.NARAYANA, JtaManager.ATOMIKOS, JtaRegistry.JAKARTA, JtaRegistry.JAVAX);

    private static final LoaderLibraries SEEN_BY = new LoaderLibraries();

    /** The transaction that a thread runs in. */
    public static final class Active {

        private final TransactionLibrary library;
        private final Object transaction;

        private Active(TransactionLibrary library, Object transaction) {
            this.library = library;
            this.transaction = transaction;
        }

        /**
         * Has {@code end} told how it ends. It may be told before this method returns, where the outcome is known already.
         *
         * @throws IllegalStateException if its end can't be observed; then {@code end} is not told
         */
        public OpenTransaction join(TransactionEnd end) {
            try {
                return library.join(transaction, end);
            } catch (Throwable failure) {
                throw new IllegalStateException("a transaction of " + library.name() + " can't be joined", failure);
            }
        }
    }

    private final ClassLoader own;
    private final List<TransactionLibrary> libraries = new ArrayList<>();
    private final GuardLog log;

    private Transactions(ClassLoader own, GuardLog log) {
        this.own = own;
        this.log = log;
        for (WeakReference<TransactionLibrary> seen : SEEN_BY.seenBy(own, this::find)) {
            TransactionLibrary library = seen.get();
            if (library != null) {
                libraries.add(library);
            }
        }
    }

    /** @param declaring the woven class, whose loader is held as long as what this returns is */
    public static Transactions seenBy(Class<?> declaring, GuardLog log) {
        return new Transactions(declaring.getClassLoader(), log);
    }

    /**
     * The transaction that this thread runs in, as far as one can be seen; else those of JDBC connections that the call's body has worked in
     * and left open; null if there is none.
     */
    public @Nullable Active active(RunningCall running) {
        Active active = active();
        if (active != null) {
            return active;
        }
        Object left = JdbcLibrary.leftBy(running.openTransactions());
        return left == null ? null : new Active(JdbcLibrary.INSTANCE, left);
    }

    private @Nullable Active active() {
        // By number: most applications have none, and an iterator would be made for each call.
        for (int i = 0; i < libraries.size(); i++) {
            Active active = active(libraries.get(i));
            if (active != null) {
                return active;
            }
        }
        ClassLoader context = Thread.currentThread().getContextClassLoader();
        return context == own || context == null ? null : activeByContext(context);
    }

    private @Nullable Active activeByContext(ClassLoader context) {
        for (WeakReference<TransactionLibrary> seen : SEEN_BY.seenBy(context, this::find)) {
            TransactionLibrary library = seen.get();
            Active active = library == null || libraries.contains(library) ? null : active(library);
            if (active != null) {
                return active;
            }
        }
        return null;
    }

    private @Nullable Active active(TransactionLibrary library) {
        Object transaction = library.activeOrNull(log);
        return transaction == null ? null : new Active(library, transaction);
    }

    private List<TransactionLibrary> find(ClassLoader loader) {
        List<TransactionLibrary> found = new ArrayList<>();
        for (String name : NAMES) {
            try {
                found.add(TransactionLibrary.OF_CLASS.get(Class.forName(name, false, loader)));
            } catch (ClassNotFoundException absent) {
                // Most applications have one of them, or none.
            } catch (Throwable unusable) {
                log.sayOnceAPeriod(
                        GuardLog.Occasion.TRANSACTION,
                        name,
                        "the transactions of " + name + " are not seen (" + unusable
                                + "); a call inside of one is completed before it commits");
            }
        }
        return found;
    }
}
