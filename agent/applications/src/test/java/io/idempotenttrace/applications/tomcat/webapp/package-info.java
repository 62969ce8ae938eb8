/** A web application as it is deployed: its classes and the annotations' jar under WEB-INF, nothing of it on the class path. */
package io.idempotenttrace.applications.tomcat.webapp;
