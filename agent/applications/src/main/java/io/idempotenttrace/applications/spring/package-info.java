/** A Spring Boot worker: annotated methods behind Spring's proxies, and where Spring's proxies do not reach. */
package io.idempotenttrace.applications.spring;
