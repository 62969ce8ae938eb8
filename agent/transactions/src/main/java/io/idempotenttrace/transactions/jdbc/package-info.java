/** An application that begins and ends its transactions by hand, by a driver and by a pool of connections. */
package io.idempotenttrace.transactions.jdbc;
