/** An application that Spring Boot's developer tools restart inside its JVM. */
package io.idempotenttrace.applications.devtools;
