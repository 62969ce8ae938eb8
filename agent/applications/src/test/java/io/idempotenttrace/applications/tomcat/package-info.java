/** An embedded Tomcat that deploys web applications, and deploys them again. */
package io.idempotenttrace.applications.tomcat;
