/** A program whose classes JBoss Modules loads. */
package io.idempotenttrace.applications.modules;
