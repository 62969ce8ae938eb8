/** Programs that the tests of this module run in JVMs of their own, with the agent and without. */
package io.idempotenttrace.dist.app;
