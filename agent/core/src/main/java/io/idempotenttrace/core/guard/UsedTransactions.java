package io.idempotenttrace.core.guard;

import java.util.ArrayList;
import java.util.List;

/** The transactions that one body has worked in. A body may begin and end many: those that have ended are forgotten. */
final class UsedTransactions {

    private static final int PRUNED_ABOVE = 8;

    private final List<UsedTransaction> used = new ArrayList<>(2);
    private int prunedAbove = PRUNED_ABOVE;

    /** @return whether it was not known before */
    synchronized boolean add(UsedTransaction transaction) {
        for (int i = used.size() - 1; i >= 0; i--) {
            if (used.get(i) == transaction) {
                return false;
            }
        }
        if (used.size() >= prunedAbove) {
            used.removeIf(UsedTransaction::hasEnded);
            prunedAbove = Math.max(PRUNED_ABOVE, 2 * used.size());
        }
        used.add(transaction);
        return true;
    }

    synchronized List<UsedTransaction> open() {
        List<UsedTransaction> open = new ArrayList<>(used.size());
        for (UsedTransaction transaction : used) {
            if (!transaction.hasEnded()) {
                open.add(transaction);
            }
        }
        return open;
    }
}
