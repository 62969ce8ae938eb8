/** What the tests of several modules share: a real Redis, the JDKs of this machine, forked JVMs, data beside the repository. */
package io.idempotenttrace.testkit;
