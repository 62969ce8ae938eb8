package io.idempotenttrace.weaver.transaction;

/** Is told how a transaction ended, once, on whatever thread ends it. Throws nothing: the transaction's own end must not suffer. */
public interface TransactionEnd {

    void committed();

    /**
     * The transaction was rolled back, or nobody can say that it was not.
     *
     * @param outcome for people, such as {@code its transaction was rolled back}
     */
    void rolledBack(String outcome);
}
