/** A Spring Boot application as users write one: what it emits by a web endpoint and by a scheduled job, each replica of it emits once. */
package io.idempotenttrace.examples.springboot;
