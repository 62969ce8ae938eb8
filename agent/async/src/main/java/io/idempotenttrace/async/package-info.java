/** Applications with asynchronous emitters, started by the tests with the packed agent. */
package io.idempotenttrace.async;
