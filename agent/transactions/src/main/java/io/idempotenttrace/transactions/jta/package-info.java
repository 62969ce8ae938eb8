/** Applications with managers of Jakarta Transactions, and of Java's, as it was called before. */
package io.idempotenttrace.transactions.jta;
