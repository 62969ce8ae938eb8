/** What the tests of several modules share: real Redis servers, Clusters and Sentinels, networks that fail, forked JVMs of every JDK. */
package io.idempotenttrace.testkit;
