/** Applications whose guarded methods run inside transactions; forked by the tests. */
package io.idempotenttrace.transactions;
