/** Workers in Java, Python and Node on the same keys, by the packed agent and the clients of the folder examples. */
package io.idempotenttrace.dist.clients;
